"""The example for Kubernetes: its routes, its metric and its command exist."""

from typing import Any

import click
import yaml

from serving.cli import cli
from serving.guard import OPEN
from serving.version import ROOT


def manifests() -> dict[str, Any]:
    text = (ROOT / "docs" / "kubernetes.yaml").read_text(encoding="utf-8")
    return {each["kind"]: each for each in yaml.safe_load_all(text)}


def container() -> Any:
    (only,) = manifests()["Deployment"]["spec"]["template"]["spec"]["containers"]
    return only


def test_probes_ask_what_answers_without_a_key() -> None:
    probes = {name: each["httpGet"]["path"] for name, each in container().items() if name.endswith("Probe")}
    assert probes == {"startupProbe": "/readyz", "readinessProbe": "/readyz", "livenessProbe": "/livez"}
    assert set(probes.values()) <= OPEN


def test_the_command_is_one_of_ours_and_finds_the_volume() -> None:
    name, *arguments = container()["args"]
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    options, rest, _ = command.make_parser(click.Context(command)).parse_args(arguments)
    assert not rest
    assert options["state"] == container()["volumeMounts"][0]["mountPath"]


def test_only_what_is_mounted_is_written() -> None:
    assert container()["securityContext"]["readOnlyRootFilesystem"] is True
    home = next(each["value"] for each in container()["env"] if each["name"] == "BENTOML_HOME")
    mounts = {each["name"]: each["mountPath"] for each in container()["volumeMounts"]}
    assert mounts.keys() == {
        each["name"] for each in manifests()["Deployment"]["spec"]["template"]["spec"]["volumes"]
    }
    assert any(home.startswith(f"{path}/") for path in mounts.values())


def test_everything_names_the_same_service() -> None:
    found = manifests()
    labels = found["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert found["Service"]["spec"]["selector"] == labels
    assert (
        found["ServiceMonitor"]["spec"]["selector"]["matchLabels"] == found["Service"]["metadata"]["labels"]
    )
    assert found["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]["name"] == "countervoice"
    claim = found["Deployment"]["spec"]["template"]["spec"]["volumes"][0]["persistentVolumeClaim"][
        "claimName"
    ]
    assert claim == found["PersistentVolumeClaim"]["metadata"]["name"]
