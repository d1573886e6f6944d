"""The written messages of the sample, each with what it says."""

import csv
import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from data.errors import InputError
from data.sample.design import CAMPAIGNS, FIRST_DAY, PRODUCTS

_SEED: Final = 20251101


@dataclass(slots=True, kw_only=True)
class Message:
    """One message on its way into the sample.

    Attributes:
        parts: Cause and side of each thing that it says; one of ``LOOSE`` and "none" if it says nothing planted.
    """

    product: str
    language: str
    text: str
    parts: tuple[tuple[str, str], ...]
    campaign: int | None = None
    author: str = ""
    day: date = FIRST_DAY
    id: str = ""

    @property
    def causes(self) -> frozenset[str]:
        """Causes that the message speaks of."""
        return frozenset(cause for cause, _ in self.parts)

    def chance(self, purpose: str) -> random.Random:
        """Chance that belongs to this text: adding texts leaves the others as they are."""
        return seeded(f"{purpose}:{self.product}:{self.text}")


def read_texts(folder: Path) -> list[Message]:
    """Messages of ``<product>.tsv`` in ``folder`` in an order of their own, then those of the campaigns.

    Raises:
        InputError: A text comes twice.
    """
    messages: dict[str, Message] = {}
    for name, product in PRODUCTS.items():
        with (folder / f"{name}.tsv").open(encoding="utf-8", newline="\n") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                message = Message(
                    product=product,
                    language=row["lang"],
                    text=row["text"].strip(),
                    parts=tuple(part_of(part) for part in row["key"].split("+")),
                )
                if f"{product}:{message.text}" in messages:
                    raise InputError(f"{name}.tsv holds {message.text!r} twice: drop one")
                messages[f"{product}:{message.text}"] = message
    written = [messages[key] for key in sorted(messages)]
    return written + [
        Message(
            product=campaign.product,
            language=campaign.language,
            text=text,
            parts=(("spam", "none"),),
            campaign=number,
            day=campaign.first_day,
        )
        for number, campaign in enumerate(CAMPAIGNS)
        for text in campaign.texts
    ]


def part_of(key: str) -> tuple[str, str]:
    """Cause and side of one part of a key: "examples:too_little"."""
    cause, _, side = key.partition(":")
    return cause, side


def seeded(purpose: str) -> random.Random:
    """Chance that is the same in every run and on every system."""
    return random.Random(f"{_SEED}:{purpose}")  # noqa: S311
