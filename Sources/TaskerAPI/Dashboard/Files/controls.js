// The project as a whole: its figures, and pause, resume and stop of all its scans.
import { announce, byID, el, setText } from "./dom.js";
import { count, hasEnded, rate } from "./format.js";

export class Controls {
    #api;
    #look;

    constructor(api, look) {
        this.#api = api;
        this.#look = look;
        byID("pause-all").onclick = () => this.#pace("pause");
        byID("resume-all").onclick = () => this.#pace("resume");
        byID("stop-all").onclick = () => byID("stop-dialog").showModal();
        byID("stop-dialog").onclose = (event) => {
            if (event.target.returnValue === "stop") this.#stop();
            event.target.returnValue = "";
        };
    }

    update(scans, status, perSecond) {
        const active = scans.filter((scan) => !hasEnded(scan));
        setText(byID("figure-left"), count(active.length ? status.active_or_queued : 0));
        setText(byID("figure-running"), count(status.running));
        setText(byID("figure-rate"), active.length ? rate(perSecond) : "–");
        setText(byID("figure-active"), count(active.length));
        byID("pause-all").disabled = !active.some((scan) => !["paused", "stopping"].includes(scan.state));
        byID("resume-all").disabled = !active.some((scan) => scan.state === "paused");
        byID("stop-all").disabled = active.length === 0;
        setText(byID("project-detail"), status.detail ?? "");
        byID("project-detail").hidden = !status.detail;
    }

    async #pace(action) {
        await this.#attempt(action, async () => {
            const { status, scans } = await this.#api.post(action);
            announce(status === "no_tasks" ? "Nothing is active" : `Scans ${status}: ${scans.length}`);
        });
    }

    async #stop() {
        const waiting = el("p", {}, "Stopping: taking back what waits, ending what runs …");
        this.#showReceipt("warn", waiting);
        await this.#attempt("stop", async () => {
            const receipt = await this.#api.post("stop-nmap");
            this.#showReceipt(receipt.unconfirmed ? "warn" : "good", ...this.#receipt(receipt));
            byID("receipt").focus();
        });
    }

    #receipt({ status, revoked, unconfirmed, finishing }) {
        const isIdle = status === "no_tasks";
        const figures = [["Given up", revoked], ["Unconfirmed", unconfirmed], ["Still imported", finishing]];
        const parts = [
            el("h2", {}, isIdle ? "Nothing was active" : "Stopped"),
            el("dl", { class: "figures small" }, ...figures.map(([title, number]) =>
                el("div", {}, el("dt", {}, title), el("dd", {}, count(number))))),
        ];
        if (unconfirmed) {
            parts.push(
                el("p", {}, "Unconfirmed tasks may still run: their worker did not answer. Ask again later."),
                el("button", { type: "button", on: { click: () => this.#stop() } }, "Ask again"),
            );
        }
        return [...parts, this.#dismissal()];
    }

    #dismissal() {
        const dismiss = () => {
            byID("receipt").hidden = true;
            byID("new-scan").focus();
        };
        return el("button", { type: "button", class: "quiet", on: { click: dismiss } }, "Dismiss");
    }

    #showReceipt(tone, ...children) {
        byID("receipt").dataset.tone = tone;
        byID("receipt").replaceChildren(...children);
        byID("receipt").hidden = false;
    }

    async #attempt(what, action) {
        try {
            await action();
        } catch (error) {
            this.#showReceipt("bad", el("h2", {}, `Could not ${what}`), el("p", {}, error.message), this.#dismissal());
            byID("receipt").focus();
        }
        this.#look();
    }
}
