"""The manifests: against Kubernetes' own schemas, and rules of our own."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import kubernetes_validate
import pytest
import yaml
from conftest import consumer_timeout

KUBERNETES = Path(__file__).resolve().parents[1] / "kubernetes"
BUILDS = ("base", "overlays/single-node", "overlays/production")
WORKLOADS = ("Deployment", "StatefulSet")


@pytest.fixture(scope="module", params=BUILDS)
def objects(request: pytest.FixtureRequest) -> list[dict]:
    if shutil.which("kubectl") is None:
        pytest.skip("there is no kubectl (1.21 or later), which builds the overlays")
    done = subprocess.run(["kubectl", "kustomize", KUBERNETES / request.param], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def pods(objects: list[dict]) -> Iterator[tuple[str, dict]]:
    for entry in objects:
        if entry["kind"] in WORKLOADS:
            yield entry["metadata"]["name"], entry["spec"]["template"]["spec"]


def of_kind(objects: list[dict], kind: str) -> dict[tuple[str, str], dict]:
    return {
        (entry["metadata"].get("namespace", ""), entry["metadata"]["name"]): entry
        for entry in objects if entry["kind"] == kind
    }


@pytest.mark.parametrize("file", sorted(KUBERNETES.rglob("*.yaml")), ids=lambda file: str(file.relative_to(KUBERNETES)))
def test_each_file_follows_the_schemas(file: Path) -> None:
    for entry in yaml.safe_load_all(file.read_text()):
        if entry["kind"] not in ("Kustomization", "Component"):
            kubernetes_validate.validate(entry, "1.31", strict=True)


def test_what_is_built_follows_the_schemas(objects: list[dict]) -> None:
    for entry in objects:
        kubernetes_validate.validate(entry, "1.31", strict=True)


def test_every_container_is_restricted(objects: list[dict]) -> None:
    enforced = {
        name: namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
        for (_, name), namespace in of_kind(objects, "Namespace").items()
    }
    assert enforced["tasker"] == "restricted"
    for name, pod in pods(objects):
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["enableServiceLinks"] is False, f"{name}: Kubernetes would set API_PORT to a URL"
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        for container in pod["containers"]:
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False and context["readOnlyRootFilesystem"] is True, name
            assert context["capabilities"]["drop"] == ["ALL"], name
            if name == "worker" and enforced["tasker-workers"] == "privileged":
                assert context["capabilities"]["add"] == ["NET_RAW"]
            else:
                assert "add" not in context["capabilities"] and pod["securityContext"]["runAsNonRoot"] is True, name
            assert {"cpu", "memory"} <= set(container["resources"]["requests"]), name
            assert "memory" in container["resources"]["limits"], name
            assert re.search(r":\d+\.\d+\.\d+[\w.-]*$", container["image"]), f"{name} follows a moving tag"


def test_liveness_does_not_ask_for_what_others_must_do(objects: list[dict]) -> None:
    """A dependency that is away must not restart a pod."""
    for name, pod in pods(objects):
        if name in ("api", "coordinator"):
            container = pod["containers"][0]
            assert container["livenessProbe"]["httpGet"]["path"] == "/livez"
            assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
            assert container["startupProbe"]["httpGet"]["path"] == "/livez"
            # DRAIN_TIME, and the 20 s that a program may take to end.
            assert pod["terminationGracePeriodSeconds"] > 5 + 20


def test_every_reference_is_there(objects: list[dict]) -> None:
    maps = {name for _, name in of_kind(objects, "ConfigMap")}
    ours = {"tasker", "tasker-worker", "tasker-tls", "tasker-authorities", "tasker-datastores"}
    for name, pod in pods(objects):
        ports = {port["name"] for port in pod["containers"][0].get("ports", [])}
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            ask = pod["containers"][0].get(probe, {})
            for kind in ("httpGet", "tcpSocket"):
                assert kind not in ask or ask[kind]["port"] in ports, (name, probe)
        for source in pod["containers"][0].get("envFrom", []):
            if "configMapRef" in source:
                assert source["configMapRef"]["name"] in maps, name
            else:
                assert source["secretRef"]["name"] in ours, name
        for volume in pod.get("volumes", []):
            assert "secret" not in volume or volume["secret"]["secretName"] in ours, name
            assert "configMap" not in volume or volume["configMap"]["name"] in maps, name


def test_selectors_find_their_pods(objects: list[dict]) -> None:
    labels = {
        entry["metadata"]["name"]: entry["spec"]["template"]["metadata"]["labels"]
        for entry in objects if entry["kind"] in WORKLOADS
    }
    for kind in ("Service", "PodDisruptionBudget"):
        for (_, name), entry in of_kind(objects, kind).items():
            selector = entry["spec"]["selector"]
            assert (selector.get("matchLabels") or selector).items() <= labels[name].items(), (kind, name)


def test_both_namespaces_are_closed_by_default(objects: list[dict]) -> None:
    policies = of_kind(objects, "NetworkPolicy")
    for namespace in ("tasker", "tasker-workers"):
        policy = policies[namespace, "deny-all"]["spec"]
        assert policy["podSelector"] == {} and set(policy["policyTypes"]) == {"Ingress", "Egress"}
        assert "ingress" not in policy and "egress" not in policy
    assert "ingress" not in policies["tasker-workers", "worker"]["spec"]


def test_only_settings_that_exist_are_set(objects: list[dict], settings: set[str], worker_settings: set[str]) -> None:
    for (namespace, name), entry in of_kind(objects, "ConfigMap").items():
        if name.startswith("tasker-worker"):
            assert set(entry["data"]) <= worker_settings, (namespace, name)
        elif name.startswith("tasker"):
            assert set(entry["data"]) <= settings, (namespace, name)
    for name, pod in pods(objects):
        known = {"api": settings, "coordinator": settings, "worker": worker_settings}
        if name in known:
            assert {variable["name"] for variable in pod["containers"][0]["env"]} <= known[name], name


def test_tasker_knows_how_long_the_broker_waits(objects: list[dict]) -> None:
    maps = {re.sub(r"-[^-]+$", "", name): entry["data"] for (_, name), entry in of_kind(objects, "ConfigMap").items()}
    if "datastores" in maps:
        timeout = maps["tasker"]["RABBITMQ_CONSUMER_TIMEOUT"]
        assert timeout == consumer_timeout(maps["datastores"]["rabbitmq.conf"])
