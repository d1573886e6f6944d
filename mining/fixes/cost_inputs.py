"""What a case and a customer are worth, as ranges with their sources, from a YAML file that people edit."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any, Final

from data.errors import SettingsError

ASSUMED: Final = Path(__file__).with_name("costs.yaml")
_FIGURES: Final = ("case", "cases_per_complaint", "customer")


@dataclass(frozen=True, slots=True)
class Figure:
    """A range of amounts, and where it is from."""

    low: float
    high: float
    source: str


@dataclass(frozen=True, slots=True)
class CostInputs:
    """The figures behind the cost of a cause.

    Attributes:
        currency: Of ``case`` and ``customer``.
        figures: "case" (of one case), "cases_per_complaint", and "customer" (a year of one).
        of_causes: Cause id to figures that hold for it alone.
    """

    currency: str
    figures: Mapping[str, Figure]
    of_causes: Mapping[str, Mapping[str, Figure]]

    def figure(self, name: str, cause: str) -> Figure:
        """The figure for a cause: its own, or that for all."""
        return self.of_causes.get(cause, {}).get(name, self.figures[name])


def read_costs(path: Path = ASSUMED) -> CostInputs:
    """Read the figures; what ``path`` leaves out is assumed as in the file that ships.

    Raises:
        SettingsError: The file is no such YAML, or a figure is none.
    """
    given, assumed = _mapping(path), _mapping(ASSUMED)
    unknown = sorted(set(given) - {"currency", "causes", *_FIGURES})
    if unknown:
        raise SettingsError(
            f"{path}: {unknown[0]!r} is no figure; allowed are currency, causes, {', '.join(_FIGURES)}"
        )
    causes = given.get("causes") or {}
    if not isinstance(causes, dict) or not all(isinstance(own, dict) for own in causes.values()):
        raise SettingsError(f"{path}: causes: give a mapping of cause ids to figures")
    return CostInputs(
        currency=str(given.get("currency", assumed["currency"]))[:8],
        figures={name: _figure(path, name, given.get(name, assumed[name])) for name in _FIGURES},
        of_causes={
            str(cause): {
                name: _figure(path, f"{cause}.{name}", own[name]) for name in _FIGURES if name in own
            }
            for cause, own in causes.items()
        },
    )


def _mapping(path: Path) -> dict[str, Any]:
    import yaml

    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is no YAML ({error}): begin with a copy of {ASSUMED}") from error
    if not isinstance(read, dict):
        raise SettingsError(f"{path} holds no figures: begin with a copy of {ASSUMED}")
    return read


def _figure(path: Path, name: str, given: Any) -> Figure:
    if isinstance(given, dict):
        low, high, source = _amount(given.get("low")), _amount(given.get("high")), given.get("source")
        if (
            low is not None
            and high is not None
            and low <= high
            and isinstance(source, str)
            and source.strip()
        ):
            return Figure(low, high, source.strip())
    raise SettingsError(
        f"{path}: {name}: give low and high, 0 <= low <= high, and the source that they are from"
    )


def _amount(value: Any) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and isfinite(value) and value >= 0 else None
