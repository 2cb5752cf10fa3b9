// Who did what in the project.
import { byID, el, empty, heading, table } from "./dom.js";
import { count, moment, shortID } from "./format.js";

const pageSize = 50;
const tones = { start: "live", requeue: "live", stop: "bad", pause: "warn", resume: "good" };

export class AuditView {
    #api;
    #next = null;
    #message = el("div");
    #more = el("button", { type: "button", on: { click: () => this.#load(this.#next) } }, "Show earlier");
    #table = table("Audit", [
        { title: "When" }, { title: "What" }, { title: "Scans", className: "why" }, { title: "Who" }, { title: "From" },
        { title: "Request", className: "names" },
    ]);

    constructor(api) {
        this.#api = api;
        const title = heading("Audit", "latest first; nothing here can be changed");
        byID("panel-audit").replaceChildren(title, this.#message, this.#table.frame, this.#more);
        this.#more.hidden = true;
    }

    show(isShown) {
        if (isShown) this.#load(null);
    }

    async #load(after) {
        const query = new URLSearchParams({ limit: pageSize });
        if (after) query.set("after", after);
        try {
            const { entries, next } = await this.#api.get(`audit?${query}`);
            if (!after) this.#table.body.replaceChildren();
            this.#table.body.append(...entries.map(row));
            this.#next = next ?? null;
            this.#message.replaceChildren();
        } catch (error) {
            this.#message.replaceChildren(empty("The audit cannot be read now", error.message));
        }
        const isEmpty = this.#table.body.children.length === 0;
        if (isEmpty && !this.#message.hasChildNodes()) this.#message.append(empty("Nobody has done anything yet"));
        this.#table.frame.hidden = isEmpty;
        this.#more.hidden = !this.#next;
    }
}

function row(entry) {
    const scans = entry.scans.slice(0, 3).map(shortID).join(", ");
    const rest = entry.scans_total > 3 ? ` and ${count(entry.scans_total - 3)} more` : "";
    const hosts = entry.hosts ? ` · ${count(entry.hosts)} host ${entry.hosts === 1 ? "entry" : "entries"}` : "";
    const earlier = entry.requeues ? ` · of ${shortID(entry.requeues)}` : "";
    return el(
        "tr",
        {},
        el("td", {}, el("time", { datetime: entry.at }, moment(entry.at))),
        el("td", {}, el("span", { class: "state", "data-tone": tones[entry.action] ?? "quiet" }, entry.action)),
        el("td", { class: "mono why", title: entry.scans.join("\n") }, `${scans}${rest}${hosts}${earlier}`),
        el("td", { class: "mono" }, entry.caller),
        el("td", { class: "mono" }, entry.address ?? "–"),
        el("td", { class: "mono names" }, entry.request_id),
    );
}
