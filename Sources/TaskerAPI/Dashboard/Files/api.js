// Requests to the replica that served this page. The token travels in the Authorization header, and nowhere else.

/** An answer that is not a success, or none at all (`status` 0). */
export class APIError extends Error {
    constructor(status, detail, retryAfter = null) {
        super(typeof detail === "string" ? detail : "The request is wrong in the places that are named.");
        this.status = status;
        /** What is wrong where, `{loc, msg, input}`, of a 422. */
        this.issues = Array.isArray(detail) ? detail : [];
        /** Seconds to wait before trying again; null where nothing is said. */
        this.retryAfter = retryAfter;
    }
}

export class API {
    #token;
    #tasks;

    constructor({ token, project }) {
        this.#token = token;
        this.#tasks = `/tasks/${encodeURIComponent(project)}`;
    }

    /** Asks something of the project. */
    get(path) {
        return this.#json("GET", `${this.#tasks}/${path}`);
    }

    /** Has something done in the project. */
    post(path, body, headers = {}) {
        return this.#json("POST", `${this.#tasks}/${path}`, body, headers);
    }

    /** The fleet, which is no project's. */
    async workers() {
        return (await this.#json("GET", "/workers")).workers;
    }

    /** A file of the project, as a blob. */
    async file(path) {
        return (await this.#fetch("GET", `${this.#tasks}/${path}`, {})).blob();
    }

    /** The project's events as they come; null where this replica has none. */
    async events(headers, signal) {
        const accept = { Accept: "text/event-stream", ...headers };
        const answer = await this.#fetch("GET", `${this.#tasks}/events`, { headers: accept, signal });
        return answer.headers.get("Content-Type")?.startsWith("text/event-stream") ? answer.body : null;
    }

    async #json(method, path, body, headers = {}) {
        const content = body === undefined ? {} : { "Content-Type": "application/json" };
        const answer = await this.#fetch(method, path, {
            body: body === undefined ? undefined : JSON.stringify(body),
            headers: { ...content, ...headers },
            signal: AbortSignal.timeout(70_000),
        });
        return answer.json();
    }

    async #fetch(method, path, { body, headers = {}, signal }) {
        let answer;
        try {
            answer = await fetch(path, {
                method, body, signal, cache: "no-store", credentials: "omit", redirect: "error",
                headers: { ...headers, Authorization: `Bearer ${this.#token}` },
            });
        } catch (error) {
            if (signal?.aborted && error.name === "AbortError") throw error;
            throw new APIError(0, "Tasker cannot be reached.");
        }
        if (answer.ok) return answer;
        const { detail } = await answer.json().catch(() => ({}));
        const retryAfter = Number(answer.headers.get("Retry-After")) || null;
        throw new APIError(answer.status, detail ?? answer.statusText, retryAfter);
    }
}
