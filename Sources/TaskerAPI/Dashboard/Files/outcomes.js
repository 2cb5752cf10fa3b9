// Pages of a scan's targets by outcome: asked for when they are looked at, and again when their number has changed.
import { el, empty, table } from "./dom.js";
import { refusals, shortID, words } from "./format.js";

const pageSize = 100;

const columns = [
    { title: "Address", name: "ip" }, { title: "Names", name: "names" }, { title: "Outcome", name: "outcome" },
    { title: "Why", name: "why" },
];

export class OutcomesTable {
    #api;
    #outcomes;
    #nothing;
    #shown = "";
    #next = null;
    #message = el("div");
    #more = el("button", { type: "button", on: { click: () => this.#load(this.#next) } }, "Show more");
    // Who has asked for more pages goes on reading them; the list is begun anew when that is asked for.
    #renew = el("button", { type: "button", on: { click: () => this.#begin() } }, "Changed: show the list as it is now");
    #wanted = "";
    #columns;
    #table;
    #scan = null;

    /** `outcomes` are those to list, all where it is empty; `nothing` is shown where there are none. */
    constructor(api, panel, label, outcomes, nothing) {
        this.#api = api;
        this.#outcomes = outcomes;
        this.#nothing = nothing;
        // Where all have the same outcome, it goes without saying.
        this.#columns = outcomes.length === 1 ? columns.filter(({ name }) => name !== "outcome") : columns;
        this.#table = table(label, this.#columns);
        this.#more.hidden = true;
        this.#renew.hidden = true;
        panel.append(this.#message, this.#renew, this.#table.frame, this.#more);
    }

    /** Shows a scan's targets; another `version` says that they are others than before. */
    show(scan, version) {
        this.#wanted = `${scan.id} ${version}`;
        if (this.#wanted === this.#shown) return;
        if (scan.id === this.#scan && this.#table.body.children.length > pageSize) {
            this.#renew.hidden = false;
            return;
        }
        this.#scan = scan.id;
        if (version === 0) {
            this.#shown = this.#wanted;
            return this.#draw([], null);
        }
        this.#begin();
    }

    #begin() {
        this.#shown = this.#wanted;
        this.#load(null);
    }

    async #load(after) {
        const asked = this.#shown;
        const query = new URLSearchParams({ limit: pageSize });
        if (this.#outcomes.length) query.set("outcome", this.#outcomes.join(","));
        if (after !== null) query.set("after", after);
        try {
            const page = await this.#api.get(`scans/${this.#scan}/targets?${query}`);
            if (asked === this.#shown) this.#draw(page.targets, page.next, after !== null);
        } catch (error) {
            if (asked !== this.#shown) return;
            this.#shown = "";
            this.#message.replaceChildren(empty("Not to be listed now", error.message));
            this.#table.frame.hidden = true;
            this.#more.hidden = true;
        }
    }

    #draw(targets, next, isMore = false) {
        const rows = targets.map((target) => row(target, this.#columns));
        if (isMore) {
            this.#table.body.append(...rows);
        } else {
            this.#table.body.replaceChildren(...rows);
            this.#renew.hidden = true;
        }
        const isEmpty = this.#table.body.children.length === 0;
        this.#next = next;
        this.#more.hidden = next === null;
        this.#table.frame.hidden = isEmpty;
        this.#message.replaceChildren(...(isEmpty && next === null ? [empty(...this.#nothing)] : []));
    }
}

const mark = (outcome) => el("span", { class: "outcome", "data-outcome": outcome }, words(outcome));

function row(target, columns) {
    const cells = {
        ip: () => el("td", { class: "mono" }, target.ip ?? "–"),
        names: () => el("td", { class: "names" }, target.hostnames.join(", ")),
        outcome: () => el("td", {}, mark(target.outcome)),
        why: () => el("td", { class: "why" }, why(target)),
    };
    return el("tr", {}, ...columns.map(({ name }) => cells[name]()));
}

/** The reason in words, with what is known besides. */
export function why({ reason, detail, covered_by: covering }) {
    const title = reason ? (refusals[reason]?.[0] ?? words(reason)) : "";
    const scan = covering ? `by scan ${shortID(covering)}` : "";
    return [title, detail, scan].filter(Boolean).join(" · ");
}
