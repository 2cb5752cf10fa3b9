"""The dashboard in a browser: what somebody does with it, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import demo
import httpx
import pytest
from local_stack import debian
from local_stack.stack import Stack

from browser import ESCAPE, RIGHT, TAB, Browser, Dashboard
from support import Client, request


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    debian.install_missing(debian.BROWSER_PACKAGES, print)
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture
def page(browser: Browser, stack: Stack) -> Iterator[Dashboard]:
    """The page before anybody signed in. Whatever was done with it, the console has no complaint, and nothing was asked of
    anybody else, nor the token told where it does not belong."""
    page = Dashboard(browser, stack.balancer.url)
    browser.driver.get("about:blank")
    browser.requests()
    page.open()
    yield page
    browser.driver.get("about:blank")
    assert browser.complaints() == []
    asked = [request for request in browser.requests() if request["url"] != "about:blank"]
    origin = urlsplit(stack.balancer.url)
    assert {urlsplit(request["url"])[:2] for request in asked} == {origin[:2]}
    assert not any(stack.ledger.alice.token in request["url"] for request in asked)


@pytest.fixture
def project(page: Dashboard, alice: Client, stack: Stack) -> Iterator[Dashboard]:
    """The page with Alice's project; nothing is active in it, before and afterwards."""
    alice.stop()
    page.sign_in(alice.project, stack.ledger.alice.token)
    page.until("the project is shown", lambda: page.text("figure-left") == "0" and page.text("figure-workers") == "2")
    yield page
    alice.stop()


def test_who_signs_in_is_known_to_the_tab_alone(page: Dashboard, alice: Client, stack: Stack) -> None:
    page.sign_in(alice.project, "no-such-token")
    page.until("it is refused", lambda: "does not take this token" in page.text("sign-in-error"))
    assert page.focused() == "token"
    page.sign_in(alice.project, stack.ledger.alice.token)
    page.until("the project is shown", lambda: page.text("where-project") == alice.project)
    kept = page.browser.script("return JSON.stringify({...localStorage}) + document.cookie + document.body.outerHTML")
    assert stack.ledger.alice.token not in kept + page.browser.driver.current_url
    page.browser.driver.refresh()
    page.until("a reload goes on", lambda: page.text("where-project") == alice.project)
    page.click("sign-out")
    page.until("the form is back", lambda: page.find("#sign-in").is_displayed())
    assert page.browser.script("return sessionStorage.length") == 0


def test_a_dry_run_says_what_is_refused_and_why(project: Dashboard, alice: Client) -> None:
    project.ask("127.0.20.1-4, 10.1.2.3\nnosuch.tasker.test 127.0.20.2", "1-5", mode="append")
    project.click("dry-run")
    project.until("the plan is there", lambda: project.find("#plan").is_displayed())
    plan = project.text("plan")
    assert "Private or special" in plan and "10.1.2.3" in plan, plan
    assert "Unresolvable" in plan and "nosuch.tasker.test" in plan, plan
    figures = [figure.text for figure in project.all("#plan dd")]
    assert figures == ["4", "2", "1"], plan
    assert project.focused() == "plan"
    latest = alice.http.get(f"/tasks/{alice.project}/scans").json()["scans"][0]
    assert (latest["state"], latest["pending"]) == ("dry_run", 4)


def test_what_is_wrong_stands_beside_its_field(project: Dashboard) -> None:
    project.ask("127.0.0.17 300.1.1.1", "1-99999")
    project.click("start-scan")
    project.until("it is refused", lambda: project.text("error-hosts"))
    assert project.text("error-hosts").startswith("300.1.1.1: "), project.text("error-hosts")
    assert project.text("error-ports").startswith("1-99999: "), project.text("error-ports")
    assert project.focused() == "hosts" and project.find("#hosts").get_attribute("aria-invalid") == "true"
    assert project.find("#scan-dialog").is_displayed()


def test_a_scan_is_watched_to_its_end(project: Dashboard, tmp_path: Path) -> None:
    project.ask("\n".join([*demo.HOSTS, "10.0.0.1"]), ", ".join(demo.PORTS), mode="append")
    project.click("start-scan")
    project.until("it is shown", lambda: project.state() in ("planning", "running"))
    project.until("targets run", lambda: project.all("#panel-running tbody tr"))
    take_pictures(project, tmp_path, "running")
    project.until("it has ended", lambda: project.state() == "completed", seconds=60)
    assert project.text("scan-percent") == "100 %"
    assert project.find("#scan-counts [data-outcome=done] dd").text == "7"
    phases = [phase.text for phase in project.all("#phases .phase .mono")]
    assert phases == ["7 / 7", "5 / 5"]
    project.click("tab-refused")
    project.until("the refusal is listed", lambda: "10.0.0.1" in project.text("panel-refused"))
    project.click("tab-targets")
    project.until("all are listed", lambda: len(project.all("#panel-targets tbody tr")) == 8)
    assert "demo-a.tasker.test" in project.text("panel-targets")
    project.click("tab-workers")
    project.until("both workers are listed", lambda: len(project.all("#panel-workers tbody tr")) == 2)
    project.click("tab-audit")
    project.until("its start is listed", lambda: "start" in project.text("panel-audit"))
    project.click("tab-scans")
    take_pictures(project, tmp_path, "completed")


def take_pictures(page: Dashboard, folder: Path, name: str) -> None:
    """Pictures for people to look at; on each, the page fits its window."""
    for kind, width, height, theme in (("dark", 1360, 1000, "dark"), ("light", 1360, 1000, "light"), ("phone", 390, 844, "dark")):
        page.browser.emulate(width, height, theme)
        assert page.browser.script("return document.documentElement.scrollWidth") <= width
        page.browser.driver.save_screenshot(str(folder / f"{name}-{kind}.png"))
    page.browser.end_emulation()


def test_pause_resume_and_a_stop_with_its_receipt(project: Dashboard) -> None:
    project.ask("127.0.25.0/24", "1-20000", mode="append")
    project.click("start-scan")
    project.until("it runs", lambda: project.state() == "running")
    project.click("pause-scan")
    project.until("it is paused", lambda: project.state() == "paused")
    project.click("resume-all")
    project.until("it goes on", lambda: project.state() == "running")
    project.click("stop-all")
    project.press(ESCAPE)
    project.until("it was thought over", lambda: not project.find("#stop-dialog").is_displayed())
    assert project.state() == "running"
    project.click("stop-all")
    project.click("stop-confirm")
    project.until("there is a receipt", lambda: project.all("#receipt dd"))
    revoked, unconfirmed, _ = [int(figure.text) for figure in project.all("#receipt dd")]
    assert revoked > 200 and unconfirmed == 0
    assert project.find("#receipt h2").text == "Stopped" and project.focused() == "receipt"
    project.until("the scan says so", lambda: project.state() == "stopped")


def test_what_was_left_out_is_scanned_with_a_click(project: Dashboard, alice: Client) -> None:
    alice.start(request(["127.0.26.1-3"], ["1-200"], open_ports_opts={"max_rate": 2}, timeout=60, mode="insert"))
    refused = alice.start(request(["127.0.26.1-3"], ["1"], mode="insert"))
    assert refused["summary"]["refused"]["already_in_queue"] == 3
    alice.stop()
    project.choose(refused["scan_id"])
    project.click("tab-refused")
    project.until("the refusals are listed", lambda: len(project.all("#panel-refused tbody tr")) == 3)
    project.find("#panel-refused .panel-actions button").click()
    project.until("a new scan has ended", lambda: project.find("#scan-id").get_attribute("title") != refused["scan_id"]
                  and project.state() == "completed")
    assert project.find("#scan-counts [data-outcome=done] dd").text == "3"


def test_everything_is_reached_by_keyboard_and_has_a_name(project: Dashboard, alice: Client) -> None:
    project.choose(alice.start(request(["127.0.23.1-60"], ["1-20000"]))["scan_id"])
    project.until("it runs", lambda: project.state() == "running")
    project.browser.script("document.querySelector('.skip').focus()")
    reached = [project.focused()]
    for _ in range(30):
        project.press(TAB)
        reached.append(project.focused())
    assert reached[0] == "Skip to the content"
    wanted = ["theme", "sign-out", "new-scan", "pause-all", "stop-all", "tab-scans", "pause-scan", "download", "tab-running"]
    assert [name for name in reached if name in wanted][:len(wanted)] == wanted
    project.find("#tab-scans").send_keys(RIGHT)
    assert project.focused() == "tab-workers" and project.find("#panel-workers").is_displayed()
    assert project.nameless("body") == []
    project.find("#new-scan").send_keys("\n")
    assert project.focused() == "hosts"
    assert project.nameless("#scan-dialog") == []
    project.press(ESCAPE)
    project.until("the form is closed", lambda: not project.find("#scan-dialog").is_displayed())
    assert project.focused() == "new-scan"


def test_the_policy_lets_nothing_else_through(page: Dashboard) -> None:
    policy = httpx.get(page.url).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    refused = page.browser.script("try { document.body.innerHTML = '<b>x</b>'; return 'taken' } catch (e) { return e.name }")
    assert refused == "TypeError"
    assert any("TrustedHTML" in complaint for complaint in page.browser.complaints())
