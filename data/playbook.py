"""The playbook of rescue: how urgent a complaint is, when it is due, and which gesture to begin with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from data.errors import SettingsError
from data.labels import TOPICS
from data.taxonomy import NAMED_IN

PLAYBOOK_NAME: Final = "playbook.yaml"
SHIPPED: Final = Path(__file__).with_name(PLAYBOOK_NAME)
MOST: Final = 1e6
"""Greatest weight, cost and number of days: beyond it a figure is a slip of the hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each signal of urgency counts, >= 0, not all 0; their meaning stands in ``playbook.yaml``."""

    anger: float
    shouting: float
    severity: float
    value: float
    recency: float
    unsolicited: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gesture:
    """What to offer beyond what is asked for.

    Attributes:
        cost: Of one such gesture, in the user's currency, >= 0.
        names: In each language of ``data.taxonomy.NAMED_IN``, one line.
    """

    id: str
    cost: float
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Response:
    """How to answer complaints of one topic or cause: its severity, in [0, 1], and the gesture to begin with."""

    severity: float
    gesture: Gesture


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """One playbook, checked.

    Attributes:
        half_life: Days after which a complaint counts as half as recent, > 0.
        due: Pairs of an urgency and the days within which it is due, most urgent first, the last from urgency 0.
        topics: Every topic of ``data.labels.TOPICS``.
        causes: By cause id; they go before the topics.
    """

    weights: Weights
    half_life: float
    due: Sequence[tuple[float, int]]
    gestures: Mapping[str, Gesture]
    topics: Mapping[str, Response]
    causes: Mapping[str, Response]

    def days_for(self, urgency: float) -> int:
        """Within how many days a person of this urgency, in [0, 100], is due."""
        return next(days for least, days in self.due if urgency >= least)

    @property
    def longest(self) -> int:
        """The days within which everybody is due."""
        return max(days for _, days in self.due)

    def response(self, causes: Sequence[str], topics: Sequence[str]) -> Response:
        """The answer to the worst of ``causes``; without one that is listed, to the worst of ``topics``."""
        found = [self.causes[cause] for cause in causes if cause in self.causes]
        found = found or [self.topics[topic] for topic in topics] or [self.topics["other"]]
        return max(found, key=lambda each: (each.severity, each.gesture.id))


def read_playbook(path: Path = SHIPPED) -> Playbook:
    """Read a playbook in YAML.

    Raises:
        SettingsError: The file cannot be read, or holds something that a playbook cannot.
    """
    import yaml

    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _playbook(entries)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the playbook {path} cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise SettingsError(f"the playbook {path} is no YAML: {' '.join(str(error).split())}") from error
    except KeyError as error:
        raise SettingsError(f"the playbook {path} has no {error}: compare it with {SHIPPED}") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise SettingsError(
            f"the playbook {path} lacks or misspells something ({error!r}): compare it with {SHIPPED}"
        ) from error
    except SettingsError as error:
        raise SettingsError(f"the playbook {path}: {error}") from error


def _playbook(entries: Mapping[str, Any]) -> Playbook:
    gestures = {name: _gesture(name, entry) for name, entry in entries["gestures"].items()}
    missing = sorted(set(TOPICS) ^ set(entries["topics"]))
    if missing:
        raise SettingsError(f"topics must be exactly {', '.join(TOPICS)}; differs in {', '.join(missing)}")
    causes = entries.get("causes") or {}
    return Playbook(
        weights=_weights(entries["weights"]),
        half_life=_number("half_life", entries["half_life"], least=0.1),
        due=_due(entries["due"]),
        gestures=MappingProxyType(gestures),
        topics=MappingProxyType(_responses(entries["topics"], gestures)),
        causes=MappingProxyType(_responses(causes, gestures)),
    )


def _weights(entries: Mapping[str, Any]) -> Weights:
    names = [field.name for field in fields(Weights)]
    if set(entries) != set(names):
        raise SettingsError(
            f"weights must be exactly those of {', '.join(names)}; there are {sorted(entries)}"
        )
    weights = {name: _number(f"weight {name}", entries[name]) for name in names}
    if sum(weights.values()) - weights["value"] <= 0:
        raise SettingsError("all weights but that of value are 0: one at least must be more")
    return Weights(**weights)


def _due(entries: Sequence[Mapping[str, Any]]) -> tuple[tuple[float, int], ...]:
    due = [
        (_number("urgency", entry["urgency"], most=100), int(_number("days", entry["days"])))
        for entry in entries
    ]
    due.sort(reverse=True)
    if not due or due[-1][0] != 0:
        raise SettingsError("due needs an entry with urgency 0, for all that is less urgent")
    return tuple(due)


def _gesture(name: str, entry: Mapping[str, Any]) -> Gesture:
    names = {str(tag): " ".join(str(line).split()) for tag, line in entry["name"].items()}
    missing = [tag for tag in NAMED_IN if not names.get(tag)]
    if missing:
        raise SettingsError(f"gesture {name} lacks its name in {', '.join(missing)}")
    return Gesture(
        id=str(name), cost=_number(f"cost of {name}", entry["cost"]), names=MappingProxyType(names)
    )


def _responses(entries: Mapping[str, Any], gestures: Mapping[str, Gesture]) -> dict[str, Response]:
    return {name: _response(name, entry, gestures) for name, entry in entries.items()}


def _response(name: str, entry: Mapping[str, Any], gestures: Mapping[str, Gesture]) -> Response:
    gesture = gestures.get(entry["gesture"])
    if gesture is None:
        raise SettingsError(f"{name} names the gesture {entry['gesture']!r}; there are {', '.join(gestures)}")
    return Response(_number(f"severity of {name}", entry["severity"], most=1), gesture)


def _number(name: str, given: object, *, least: float = 0.0, most: float = MOST) -> float:
    if isinstance(given, bool) or not isinstance(given, (int, float)) or not least <= given <= most:
        raise SettingsError(f"{name} is {given!r}; allowed is a number from {least:g} to {most:g}")
    return float(given)
