// Who sits before the page: a token and a project, kept by the browser for this tab alone and until it is closed.
import { API } from "./api.js";
import { byID, setText } from "./dom.js";

const key = "tasker-session";

/** The session of this tab, if there is one. */
export function current() {
    try {
        return JSON.parse(sessionStorage.getItem(key));
    } catch {
        return null;
    }
}

/** Forgets token and project. */
export function forget() {
    sessionStorage.removeItem(key);
}

/** Shows the form and calls back with a session that was found to be good. */
export function signIn(onSuccess, message = "") {
    const form = byID("sign-in-form");
    byID("sign-in").hidden = false;
    say(message);
    form.onsubmit = async (event) => {
        event.preventDefault();
        const session = { project: byID("project").value.trim().toLowerCase(), token: byID("token").value.trim() };
        const button = form.querySelector("[type=submit]");
        button.disabled = true;
        say("");
        try {
            await new API(session).get("status");
            sessionStorage.setItem(key, JSON.stringify(session));
            form.reset();
            byID("sign-in").hidden = true;
            onSuccess(session);
        } catch (error) {
            say(explanation(error));
            byID(error.status === 401 ? "token" : "project").focus();
        } finally {
            button.disabled = false;
        }
    };
    byID(byID("project").value ? "token" : "project").focus();
}

function explanation(error) {
    switch (error.status) {
        case 401: return "ScanLedger does not take this token for this project.";
        case 404: return "There is no such project.";
        case 422: return "The project is named by its id, a UUID.";
        default: return error.message;
    }
}

function say(text) {
    setText(byID("sign-in-error"), text);
}
