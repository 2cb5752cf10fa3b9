// What is going on in the project: asked for again whenever the server says that something happened, and every two
// seconds while it does not speak.

/** How often the project is looked at without events, in milliseconds. */
const pollInterval = 2000;
/** How often it is looked at with them: they tell of progress, and this of what they leave out. */
const quietInterval = 10_000;
/** Least time between two looks. */
const minimumInterval = 1000;
const longestPause = 30_000;

/**
 * Sends `update` (detail `{status, scans}`), `trouble` (an error; the next update ends it) and `denied` (an error,
 * after which nothing comes).
 */
export class Live extends EventTarget {
    #api;
    #ending = new AbortController();
    #timer = null;
    #isLooking = false;
    #isWanted = false;
    #lastLook = 0;
    #failures = 0;
    #lastEvent = null;
    /** Whether the server sends events now. */
    hasEvents = false;

    constructor(api) {
        super();
        this.#api = api;
    }

    start() {
        this.look();
        this.#follow();
    }

    stop() {
        this.#ending.abort();
        clearTimeout(this.#timer);
    }

    /** Looks at the project soon: at once, or when the last look is long enough ago. */
    look() {
        this.#isWanted = true;
        if (this.#isLooking) return;
        this.#schedule(Math.max(0, this.#lastLook + minimumInterval - performance.now()));
    }

    #schedule(milliseconds) {
        clearTimeout(this.#timer);
        if (!this.#ending.signal.aborted) this.#timer = setTimeout(() => this.#lookNow(), milliseconds);
    }

    async #lookNow() {
        this.#isLooking = true;
        this.#isWanted = false;
        this.#lastLook = performance.now();
        let pause = this.hasEvents ? quietInterval : pollInterval;
        try {
            const [status, { scans }] = await Promise.all([this.#api.get("status"), this.#api.get("scans")]);
            this.#failures = 0;
            this.#send("update", { status, scans });
        } catch (error) {
            pause = this.#pauseAfter(error);
        }
        this.#isLooking = false;
        this.#schedule(this.#isWanted ? minimumInterval : pause);
    }

    /** How long to wait after a failure: what the server says, else longer each time. */
    #pauseAfter(error) {
        if (error.status === 401 || error.status === 404) {
            this.stop();
            this.#send("denied", error);
            return 0;
        }
        this.#failures += 1;
        this.#send("trouble", error);
        const backoff = Math.min(longestPause, pollInterval * 1.6 ** this.#failures);
        return (error.retryAfter ?? 0) * 1000 || backoff * (0.75 + Math.random() / 2);
    }

    /** Reads events for as long as the page is there; a server that has none is asked again seldom. */
    async #follow() {
        const { signal } = this.#ending;
        let pause = 1000;
        while (!signal.aborted) {
            try {
                const headers = this.#lastEvent ? { "Last-Event-ID": this.#lastEvent } : {};
                const body = await this.#api.events(headers, signal);
                if (body) {
                    pause = 1000;
                    this.hasEvents = true;
                    await this.#read(body);
                }
            } catch (error) {
                if (error.status === 404 || error.status === 405) return;
            }
            this.hasEvents = false;
            if (signal.aborted) return;
            this.look();
            pause = Math.min(longestPause, pause * 2);
            await new Promise((wake) => setTimeout(wake, pause * (0.75 + Math.random() / 2)));
        }
    }

    async #read(body) {
        const reader = body.pipeThrough(new TextDecoderStream()).getReader();
        let rest = "";
        for (;;) {
            const { value, done } = await reader.read();
            if (done) return;
            const lines = (rest + value).split(/\r\n|\n|\r/);
            rest = lines.pop();
            for (const line of lines) {
                if (line.startsWith("id:")) this.#lastEvent = line.slice(3).trim();
                if (line.startsWith("data:")) this.look();
            }
        }
    }

    #send(type, detail) {
        if (type !== "denied" && this.#ending.signal.aborted) return;
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }
}
