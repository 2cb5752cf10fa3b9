// One scan: how far it is, how fast, what runs, what failed, what was refused.
import { announce, byID, el, empty, renew, setAttribute, setText, table, tabs } from "./dom.js";
import {
    count, duration, hasEnded, moment, percent, phaseNames, rate, roughly, scanned, shortID, stateText, stateTone,
    words,
} from "./format.js";
import { OutcomesTable } from "./outcomes.js";
import { reasonItem, reasonsOf } from "./plan.js";
import { ThroughputPlot } from "./throughput.js";

/** The parts of the bar and of the legend, in order. */
const standings = ["done", "done_partial", "failed", "cancelled", "in_flight", "parked", "pending"];
const standingNames = { done_partial: "in part", in_flight: "in flight" };

export class ScanView {
    #api;
    #histories;
    #look;
    #scans = [];
    #status = null;
    #scan = null;
    #tab = "running";
    #said = "";
    #plot;
    #running = table("Running targets", [
        { title: "Address" }, { title: "Names", className: "names" }, { title: "Phase" }, { title: "Worker" },
        { title: "For", className: "number" },
    ]);
    #nothingRuns = empty("No worker is busy", "Targets appear here while nmap is at them.");
    #reasons = el("ul", { class: "reasons" });
    #requeueFailed = this.#requeueButton("Requeue failed", "requeue-failed");
    #requeueRefused = this.#requeueButton("Requeue what was in queue", "requeue", { refused: true });
    #tables;

    /** `look` is called when something was changed, with the scan to be shown where there is a new one. */
    constructor(api, histories, look) {
        this.#api = api;
        this.#histories = histories;
        this.#look = look;
        this.#plot = new ThroughputPlot(byID("throughput"), histories);
        byID("no-scan").replaceChildren(empty("No scan yet", "Start one: a dry run shows what would be scanned."));
        byID("panel-running").replaceChildren(this.#running.frame, this.#nothingRuns);
        byID("panel-failed").replaceChildren(actions(this.#requeueFailed));
        byID("panel-refused").replaceChildren(this.#reasons, actions(this.#requeueRefused));
        byID("panel-targets").replaceChildren();
        this.#tables = {
            failed: this.#outcomes("failed", "Failed targets", ["failed", "done_partial"], ["Nothing failed"]),
            refused: this.#outcomes("refused", "Refused targets", ["refused"], ["Nothing was refused"]),
            targets: this.#outcomes("targets", "All targets", [], ["The plan is empty"]),
        };
        tabs(byID("target-views"), (name) => {
            this.#tab = name;
            this.#drawTargets();
        })(this.#tab);
        byID("pause-scan").onclick = () => this.#act("pause", "Paused");
        byID("resume-scan").onclick = () => this.#act("resume", "Resumed");
        byID("download").onclick = () => this.#download();
    }

    /** Shows another scan of those that are known. */
    show(id) {
        this.#draw(id);
        byID("scan-title").focus({ preventScroll: innerWidth > 900 });
    }

    update(scans, status, id) {
        this.#scans = scans;
        this.#status = status;
        this.#draw(id);
    }

    #outcomes(name, label, outcomes, nothing) {
        return new OutcomesTable(this.#api, byID(`panel-${name}`), label, outcomes, nothing);
    }

    #draw(id) {
        this.#scan = this.#scans.find((scan) => scan.id === id) ?? null;
        byID("scan").hidden = !this.#scan;
        byID("no-scan").hidden = this.#scans.length > 0;
        if (!this.#scan) return;
        this.#drawHead(this.#scan);
        this.#drawProgress(this.#scan);
        this.#drawPhases(this.#scan);
        this.#plot.update(this.#scan);
        this.#drawTargets();
        this.#say(this.#scan);
    }

    #drawHead(scan) {
        setText(byID("scan-id"), shortID(scan.id));
        setAttribute(byID("scan-id"), "title", scan.id);
        setText(byID("scan-state"), stateText(scan.state));
        setAttribute(byID("scan-state"), "data-tone", stateTone(scan.state));
        const until = scan.ended_at ? Date.parse(scan.ended_at) : Date.now();
        const taken = duration(until - Date.parse(scan.created_at));
        const times = `${moment(scan.created_at)} · ${scan.ended_at ? "took" : "for"} ${taken}`;
        setText(byID("scan-times"), `${times} · mode ${scan.mode}`);
        setText(byID("scan-detail"), scan.detail ?? "");
        byID("scan-detail").hidden = !scan.detail;
        byID("pause-scan").hidden = hasEnded(scan) || scan.state === "paused" || scan.state === "stopping";
        byID("resume-scan").hidden = scan.state !== "paused";
    }

    #drawProgress(scan) {
        const done = scanned(scan);
        setText(byID("scan-percent"), percent(done, scan.planned));
        document.title = hasEnded(scan) ? "Tasker" : `${percent(done, scan.planned)} · Tasker`;
        setText(byID("scan-headline"), this.#headline(scan, done));
        const bar = byID("scan-bar");
        setAttribute(bar, "aria-valuemax", scan.planned);
        setAttribute(bar, "aria-valuenow", done);
        setAttribute(bar, "aria-valuetext", `${count(done)} of ${count(scan.planned)} targets`);
        renew(bar, standings, (name) => name, (name) => el("span", { "data-outcome": name }), (part, name) => {
            part.style.width = `${scan.planned ? (100 * scan[name]) / scan.planned : 0}%`;
        });
        const make = (name) => el("div", { "data-outcome": name }, el("dt", {}, standingNames[name] ?? name), el("dd"));
        renew(byID("scan-counts"), standings, (name) => name, make, (item, name) => {
            setText(item.lastElementChild, count(scan[name]));
            setAttribute(item, "data-zero", scan[name] === 0);
        });
    }

    #headline(scan, done) {
        const targets = `${count(done)} of ${count(scan.planned)} targets`;
        if (hasEnded(scan)) return targets;
        const perSecond = this.#histories.rate([scan]);
        if (perSecond < 0.05) return targets;
        const left = roughly((1000 * (scan.planned - done)) / perSecond);
        return `${targets} · ${rate(perSecond)} / s · ${left} left`;
    }

    #drawPhases(scan) {
        const make = (name) => el(
            "div",
            { class: "phase" },
            el("span", { class: "row" }, el("b", {}, phaseNames[name]), el("span", { class: "mono" })),
            el("span", { class: "track", "aria-hidden": "true" }, el("span")),
            el("span", { class: "muted" }),
        );
        renew(byID("phases"), Object.keys(phaseNames), (name) => name, make, (item, name) => {
            const phase = scan.phases[name] ?? { targets: 0, finished: 0, running: 0 };
            const [head, track, words] = item.children;
            setAttribute(item, "data-absent", !(name in scan.phases));
            setText(head.lastElementChild, `${count(phase.finished)} / ${count(phase.targets)}`);
            track.firstElementChild.style.width = `${phase.targets ? (100 * phase.finished) / phase.targets : 0}%`;
            setText(words, name in scan.phases ? phaseWords(phase, scan) : "not asked for");
        });
    }

    #drawTargets() {
        const scan = this.#scan;
        if (!scan) return;
        const failed = scan.failed + scan.done_partial;
        const tallies = {
            running: this.#status.running, failed, refused: scan.refused_total, targets: scan.considered,
        };
        for (const [name, number] of Object.entries(tallies)) setText(byID(`tally-${name}`), count(number));
        this.#requeueFailed.hidden = failed === 0;
        this.#requeueRefused.hidden = !scan.refused.already_in_queue;
        this.#drawRunning();
        this.#reasons.replaceChildren(...reasonsOf(scan.refused).map(([reason, number]) => reasonItem(reason, number)));
        const versions = { ...tallies, targets: `${scan.considered} ${scan.state} ${scanned(scan)}` };
        this.#tables[this.#tab]?.show(scan, versions[this.#tab]);
    }

    #drawRunning() {
        const targets = this.#status.running_targets.slice(0, 200);
        this.#running.frame.hidden = targets.length === 0;
        this.#nothingRuns.hidden = targets.length > 0;
        const make = () => el(
            "tr",
            {},
            el("td", { class: "mono" }), el("td", { class: "names" }), el("td"), el("td", { class: "mono" }),
            el("td", { class: "number" }),
        );
        const key = (target) => `${target.ip} ${target.phase}`;
        renew(this.#running.body, targets, key, make, (row, target) => {
            const since = duration(Date.now() - 1000 * target.started_at);
            const cells = [target.ip, target.hostnames.join(", "), phaseNames[target.phase], target.worker, since];
            cells.forEach((text, index) => setText(row.children[index], text));
        });
    }

    /** Says what a scan comes to when it does, not with every count. */
    #say(scan) {
        const said = `Scan ${shortID(scan.id)}: ${stateText(scan.state)}`;
        if (said === this.#said) return;
        this.#said = said;
        announce(hasEnded(scan) ? `${said}, ${count(scan.done)} targets done, ${count(scan.failed)} failed` : said);
    }

    #requeueButton(title, path, body) {
        const button = el("button", { type: "button", on: { click: () => this.#requeue(button, path, body) } }, title);
        return button;
    }

    async #requeue(button, path, body) {
        button.disabled = true;
        await this.#attempt(async () => {
            const { scan_id: id } = await this.#api.post(`scans/${this.#scan.id}/${path}`, body);
            announce(`Requeued as scan ${shortID(id)}`);
            this.#look(id);
        });
        button.disabled = false;
    }

    #act(path, said) {
        return this.#attempt(async () => {
            await this.#api.post(`scans/${this.#scan.id}/${path}`);
            announce(said);
            this.#look();
        });
    }

    #download() {
        const { id } = this.#scan;
        return this.#attempt(async () => {
            const address = URL.createObjectURL(await this.#api.file(`scans/${id}/report`));
            el("a", { href: address, download: `tasker-${id}.jsonl` }).click();
            setTimeout(() => URL.revokeObjectURL(address), 60_000);
        });
    }

    async #attempt(action) {
        try {
            await action();
        } catch (error) {
            setText(byID("trouble"), error.message);
            byID("trouble").hidden = false;
        }
    }
}

const actions = (...buttons) => el("div", { class: "panel-actions" }, ...buttons);

function phaseWords(phase, scan) {
    if (phase.running) return `${count(phase.running)} running`;
    if (hasEnded(scan)) return phase.finished === phase.targets ? "done" : words(scan.state);
    return "none running";
}
