"""The topics that feedback can be about, with the lever that each calls for."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from data.errors import SettingsError
from data.labels import TOPICS

LEVERS: Final = ("product", "service", "education", "price")
NAMED_IN: Final = ("vi", "th", "lv", "zh", "en")

_FILE: Final = Path(__file__).with_name("taxonomy.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One entry of the taxonomy.

    Attributes:
        id: One of ``data.labels.TOPICS``.
        lever: What would have to change, one of ``LEVERS``.
        names, descriptions: In each language of ``NAMED_IN``, one line.
    """

    id: str
    lever: str
    names: Mapping[str, str]
    descriptions: Mapping[str, str]


@cache
def taxonomy() -> Mapping[str, Topic]:
    """Every topic by its id, in the order of ``data.labels.TOPICS``.

    Raises:
        SettingsError: The file does not hold exactly those topics, each with a lever and all its texts.
    """
    import yaml

    return read_taxonomy(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def read_taxonomy(entries: Mapping[str, Any]) -> Mapping[str, Topic]:
    """Check the parsed taxonomy file and give its topics."""
    if tuple(entries) != TOPICS:
        wrong = sorted(set(entries) ^ set(TOPICS)) or "their order"
        raise SettingsError(f"the taxonomy must hold the topics {', '.join(TOPICS)}; differs in {wrong}")
    return MappingProxyType({topic: _topic(topic, entry) for topic, entry in entries.items()})


def _topic(topic: str, entry: Mapping[str, Any]) -> Topic:
    if entry["lever"] not in LEVERS:
        raise SettingsError(
            f"lever {entry['lever']!r} of topic {topic}: it must be one of {', '.join(LEVERS)}"
        )
    for part in ("name", "about"):
        missing = [tag for tag in NAMED_IN if not str(entry[part].get(tag, "")).strip()]
        if missing:
            raise SettingsError(f"topic {topic} lacks its {part} in {', '.join(missing)}")
    return Topic(
        id=topic,
        lever=entry["lever"],
        names=MappingProxyType(dict(entry["name"])),
        descriptions=MappingProxyType(dict(entry["about"])),
    )
