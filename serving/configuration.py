"""What the service was told by its environment: the one place that knows the names ``COUNTERVOICE_*``."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import URL

from serving.database.connection import database_url
from serving.logs import LogFormat
from serving.pace import LATENCY_BUDGET_S
from serving.rate_limit import RATE

KeyPolicy = Literal["required", "loopback", "off"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """How the service runs, the same in each of its processes.

    Attributes:
        state: Folder that ``countervoice mine --out`` wrote, and that jobs write.
        database: Where feedback, jobs and keys are kept.
        model: Checkpoint folder; None for the one that ships.
        keys: The policy of ``serving.gate``.
        rate: Requests a minute of one caller; 0 for no limit.
        redact: Whether to take personal data out of feedback before it is kept.
        log_format: For people or for programs.
        latency_budget: Seconds within which a classification is expected to begin; 0 for any.
    """

    state: Path
    database: URL
    model: Path | None = None
    runtime: str = "auto"
    keys: KeyPolicy = "required"
    rate: int = RATE
    redact: bool = True
    log_format: LogFormat = "text"
    latency_budget: float = LATENCY_BUDGET_S

    def environment(self) -> dict[str, str]:
        """Everything as variables, for a process that is to run alike; paths made absolute."""
        chosen = {"COUNTERVOICE_MODEL": str(self.model.absolute())} if self.model else {}
        return {
            **chosen,
            "COUNTERVOICE_DATABASE": self.database.render_as_string(hide_password=False),
            "COUNTERVOICE_KEYS": self.keys,
            "COUNTERVOICE_LATENCY_BUDGET": str(self.latency_budget),
            "COUNTERVOICE_LOG_FORMAT": self.log_format,
            "COUNTERVOICE_RATE": str(self.rate),
            "COUNTERVOICE_REDACT": "on" if self.redact else "off",
            "COUNTERVOICE_RUNTIME": self.runtime,
            "COUNTERVOICE_STATE": str(self.state.absolute()),
        }


def configuration(environment: Mapping[str, str] = os.environ) -> Configuration:
    """Read the variables; what is not set, or is no allowed word, is the safe choice.

    Raises:
        SettingsError: The database is none that we can use.
    """
    state = Path(environment.get("COUNTERVOICE_STATE", "out"))
    model = environment.get("COUNTERVOICE_MODEL")
    rate = environment.get("COUNTERVOICE_RATE", "")
    return Configuration(
        state=state,
        database=database_url(environment.get("COUNTERVOICE_DATABASE"), state),
        model=Path(model) if model else None,
        runtime=environment.get("COUNTERVOICE_RUNTIME", "auto"),
        keys=_policy(environment.get("COUNTERVOICE_KEYS")),
        rate=int(rate) if rate.isdecimal() else RATE,
        redact=environment.get("COUNTERVOICE_REDACT") != "off",
        log_format="json" if environment.get("COUNTERVOICE_LOG_FORMAT") == "json" else "text",
        latency_budget=_seconds(environment.get("COUNTERVOICE_LATENCY_BUDGET"), LATENCY_BUDGET_S),
    )


def _seconds(given: str | None, default: float) -> float:
    try:
        seconds = float(given or "")
    except ValueError:
        return default
    return seconds if math.isfinite(seconds) and seconds >= 0 else default


def _policy(given: str | None) -> KeyPolicy:
    return "loopback" if given == "loopback" else "off" if given == "off" else "required"
