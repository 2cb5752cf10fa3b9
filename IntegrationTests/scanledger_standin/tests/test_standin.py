import time

import httpx
import pytest

from scanledger_standin.accounts import PROJECT_A, PROJECT_B
from scanledger_standin.modes import merge
from scanledger_standin.report import hosts_of

A, B = f"/projects/{PROJECT_A}", f"/projects/{PROJECT_B}"


def port(number, state="open", service="", protocol="tcp"):
    return (f'<port protocol="{protocol}" portid="{number}"><state state="{state}" reason="r" reason_ttl="0"/>'
            f'<service name="{service}" method="table" conf="3"/></port>')


def report(*hosts, arguments="nmap -p 1-100 10.0.0.1", head=""):
    """A report of hosts given as (ip, hostnames, ports)."""
    body = "".join(
        f'<host starttime="1" endtime="2"><status state="up" reason="user-set" reason_ttl="0"/>'
        f'<address addr="{ip}" addrtype="ipv4"/><hostnames>'
        + "".join(f'<hostname name="{name}" type="user"/>' for name in names)
        + f'</hostnames><ports>{"".join(ports)}</ports></host>'
        for ip, names, ports in hosts)
    return (f'<?xml version="1.0"?><!DOCTYPE nmaprun{head}><nmaprun scanner="nmap" args="{arguments}" start="1"'
            ' startstr="x" version="7.93" xmloutputversion="1.05">'
            '<scaninfo type="syn" protocol="tcp" numservices="1" services="80"/>'
            f'<verbose level="0"/><debugging level="0"/>{body}</nmaprun>').encode()


def upload(client, xml, mode="insert", project=A):
    return client.post(f"{project}/ips/import", params={"mode": mode}, files={"file": ("r.xml", xml)})


def states(client, ip="10.0.0.1"):
    return {found["number"]: found["state"] for found in client.get(f"{A}/ips/{ip}").json()["ports"]}


def test_a_user_sees_only_the_own_project_and_only_an_admin_learns_of_unknown_ones(as_user, base_url):
    alice, tasker = as_user("alice"), as_user("tasker")
    unknown = "/projects/cccccccc-0000-4000-8000-000000000003"
    assert alice.get(A).json()["id"] == str(PROJECT_A)
    assert [alice.get(path).status_code for path in (B, unknown, "/projects/x")] == [401, 401, 422]
    assert [tasker.get(path).status_code for path in (A, B, unknown, "/projects/x")] == [200, 200, 404, 422]
    assert (len(alice.get("/projects").json()), len(tasker.get("/projects").json())) == (1, 2)
    refused = httpx.get(base_url + A, headers={"Authorization": "Bearer nonsense"})
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")


def test_hosts_are_paged_in_order_and_without_ports_only_on_request(as_user):
    tasker = as_user("tasker")
    names = [{"ip": f"10.0.0.{n}", "hostnames": ["a.test"], "ports": []} for n in (3, 1, 2)]
    assert tasker.post(f"{A}/ips", json=names).json() == ["10.0.0.3", "10.0.0.1", "10.0.0.2"]
    assert tasker.get(f"{A}/ips").json() == []
    page = tasker.get(f"{A}/ips", params={"has_ports": "false", "skip": 1, "limit": 1}).json()
    assert [host["ip"] for host in page] == ["10.0.0.2"]
    assert tasker.get(f"{A}/ips/10.0.0.9").status_code == 404
    assert tasker.post(f"{A}/ips", json=[{"ip": "nope"}]).status_code == 422


def test_insert_skips_a_known_host_but_takes_its_new_names(as_user):
    tasker = as_user("tasker")
    assert upload(tasker, report(("10.0.0.1", ["a.test"], [port(80)]))).json() == ["10.0.0.1"]
    assert upload(tasker, report(("10.0.0.1", ["b.test"], [port(81)]))).json() == []
    host = tasker.get(f"{A}/ips/10.0.0.1").json()
    assert (host["hostnames"], [p["number"] for p in host["ports"]]) == (["a.test", "b.test"], [80])


@pytest.mark.parametrize("mode, expected, service", [
    ("append", {80: "open", 90: "open", 200: "open", 95: "open"}, "http"),
    ("update", {80: "closed", 90: "open", 200: "open", 95: "open"}, "http"),
    ("replace", {80: "closed", 90: "closed", 200: "open", 95: "open"}, "http"),
])
def test_modes_differ_in_what_they_close(as_user, mode, expected, service):
    tasker = as_user("tasker")
    upload(tasker, report(("10.0.0.1", [], [port(80, service="http"), port(90), port(200)])))
    assert upload(tasker, report(("10.0.0.1", [], [port(80, "closed"), port(95)])), mode).json() == ["10.0.0.1"]
    assert states(tasker) == expected
    assert tasker.get(f"{A}/ips/10.0.0.1").json()["ports"][0]["service"] == service


def test_replace_closes_nothing_of_the_other_protocol():
    (stored,) = hosts_of(report(("10.0.0.1", [], [port(53), port(53, protocol="udp")])))
    (empty,) = hosts_of(report(("10.0.0.1", [], []), arguments="nmap -p 53 -sU 10.0.0.1"))
    merged = merge(stored.document, empty, "replace")
    assert [(found["protocol"], found["state"]) for found in merged["ports"]] == [("tcp", "open"), ("udp", "closed")]


def test_broken_hostile_and_large_reports_are_refused(as_user):
    tasker = as_user("tasker")
    whole = report(("10.0.0.1", [], [port(80)]))
    hostile = report(("10.0.0.1", [], []), head=' [<!ENTITY a "b">]')
    answers = [upload(tasker, xml).status_code for xml in (whole[:-20], hostile, report(), whole + b" " * 100000)]
    assert answers == [500, 500, 400, 413]
    assert upload(tasker, whole, "overwrite").status_code == 422
    assert tasker.get(f"{A}/ips/10.0.0.1").status_code == 404


def test_the_journal_tells_who_imported_what(as_user, tmp_path):
    alice = as_user("alice")
    upload(alice, report(("10.0.0.1", ["a.test"], [port(80)])), "update")
    entry, = alice.get("/_standin/journal").json()["entries"]
    assert (entry["user"], entry["status"], entry["method"]) == ("alice", 200, "POST")
    assert entry["import"] == {"mode": "update", "track_history": True, "accepted": ["10.0.0.1"],
                               "hosts": [{"ip": "10.0.0.1", "ports": ["80/tcp/open"], "hostnames": ["a.test"]}]}
    assert alice.get("/_standin/journal", params={"since": 1}).json() == {"entries": [], "next": 1}
    assert len((tmp_path / "journal").read_text().splitlines()) == 1


def test_faults_answer_delay_or_drop_as_often_as_told(as_user):
    tasker = as_user("tasker")
    tasker.post("/_standin/faults", json={"match": "/import$", "status": 503, "times": 1})
    tasker.post("/_standin/faults", json={"match": "/import$", "method": "POST", "drop_reply": True, "times": 1})
    xml = report(("10.0.0.1", [], [port(80)]))
    assert upload(tasker, xml).status_code == 503
    assert tasker.get(f"{A}/ips/10.0.0.1").status_code == 404
    with pytest.raises(httpx.RemoteProtocolError):
        upload(tasker, xml)
    assert tasker.get(f"{A}/ips/10.0.0.1").status_code == 200
    assert upload(tasker, xml).json() == []
    tasker.post("/_standin/faults", json={"match": "/health", "delay": 0.3})
    started = time.monotonic()
    assert tasker.get("/health").status_code == 200
    assert time.monotonic() - started >= 0.3
    assert tasker.delete("/_standin/faults").json() == []
    faults = [entry["fault"] and entry["fault"]["match"] for entry in tasker.get("/_standin/journal").json()["entries"]]
    assert faults == ["/import$", None, "/import$", None, None, "/health"]
