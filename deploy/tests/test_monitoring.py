"""Alert rules, dashboard and monitors: they parse, and name only metrics, labels and pods that exist."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import promql_parser as promql
import pytest
import yaml

DEPLOY = Path(__file__).resolve().parents[1]
MONITORING = DEPLOY / "monitoring"
DOCS = DEPLOY.parent / "docs"
RULES = yaml.safe_load((MONITORING / "alerts.yaml").read_text())["spec"]["groups"][0]["rules"]
DASHBOARD = json.loads((MONITORING / "dashboard.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]

EXPRESSIONS = {
    **{rule["alert"]: rule["expr"] for rule in RULES},
    **{f"{panel['title']} {target['refId']}": target["expr"].replace("$__rate_interval", "5m")
       for panel in PANELS for target in panel["targets"]},
}
#: Of labels whose values the catalogue does not list.
OPEN_VALUES = {
    "status": {"1xx", "2xx", "3xx", "4xx", "5xx"},
    "route": set(re.findall(r"`(?:GET )?(/[a-z]+)`", (DEPLOY.parent / "README.md").read_text())),
}


@pytest.fixture(scope="module")
def catalogue() -> dict[str, tuple[str, dict[str, set[str]]]]:
    """The kind and the labels of every series, from the page that Swift tests hold against the catalogues."""
    series: dict[str, tuple[str, dict[str, set[str]]]] = {}
    rows = re.findall(r"^\| `(tasker_\w+)` \| (\w+) \| (.*?) \|", (DOCS / "metrics.md").read_text(), re.MULTILINE)
    for name, kind, described in rows:
        labels = {label: set(values.split(", ")) - {""} for label, values in re.findall(r"`(\w+)`(?:: ([^;]*))?", described)}
        for suffix in ("_bucket", "_sum", "_count") if kind == "histogram" else ("",):
            known = series.get(name + suffix, (kind, {}))[1]
            merged = {label: known.get(label, set()) | values for label, values in labels.items()}
            series[name + suffix] = (kind, merged)
    assert len(rows) > 30
    return series


def children(node: object) -> Iterator[object]:
    for field in ("expr", "lhs", "rhs", "param", "args"):
        value = getattr(node, field, None)
        yield from value if isinstance(value, list) else [] if value is None else [value]


def selectors(node: object, function: str = "") -> Iterator[tuple[promql.VectorSelector, str]]:
    """Every selector with the function that it is an argument of."""
    if isinstance(node, promql.MatrixSelector):
        yield node.vector_selector, function
    elif isinstance(node, promql.VectorSelector):
        yield node, function
    else:
        called = node.func.name if isinstance(node, promql.Call) else function
        for child in children(node):
            yield from selectors(child, called)


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_names_what_is_there(name: str, catalogue: dict[str, tuple[str, dict[str, set[str]]]]) -> None:
    found = list(selectors(promql.parse(EXPRESSIONS[name])))
    assert found
    for selector, function in found:
        kind, labels = catalogue[selector.name]
        assert (function in ("rate", "increase")) == (kind != "gauge"), f"{selector.name} within {function}"
        for matcher in selector.matchers.matchers:
            values = labels[matcher.name] or OPEN_VALUES[matcher.name]
            assert set(matcher.value.split("|")) <= values, f"{selector.name}{{{matcher.name}}} is never {matcher.value}"
    for label in re.findall(r"by \((.*?)\)", EXPRESSIONS[name]):
        wanted = {part.strip() for part in label.split(",")} - {"le"}
        assert all(wanted <= set(catalogue[selector.name][1]) for selector, _ in found), f"by ({label})"


def test_every_alert_is_explained() -> None:
    explained = re.findall(r"^## (\w+)$", (DOCS / "alerts.md").read_text(), re.MULTILINE)
    assert explained == [rule["alert"] for rule in RULES]
    for rule in RULES:
        assert rule["labels"]["severity"] in ("critical", "warning") and rule["annotations"]["summary"].endswith(".")
        assert re.fullmatch(r"\d+[smh]", rule.get("for", "1m"))


def test_panels_lie_beside_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert not taken & cells and place["x"] + place["w"] <= 24, panel["title"]
        taken |= cells
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(ids)) == len(ids)
    assert {panel["datasource"]["uid"] for panel in PANELS} == {"${datasource}"}


@pytest.mark.parametrize("overlay", ["single-node", "production"])
def test_the_component_joins_every_overlay(overlay: str, tmp_path: Path) -> None:
    if shutil.which("kubectl") is None:
        pytest.skip("there is no kubectl (1.21 or later), which builds the overlays")
    shutil.copytree(DEPLOY / "kubernetes", tmp_path / "kubernetes")
    shutil.copytree(MONITORING, tmp_path / "monitoring")
    own = tmp_path / "kubernetes" / "overlays" / "own"
    own.mkdir()
    components = ["../../../monitoring", *(["../../../monitoring/tls"] if overlay == "production" else [])]
    (own / "kustomization.yaml").write_text(f"resources: [../{overlay}]\ncomponents: [{', '.join(components)}]\n")
    done = subprocess.run(["kubectl", "kustomize", own], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    objects = list(yaml.safe_load_all(done.stdout))
    pods = {
        name: entry["spec"]["template"] for entry in objects
        if entry["kind"] == "Deployment" and (name := entry["metadata"]["name"]) != "worker"
    }
    monitors = {entry["metadata"]["name"]: entry["spec"] for entry in objects if entry["kind"] == "PodMonitor"}
    assert set(monitors) == set(pods)
    for name, monitor in monitors.items():
        assert monitor["selector"]["matchLabels"].items() <= pods[name]["metadata"]["labels"].items()
        ports = {port["name"] for port in pods[name]["spec"]["containers"][0]["ports"]}
        [endpoint] = monitor["podMetricsEndpoints"]
        assert endpoint["port"] in ports
        probe = pods[name]["spec"]["containers"][0]["readinessProbe"]["httpGet"]
        assert endpoint.get("scheme", "http") == probe.get("scheme", "HTTP").lower(), name
    assert [entry for entry in objects if entry["kind"] == "PrometheusRule"]
    shown = next(entry for entry in objects if entry["metadata"]["name"].startswith("grafana-dashboard"))
    assert json.loads(shown["data"]["tasker.json"]) == DASHBOARD


def test_balancers_keep_metrics_to_themselves() -> None:
    """The balancer of the local stack, which end-to-end tests ask, has the rule that is shipped."""
    rule = r"http-request return status 404 if \{+ path,url_dec -m reg \^/\+metrics/\*\$ \}+\n    default_backend"
    for file in (DEPLOY / "compose/haproxy.cfg", DEPLOY.parent / "scripts/lib/local_stack/tasker_servers.py"):
        assert re.search(rule, file.read_text()), file
