// The dashboard: who signs in sees one project, kept up to date until they leave.
import { API } from "./api.js";
import { AuditView } from "./audit.js";
import { Controls } from "./controls.js";
import { byID, setText, tabs } from "./dom.js";
import { hasEnded } from "./format.js";
import { Live } from "./live.js";
import { ScanForm } from "./scan-form.js";
import { ScanList } from "./scan-list.js";
import { ScanView } from "./scan-view.js";
import { current, forget, signIn } from "./session.js";
import { Histories } from "./throughput.js";
import { WorkersView } from "./workers.js";

/** What is shown of a project, from signing in to signing out. */
function open(session) {
    const api = new API(session);
    const live = new Live(api);
    const histories = new Histories();
    const list = new ScanList((id) => view.show(id));
    const look = (id) => {
        if (id) list.select(id);
        live.look();
    };
    const view = new ScanView(api, histories, look);
    const controls = new Controls(api, look);
    const form = new ScanForm(api, look);
    const workers = new WorkersView(api);
    const audit = new AuditView(api);
    const select = tabs(byID("views"), (name) => {
        workers.show(name === "workers");
        audit.show(name === "audit");
    });

    live.addEventListener("update", ({ detail: { status, scans } }) => {
        histories.add(scans);
        list.update(scans);
        view.update(scans, status, list.selected);
        controls.update(scans, status, histories.rate(scans.filter((scan) => !hasEnded(scan))));
        linkState("live", live.hasEvents ? "Live" : "Every 2 s");
        byID("trouble").hidden = true;
    });
    live.addEventListener("trouble", ({ detail: error }) => {
        linkState("away", "Not up to date");
        setText(byID("trouble"), `${error.message} What you see is from before; it is tried again.`);
        byID("trouble").hidden = false;
    });
    live.addEventListener("denied", ({ detail: error }) => leave(
        error.status === 401 ? "Your token does not open this project any more." : "The project is gone.",
    ));

    const leave = (message = "") => {
        live.stop();
        workers.stop();
        forget();
        // A new page holds nothing of the session that has ended.
        if (!message) return location.reload();
        byID("workspace").hidden = true;
        byID("scan-dialog").close();
        signIn(() => location.reload(), message);
    };
    byID("sign-out").onclick = () => leave();
    byID("new-scan").onclick = () => form.open();

    setText(byID("where-project"), session.project);
    for (const id of ["workspace", "where", "sign-out", "link-state"]) byID(id).hidden = false;
    linkState("away", "Connecting");
    select("scans");
    workers.start();
    live.start();
    byID("main").focus({ preventScroll: true });
}

function linkState(kind, text) {
    const element = byID("link-state");
    element.dataset.kind = kind;
    setText(element, text);
}

const session = current();
if (session) {
    open(session);
} else {
    signIn(open);
}
