// How fast scans go: what this page has seen of each phase since it was opened, as rates and as a plot.
import { el, setAttribute, setText, svg } from "./dom.js";
import { hasEnded, phaseNames, rate, scanned } from "./format.js";

/** Most moments that are kept of a scan; of more, every other one is dropped. */
const capacity = 720;
/** Over how many milliseconds a rate is averaged. */
const span = 6000;

/** What was finished when, of every scan. */
export class Histories {
    #byScan = new Map();

    add(scans, now = performance.now()) {
        for (const scan of scans) {
            const history = this.#byScan.get(scan.id) ?? [];
            if (hasEnded(scan) && (!history.length || history.at(-1).isLast)) continue;
            const finished = Object.entries(scan.phases).map(([name, phase]) => [name, phase.finished]);
            history.push({
                at: now,
                scanned: scanned(scan),
                finished: Object.fromEntries(finished),
                isLast: hasEnded(scan),
            });
            const kept = history.length > capacity ? history.filter((_, index) => index % 2 === 0) : history;
            this.#byScan.set(scan.id, kept);
        }
    }

    /** Outcomes a second of some scans, lately. */
    rate(scans) {
        return scans.reduce((sum, { id }) => {
            const history = this.#byScan.get(id) ?? [];
            return sum + slope(history, history.length - 1, (moment) => moment.scanned);
        }, 0);
    }

    /** The rates of a phase at the moments of a scan's history. */
    rates(id, phase) {
        const history = this.#byScan.get(id) ?? [];
        return history.slice(1).map((moment, index) => ({
            at: moment.at,
            rate: slope(history, index + 1, (one) => one.finished[phase] ?? 0),
        }));
    }
}

/** The growth a second up to a moment, averaged over the span before it. */
function slope(history, index, value) {
    if (index < 1) return 0;
    const last = history[index];
    let first = index - 1;
    while (first > 0 && history[first - 1].at >= last.at - span) first -= 1;
    const seconds = (last.at - history[first].at) / 1000;
    return seconds > 0 ? Math.max(0, value(last) - value(history[first])) / seconds : 0;
}

const width = 600;
const height = 150;
const left = 44;
const bottom = 26;

/** A plot of a scan's rates: open ports as an area, services as a line. */
export class ThroughputPlot {
    #figure;
    #histories;
    #grid = svg("g", { class: "grid" });
    #labels = svg("g", { class: "axis" });
    #area = svg("path", { class: "area" });
    #lines = { open_ports: svg("path", { class: "line" }), services: svg("path", { class: "line second" }) };
    #plot;
    #caption = el("figcaption");

    constructor(figure, histories) {
        this.#figure = figure;
        this.#histories = histories;
        const parts = [this.#grid, this.#area, this.#lines.open_ports, this.#lines.services, this.#labels];
        this.#plot = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" }, ...parts);
        figure.replaceChildren(this.#plot, this.#caption);
    }

    update(scan) {
        const series = Object.keys(phaseNames)
            .filter((name) => name in scan.phases)
            .map((name) => ({ name, points: this.#histories.rates(scan.id, name) }));
        const points = series.flatMap((one) => one.points);
        setAttribute(this.#figure, "data-empty", points.length < 2);
        if (points.length < 2) {
            setAttribute(this.#plot, "aria-label", "No measurements");
            const words = hasEnded(scan)
                ? "Drawn while a scan runs and this page is open: this one was not seen."
                : "Drawn as soon as there is something to draw.";
            return setText(this.#caption, words);
        }
        const top = ceiling(Math.max(...points.map((point) => point.rate), 1));
        const start = Math.min(...points.map((point) => point.at));
        const length = Math.max(Math.max(...points.map((point) => point.at)) - start, 1);
        const x = (at) => left + ((at - start) / length) * (width - left - 2);
        const y = (value) => height - bottom - (value / top) * (height - bottom - 8);
        this.#drawAxes(top, length, y);
        this.#drawSeries(series, x, y);
        const now = series.map(({ name, points }) => `${phaseNames[name]} ${rate(points.at(-1)?.rate ?? 0)} / s`);
        setAttribute(this.#plot, "aria-label", `Targets a second by phase; at the end: ${now.join(", ")}`);
        const keys = now.map((text, index) => el("span", { class: index ? "key second" : "key" }, text));
        this.#caption.replaceChildren(...keys);
    }

    #drawSeries(series, x, y) {
        setAttribute(this.#area, "d", "");
        for (const [name, line] of Object.entries(this.#lines)) {
            const points = series.find((one) => one.name === name)?.points ?? [];
            const path = points.map(({ at, rate: value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join("L");
            setAttribute(line, "d", path ? `M${path}` : "");
            if (name !== "open_ports" || !path) continue;
            const [first, last] = [x(points[0].at).toFixed(1), x(points.at(-1).at).toFixed(1)];
            setAttribute(this.#area, "d", `M${path}L${last},${y(0)}L${first},${y(0)}Z`);
        }
    }

    #drawAxes(top, length, y) {
        const values = [0, top / 2, top];
        this.#grid.replaceChildren(...values.map((value) => svg("path", { d: `M${left},${y(value)}H${width}` })));
        const texts = values.map((value) =>
            svg("text", { x: left - 8, y: y(value) + 4, "text-anchor": "end" }, rate(value).replace(".0", "")));
        const ago = length >= 120_000 ? `${Math.round(length / 60_000)} min` : `${Math.round(length / 1000)} s`;
        const bounds = [
            svg("text", { x: left, y: height - 4 }, `${ago} earlier`),
            svg("text", { x: width, y: height - 4, "text-anchor": "end" }, "targets / s"),
        ];
        this.#labels.replaceChildren(...texts, ...bounds);
    }
}

/** The least round number that is not less: 1, 2, 5, 10, 20, ... */
function ceiling(value) {
    const power = 10 ** Math.floor(Math.log10(value));
    return [1, 2, 5, 10].map((factor) => factor * power).find((round) => round >= value);
}
