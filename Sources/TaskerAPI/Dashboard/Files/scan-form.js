// The form of a new scan: says what is wrong where, shows a dry run, and sends no scan twice.
import { announce, byID, setText } from "./dom.js";
import { hasEnded, shortID } from "./format.js";
import { showPlan } from "./plan.js";

const dialog = byID("scan-dialog");
const form = byID("scan-form");

export class ScanForm {
    #api;
    #onStart;
    /** What was sent last and under which key: the same request is sent again under the same key. */
    #sent = { body: "", key: "" };

    constructor(api, onStart) {
        this.#api = api;
        this.#onStart = onStart;
        byID("form-close").onclick = () => dialog.close();
        form.onsubmit = (event) => {
            event.preventDefault();
            this.#submit(event.submitter?.value !== "start");
        };
        form.oninput = () => {
            byID("plan").hidden = true;
        };
    }

    open() {
        dialog.showModal();
        byID("hosts").focus();
    }

    async #submit(isDryRun) {
        clearErrors();
        const body = request(isDryRun);
        const first = firstFault(body);
        if (first) return first.focus();
        this.#setBusy(true);
        try {
            const plan = await this.#send(body);
            if (isDryRun) {
                await this.#show(await this.#planned(plan, body));
            } else {
                this.#sent = { body: "", key: "" };
                dialog.close();
                announce(`Scan ${shortID(plan.scan_id)} has started`);
                this.#onStart(plan.scan_id);
            }
        } catch (error) {
            this.#explain(error, body);
        } finally {
            this.#setBusy(false);
        }
    }

    #send(body) {
        const text = JSON.stringify(body);
        if (text !== this.#sent.body) this.#sent = { body: text, key: newKey() };
        return this.#api.post("run-nmap", body, { "Idempotency-Key": this.#sent.key });
    }

    /** The plan, once it is there: a large one, or one that waits for DNS, is answered without at first. */
    async #planned(plan, body) {
        if (plan.state === "dry_run") return plan;
        for (;;) {
            const scan = await this.#api.get(`scans/${plan.scan_id}`);
            if (hasEnded(scan)) {
                if (scan.state !== "dry_run") throw new Error(scan.detail ?? "The scan could not be planned.");
                return this.#send(body);
            }
            if (!dialog.open) throw new Error("The dry run was left.");
            setText(byID("dry-run"), "Planning …");
            await new Promise((wake) => setTimeout(wake, 1500));
        }
    }

    async #show(plan) {
        // Looked at again, the same request is a new question: the world may have changed.
        this.#sent = { body: "", key: "" };
        const section = byID("plan");
        const { targets } = await this.#api.get(`scans/${plan.scan_id}/targets?outcome=refused`);
        showPlan(section, plan, targets);
        section.focus();
        section.scrollIntoView({ block: "start" });
        this.#onStart(null);
    }

    #setBusy(isBusy) {
        for (const id of ["dry-run", "start-scan"]) byID(id).disabled = isBusy;
        setText(byID("dry-run"), isBusy ? "Asking …" : "Dry run");
        form.setAttribute("aria-busy", isBusy);
    }

    /** Puts what is wrong beside the field that it is about, the rest below. */
    #explain(error, body) {
        const rest = [];
        let first = null;
        for (const { loc, msg } of error.issues ?? []) {
            const name = loc.findLast((step) => typeof step === "string");
            const field = form.querySelector(`[data-field="${CSS.escape(name)}"]`);
            const place = byID(`error-${name}`);
            if (!field || !place) {
                rest.push(`${loc.slice(1).join(" › ")}: ${msg}`);
                continue;
            }
            const index = loc.at(-1);
            const entry = typeof index === "number" ? `${entriesAt(body, loc)?.[index] ?? `entry ${index + 1}`}: ` : "";
            place.textContent += `${place.textContent ? "\n" : ""}${entry}${msg}`;
            field.setAttribute("aria-invalid", "true");
            first ??= field;
        }
        if (rest.length || !first) showError(rest.join("\n") || error.message);
        first?.focus();
    }
}

/** The list in which a place of a 422 is an index. */
function entriesAt(body, loc) {
    return loc.slice(1, -1).reduce((value, step) => value?.[step], body);
}

/** The body of run-nmap that the form stands for. */
function request(isDryRun) {
    const openPorts = {
        ports: entries("ports"),
        transport_protocol: byID("protocol").value,
        skip_host_discovery: byID("skip-discovery").checked,
        dns_resolution: false,
    };
    for (const input of form.querySelectorAll("[data-timing]")) {
        if (input.value !== "") openPorts[input.dataset.timing] = Number(input.value);
    }
    const services = [...form.querySelectorAll("[data-service]:checked")].map((input) => [input.dataset.service, true]);
    return {
        hosts: entries("hosts"),
        exclude: entries("exclude"),
        open_ports_opts: openPorts,
        service_opts: Object.fromEntries(services),
        include_services: byID("include-services").checked,
        single_resolve: byID("single-resolve").checked,
        track_history: byID("track-history").checked,
        mode: byID("mode").value,
        priority: Number(byID("priority").value),
        timeout: Number(byID("timeout").value),
        dry_run: isDryRun,
    };
}

const entries = (id) => byID(id).value.split(/[\s,;]+/).filter(Boolean);

/** The first field whose fault is plain without asking. */
function firstFault(body) {
    const faults = [
        [byID("hosts"), body.hosts.length === 0 && "Name at least one host."],
        [byID("ports"), body.open_ports_opts.ports.length === 0 && "Name at least one port."],
        ...[...form.querySelectorAll("[type=number]")].map((field) => [field, field.validationMessage]),
    ].filter(([, message]) => message);
    for (const [field, message] of faults) {
        setText(byID(`error-${field.dataset.field}`), message);
        field.setAttribute("aria-invalid", "true");
    }
    return faults[0]?.[0];
}

function clearErrors() {
    for (const place of form.querySelectorAll(".error")) setText(place, "");
    for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    byID("form-error").hidden = true;
    byID("plan").hidden = true;
}

function showError(text) {
    setText(byID("form-error"), text);
    byID("form-error").hidden = false;
}

/** A key that nobody else has; `crypto.randomUUID` is not there without TLS. */
function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
