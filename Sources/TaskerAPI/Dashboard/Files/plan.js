// What a plan says would be scanned and what not, and why.
import { el, table } from "./dom.js";
import { count, refusals } from "./format.js";
import { why } from "./outcomes.js";

/** Fills a section with a plan, as run-nmap answers it, and with the first of what it refuses, as a report has them. */
export function showPlan(section, plan, refusedTargets) {
    const { summary } = plan;
    const refused = reasonsOf(summary.refused);
    const total = refused.reduce((sum, [, number]) => sum + number, 0);
    const figures = [
        ["To be scanned", summary.sent_to_scan, "accent"],
        ["Refused", total, total ? "warn" : ""],
        ["Repeats left out", summary.duplicates_removed + summary.hostnames_collapsed_to_ip, ""],
    ];
    section.replaceChildren(
        el("h3", { id: "plan-title" }, "Dry run: nothing was sent"),
        el("dl", { class: "figures small" }, ...figures.map(([title, number, tone]) =>
            el("div", {}, el("dt", {}, title), el("dd", { "data-tone": tone }, count(number))))),
        refusalList(refused),
        ...targetTable("Refused", "Why", total, refusedTargets.map(({ ip, hostnames, ...rest }) =>
            [ip ?? hostnames[0], ip ? hostnames : [], why(rest)])),
        ...targetTable("To be scanned", "", summary.sent_to_scan, scanned(plan)),
    );
    section.hidden = false;
}

/** The targets that the answer names, in the order of their numbers. */
function scanned(plan) {
    const targets = Object.entries(plan.prepared_targets).filter(([, target]) => target.valid);
    return targets
        .map(([ip, { hostnames }]) => [ip, hostnames, ""])
        .sort(([one], [other]) => one.localeCompare(other, "en", { numeric: true }));
}

/** The reasons that there are, with how often, the most frequent first. */
export const reasonsOf = (refused) =>
    Object.entries(refused).filter(([, number]) => number > 0).sort(([, one], [, other]) => other - one);

function refusalList(refused) {
    if (refused.length === 0) return el("p", { class: "muted" }, "Nothing is refused.");
    return el("ul", { class: "reasons" }, ...refused.map(([reason, number]) => reasonItem(reason, number)));
}

/** One reason for refusals, with how many there are and what it means. */
export function reasonItem(reason, number) {
    const [title, meaning] = refusals[reason] ?? [reason, ""];
    return el("li", {}, el("b", { class: "mono" }, count(number)), el("span", {}, el("b", {}, title), " ", meaning));
}

/** A title and a table of `[target, names, why]`; nothing where there are none. */
function targetTable(title, reasonTitle, total, rows) {
    if (rows.length === 0) return [];
    const columns = [
        { title: "Target" }, { title: "Names", className: "names" }, { title: reasonTitle, className: "why" },
    ];
    const { frame, body } = table(title, columns);
    body.append(...rows.map(([target, names, reason]) => el(
        "tr",
        {},
        el("td", { class: "mono" }, target),
        el("td", { class: "names" }, names.join(", ")),
        el("td", { class: "why" }, reason),
    )));
    const rest = total - rows.length;
    if (rest > 0) frame.append(el("p", { class: "muted pad" }, `and ${count(rest)} more`));
    return [el("h3", {}, title), frame];
}
