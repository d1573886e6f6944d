"""Who speaks well of you, with the reason in words."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

from data.labels import COMPLAINTS
from mining.loyalty.results import Advocate
from mining.loyalty.word_of_mouth import is_public
from mining.loyalty.writers import Writer
from mining.rating_scale import Scale
from mining.report_words import excerpt

_LABEL: Final = 40


def find_advocates(
    writers: Sequence[Writer], scale: Scale | None, public: Collection[str], labels: Mapping[str, str]
) -> list[Advocate]:
    """Who praised a cause, complained of none, rates at the top or not at all, and has not left.

    Most messages of praise in public first, then the latest to write.
    """
    found = [
        _advocate(writer, public, labels) for writer in writers if _praises(writer) and _stays(writer, scale)
    ]
    return sorted(
        found, key=lambda each: (-each.public, -(each.last_wrote or date.min).toordinal(), each.person)
    )


def _praises(writer: Writer) -> bool:
    sides = {side for _, side in writer.said}
    return "praise" in sides and sides.isdisjoint(COMPLAINTS)


def _stays(writer: Writer, scale: Scale | None) -> bool:
    rated = writer.latest_rated
    at_top = rated is None or scale is None or (rated.rating or 0.0) >= scale[1]
    return at_top and (writer.customer is None or writer.customer.left_on is None)


def _advocate(writer: Writer, public: Collection[str], labels: Mapping[str, str]) -> Advocate:
    praised = sorted({cause for cause, side in writer.said if side == "praise"})
    reasons = [f"praises “{excerpt(labels.get(cause, cause), _LABEL)}”" for cause in praised]
    rated = writer.latest_rated
    if rated is not None:
        reasons.insert(0, f"rates {rated.rating:g}")
    return Advocate(
        person=writer.person,
        author=writer.author,
        last_wrote=writer.messages[-1].day,
        public=sum(
            is_public(message, public) and any(side == "praise" for _, side in message.said)
            for message in writer.messages
        ),
        yearly_value=writer.customer.yearly_value if writer.customer else None,
        reasons=reasons,
    )
