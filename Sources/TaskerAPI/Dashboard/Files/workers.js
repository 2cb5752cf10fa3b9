// The fleet: the machines that run nmap.
import { byID, el, empty, heading, renew, setAttribute, setText, table } from "./dom.js";
import { count, duration } from "./format.js";

const interval = 5000;
/** What workers take, by who chains the phases. */
const kinds = { coordinator: "phases", worker: "whole targets" };

export class WorkersView {
    #api;
    #timer = null;
    #isStopped = false;
    #message = el("div");
    #table = table("Workers", [
        { title: "Host" }, { title: "State" }, { title: "Scans from" }, { title: "Busy", className: "number" },
        { title: "Done", className: "number" }, { title: "Load", className: "number" }, { title: "Takes" },
        { title: "Heard of", className: "number" },
    ]);

    constructor(api) {
        this.#api = api;
        const title = heading("Workers", "seen in the last 90 s, of all projects");
        byID("panel-workers").replaceChildren(title, this.#message, this.#table.frame);
    }

    start() {
        this.#look();
    }

    stop() {
        this.#isStopped = true;
        clearTimeout(this.#timer);
    }

    show(isShown) {
        if (isShown) this.#look();
    }

    async #look() {
        clearTimeout(this.#timer);
        try {
            this.#draw(await this.#api.workers());
        } catch (error) {
            setText(byID("figure-workers"), "?");
            this.#message.replaceChildren(empty("The workers are not known now", error.message));
            this.#table.frame.hidden = true;
        }
        clearTimeout(this.#timer);
        if (!this.#isStopped) this.#timer = setTimeout(() => this.#look(), interval);
    }

    #draw(workers) {
        const alive = workers.filter((worker) => worker.state !== "silent").length;
        const all = alive === workers.length ? "" : ` / ${count(workers.length)}`;
        setText(byID("figure-workers"), `${count(alive)}${all}`);
        this.#table.frame.hidden = workers.length === 0;
        const nothing = empty("No workers", "Scans wait until one comes.");
        this.#message.replaceChildren(...(workers.length ? [] : [nothing]));
        const make = () => {
            const cells = ["mono", "", "mono", "number", "number", "number", "", "number"];
            const row = el("tr", {}, ...cells.map((name) => el("td", { class: name || null })));
            row.children[1].append(el("span", { class: "state" }));
            return row;
        };
        renew(this.#table.body, workers, (worker) => worker.host, make, (row, worker) => {
            const [host, state, ip, busy, done, load, takes, seen] = row.children;
            setText(host, worker.host);
            setAttribute(host, "title", worker.software);
            setText(state.firstElementChild, worker.state);
            setAttribute(state.firstElementChild, "data-tone", { busy: "live", idle: "good" }[worker.state] ?? "warn");
            setText(ip, worker.ip);
            setText(busy, `${count(worker.active_tasks)}${worker.slots === undefined ? "" : ` / ${worker.slots}`}`);
            setText(done, count(worker.processed));
            setText(load, worker.load.map((one) => one.toFixed(2)).join("  "));
            setText(takes, worker.takes.map((one) => kinds[one] ?? one).join(", "));
            setText(seen, `${duration(Date.now() - 1000 * worker.last_seen)} ago`);
        });
    }
}
