// The scans of the project, latest first, to choose from.
import { el, renew, setAttribute, setText, byID } from "./dom.js";
import { count, duration, hasEnded, moment, percent, scanned, shortID, stateText, stateTone } from "./format.js";

export class ScanList {
    #onSelect;
    #scans = [];
    /** The id of the scan that is looked at; the latest where none was chosen. */
    selected = null;

    constructor(onSelect) {
        this.#onSelect = onSelect;
    }

    update(scans) {
        this.#scans = scans;
        this.selected ??= scans.find((scan) => !hasEnded(scan))?.id ?? scans[0]?.id ?? null;
        this.#draw();
    }

    select(id) {
        this.selected = id;
        this.#draw();
        this.#onSelect(id);
    }

    #draw() {
        renew(byID("scan-list"), this.#scans, (scan) => scan.id, (scan) => this.#make(scan), (item, scan) => {
            const [button] = item.children;
            const [head, line, track] = button.children;
            setAttribute(button, "aria-current", scan.id === this.selected && "true");
            setAttribute(head.children[0], "data-tone", stateTone(scan.state));
            setText(head.children[0], stateText(scan.state));
            setText(line.children[0], summary(scan));
            setText(line.children[1], hasEnded(scan) ? "" : percent(scanned(scan), scan.planned));
            track.hidden = hasEnded(scan);
            track.firstElementChild.style.width = `${scan.planned ? (100 * scanned(scan)) / scan.planned : 0}%`;
        });
    }

    #make(scan) {
        return el("li", {}, el(
            "button",
            { type: "button", class: "scan-item", title: scan.id, on: { click: () => this.select(scan.id) } },
            el("span", { class: "row" }, el("span", { class: "state" }),
                el("time", { class: "muted", datetime: scan.created_at }, moment(scan.created_at))),
            el("span", { class: "row" }, el("span"), el("span", { class: "mono" })),
            el("span", { class: "track", "aria-hidden": "true" }, el("span")),
            el("code", { class: "unseen" }, `scan ${shortID(scan.id)}`),
        ));
    }
}

function summary(scan) {
    const targets = `${count(scan.planned)} ${scan.planned === 1 ? "target" : "targets"}`;
    if (!hasEnded(scan)) return targets;
    if (scan.failed) return `${targets} · ${count(scan.failed)} failed`;
    if (scan.state === "dry_run" || !scan.ended_at) return targets;
    return `${targets} · ${duration(Date.parse(scan.ended_at) - Date.parse(scan.created_at))}`;
}
