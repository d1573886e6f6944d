"""``countervoice serve``: each option has a variable, which the service that it starts is told the value of."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from serving import launch
from serving.cli import cli
from serving.configuration import Configuration
from serving.launch import ServeSettings

VARIABLES = {
    "COUNTERVOICE_STATE": ("kept", "state", Path("kept")),
    "COUNTERVOICE_MODEL": ("mine", "model", Path("mine")),
    "COUNTERVOICE_RUNTIME": ("torch", "runtime", "torch"),
    "COUNTERVOICE_DATABASE": ("sqlite:///kept.db", "database", "sqlite:///kept.db"),
    "COUNTERVOICE_KEYS": ("required", "policy", "required"),
    "COUNTERVOICE_RATE": ("7", "rate_limit", 7),
    "COUNTERVOICE_REDACT": ("off", "redact", False),
    "COUNTERVOICE_LATENCY_BUDGET": ("0.5", "latency_budget", 0.5),
    "COUNTERVOICE_LOG_FORMAT": ("json", "log_format", "json"),
}


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[ServeSettings]:
    """What was to be served, each time."""
    found: list[ServeSettings] = []

    def serve(settings: ServeSettings, **named: Any) -> int:
        found.append(settings)
        return 0

    monkeypatch.setattr(launch, "serve", serve)
    return found


def run(*words: str, **variables: str) -> Result:
    return CliRunner().invoke(cli, ["serve", *words], env=variables)


def test_every_variable_of_a_service_has_an_option() -> None:
    from serving.database.connection import database_url

    whole = Configuration(state=Path("out"), database=database_url(None, Path("out")), model=Path("model"))
    assert set(whole.environment()) == set(VARIABLES)
    shown = run("--help").output
    assert {name for name in VARIABLES if name not in shown} == set()


@pytest.mark.parametrize("name", VARIABLES)
def test_a_variable_counts(launched: list[ServeSettings], name: str) -> None:
    given, option, value = VARIABLES[name]
    assert run(**{name: given}).exit_code == 0
    assert getattr(launched[0], option) == value
    assert run(**{name: ""}).exit_code == 0
    assert getattr(launched[1], option) == getattr(ServeSettings(state=Path("out")), option)


@pytest.mark.parametrize(
    ("words", "name", "given", "option", "value"),
    [
        (("--no-keys",), "COUNTERVOICE_KEYS", "required", "policy", "off"),
        (("--keys",), "COUNTERVOICE_KEYS", "off", "policy", "required"),
        (("--redact",), "COUNTERVOICE_REDACT", "off", "redact", True),
        (("--no-redact",), "COUNTERVOICE_REDACT", "on", "redact", False),
        (("--rate-limit", "5"), "COUNTERVOICE_RATE", "7", "rate_limit", 5),
        (("--log-format", "text"), "COUNTERVOICE_LOG_FORMAT", "json", "log_format", "text"),
    ],
)
def test_an_option_wins(
    launched: list[ServeSettings], words: tuple[str, ...], name: str, given: str, option: str, value: object
) -> None:
    assert run(*words, **{name: given}).exit_code == 0
    assert getattr(launched[0], option) == value


@pytest.mark.parametrize(("host", "policy"), [("127.0.0.1", "loopback"), ("0.0.0.0", "required")])
def test_loopback_lets_in_nobody_from_elsewhere(
    launched: list[ServeSettings], host: str, policy: str
) -> None:
    assert run("--host", host, COUNTERVOICE_KEYS="loopback").exit_code == 0
    assert launched[0].policy == policy


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("COUNTERVOICE_KEYS", "yes", "'yes' is not one of required, loopback, off"),
        ("COUNTERVOICE_REDACT", "no", "'no' is not one of on, off"),
        ("COUNTERVOICE_RATE", "many", "'many' is not"),
        ("COUNTERVOICE_LATENCY_BUDGET", "nan", "nan is not"),
        ("COUNTERVOICE_LOG_FORMAT", "JSON", "'JSON' is not one of"),
        ("COUNTERVOICE_RUNTIME", "abacus", "'abacus' is not one of"),
    ],
)
def test_a_word_that_means_nothing_is_refused(
    launched: list[ServeSettings], name: str, given: str, said: str
) -> None:
    refused = run(**{name: given})
    assert refused.exit_code == 2
    line = refused.stderr.splitlines()[-1]
    assert name in line
    assert said in line
    assert not launched
