// How numbers, times and states are written.

const integers = new Intl.NumberFormat("en");
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "2-digit", month: "short" });

export const count = (number) => integers.format(number);

/** A rate, with as many digits as it deserves. */
export const rate = (perSecond) => (perSecond >= 10 ? count(Math.round(perSecond)) : perSecond.toFixed(1));

/** A share, never 100 % before all is done, never 0 % once something is. */
export function percent(part, whole) {
    if (!whole) return "0 %";
    const share = Math.floor((100 * part) / whole);
    return part > 0 && share === 0 ? "< 1 %" : `${share} %`;
}

/** How long something took or takes. */
export function duration(milliseconds) {
    const seconds = Math.max(0, Math.round(milliseconds / 1000));
    if (seconds < 60) return `${seconds} s`;
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, "0")} s`;
    const hours = Math.floor(minutes / 60);
    if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
    return `${Math.floor(hours / 24)} days`;
}

/** How long something may take, which nobody knows to the second. */
export function roughly(milliseconds) {
    const seconds = milliseconds / 1000;
    if (seconds < 60) return "less than a minute";
    return seconds < 5400 ? `about ${Math.round(seconds / 60)} min` : `about ${Math.round(seconds / 3600)} h`;
}

/** A moment: the time alone for today's. */
export function moment(time) {
    const date = new Date(time);
    const isToday = date.toDateString() === new Date().toDateString();
    return isToday ? clock.format(date) : `${day.format(date)} ${clock.format(date)}`;
}

/** The end of an id, which is where ids of one day differ. */
export const shortID = (id) => id.slice(-8);

/** A name of the API as words. */
export const words = (name) => name.replaceAll("_", " ");

const stateWords = {
    waiting_for_scanledger: "waiting for ScanLedger",
    waiting_for_dns: "waiting for DNS",
    waiting_for_workers: "waiting for workers",
    dry_run: "dry run",
};

/** A scan's state as words. */
export const stateText = (state) => stateWords[state] ?? words(state);

const tones = {
    running: "live", planning: "live", stopping: "warn", paused: "warn", waiting_for_workers: "warn",
    waiting_for_dns: "warn", waiting_for_scanledger: "warn", failed: "bad", completed: "good",
};

/** What kind of state it is, for its colour. */
export const stateTone = (state) => tones[state] ?? "quiet";

/** Whether nothing more happens to a scan. */
export const hasEnded = (scan) => ["completed", "stopped", "failed", "dry_run"].includes(scan.state);

/** Targets that have been scanned, well or not. */
export const scanned = (scan) => scan.done + scan.done_partial + scan.failed;

export const phaseNames = { open_ports: "Open ports", services: "Services" };

/** Why something is not scanned: a title, and what it means. */
export const refusals = {
    private_ip: ["Private or special", "Private, link-local, multicast and reserved addresses are not scanned here."],
    forbidden: ["Forbidden", "Excluded by the request, denied here, or outside of what is allowed here."],
    already_in_queue: ["Already in queue", "An active scan of the project has it still to do."],
    already_in_scanledger: ["Known to ScanLedger", "Mode insert leaves known hosts alone; their new names are kept."],
    unresolvable: ["Unresolvable", "The name has no address."],
    other: ["Other", "Refused for another reason."],
};
