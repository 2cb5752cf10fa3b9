// Building and renewing the page. What comes from the server becomes text nodes and attribute values, never markup:
// host names and banners are written by those who are scanned.

const svgNamespace = "http://www.w3.org/2000/svg";

/** An element of the page that is always there. */
export const byID = (id) => document.getElementById(id);

/**
 * Makes an element. `attributes` may hold `on`, listeners by event; `false` and `null` leave an attribute away.
 * Children are elements or texts.
 */
export function el(tag, attributes = {}, ...children) {
    return fill(document.createElement(tag), attributes, children);
}

/** Makes an element of SVG in the same way. */
export function svg(tag, attributes = {}, ...children) {
    return fill(document.createElementNS(svgNamespace, tag), attributes, children);
}

function fill(element, { on = {}, ...attributes }, children) {
    for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
    for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
}

/** Sets an attribute, or takes it away for `false` and `null`. */
export function setAttribute(element, name, value) {
    if (value === false || value === null || value === undefined) {
        element.removeAttribute(name);
    } else if (element.getAttribute(name) !== `${value}`) {
        element.setAttribute(name, value === true ? "" : value);
    }
}

/** Sets a text, where it is another one: screen readers and selections are left alone otherwise. */
export function setText(element, text) {
    const wanted = `${text}`;
    if (element.textContent !== wanted) element.textContent = wanted;
}

/**
 * Makes the children of an element those of a list: elements of keys that stay are renewed in place, so that focus and
 * selection are kept.
 */
export function renew(parent, items, key, make, update) {
    const present = new Map([...parent.children].map((child) => [child.dataset.key, child]));
    let place = parent.firstElementChild;
    for (const item of items) {
        const name = `${key(item)}`;
        let child = present.get(name);
        if (child) {
            present.delete(name);
        } else {
            child = make(item);
            child.dataset.key = name;
        }
        update(child, item);
        if (child === place) {
            place = place.nextElementSibling;
        } else {
            parent.insertBefore(child, place);
        }
    }
    for (const child of present.values()) child.remove();
}

/** A table in a frame that can be scrolled by keyboard; `columns` are titles, with a class where they need one. */
export function table(label, columns) {
    const body = el("tbody");
    const heads = columns.map(({ title, className }) => el("th", { scope: "col", class: className }, title));
    const frame = el(
        "div",
        { class: "table", tabindex: 0, role: "region", "aria-label": label },
        el("table", {}, el("thead", {}, el("tr", {}, ...heads)), body),
    );
    return { frame, body };
}

/** The title of a panel, with a word on it. */
export const heading = (title, words) => el("h2", {}, `${title} `, el("small", { class: "muted" }, words));

/** What stands where there is nothing to list. */
export const empty = (title, words = "") =>
    el("div", { class: "empty" }, el("p", { class: "empty-title" }, title), words ? el("p", {}, words) : null);

/** Says something to screen readers, without moving anything. */
export function announce(text) {
    byID("announcer").textContent = text;
}

/** Makes tabs of the buttons of a tablist: arrow keys move, the chosen one's panel is shown. */
export function tabs(list, onSelect = () => {}) {
    const buttons = [...list.querySelectorAll("[role=tab]")];
    const select = (chosen) => {
        for (const button of buttons) {
            const isChosen = button === chosen;
            button.setAttribute("aria-selected", isChosen);
            button.tabIndex = isChosen ? 0 : -1;
            byID(button.getAttribute("aria-controls")).hidden = !isChosen;
        }
        onSelect(chosen.dataset.tab);
    };
    list.addEventListener("click", (event) => {
        const button = event.target.closest("[role=tab]");
        if (button) select(button);
    });
    list.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const next = buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length];
        select(next);
        next.focus();
        event.preventDefault();
    });
    return (name) => select(buttons.find((button) => button.dataset.tab === name));
}
