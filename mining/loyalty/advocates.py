"""Who speaks well of you, with the reason in words."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

from mining.loyalty.results import Advocate
from mining.loyalty.word_of_mouth import is_public
from mining.loyalty.writers import Message, Writer
from mining.rating_scale import Scale
from mining.report_words import excerpt

_LABEL: Final = 40
_SENTENCE: Final = 120


def find_advocates(
    writers: Sequence[Writer],
    scale: Scale | None,
    public: Collection[str],
    labels: Mapping[str, str],
    doubted: Collection[str] = (),
) -> list[Advocate]:
    """Who praised a cause, complained of nothing, rates at the top or not at all, and has not left.

    A complaint counts in no cause, too. Most messages of praise in public first, then the latest to write. Praise of
    the causes in ``doubted`` counts for nothing: misreading alone may have made it.
    """
    found = [
        _advocate(writer, praise, public, labels)
        for writer in writers
        if not writer.complains and _stays(writer, scale) and (praise := _praise_of(writer, doubted))
    ]
    return sorted(
        found, key=lambda each: (-each.public, -(each.last_wrote or date.min).toordinal(), each.person)
    )


def _stays(writer: Writer, scale: Scale | None) -> bool:
    rating = writer.latest_rating
    at_top = rating is None or scale is None or rating >= scale[1]
    return at_top and (writer.customer is None or writer.customer.left_on is None)


def _praise_of(writer: Writer, doubted: Collection[str]) -> list[tuple[Message, Mapping[str, str]]]:
    """The messages that praise, in order of time, each with what praises which cause."""
    told = [
        (message, {cause: words for cause, words in message.praise.items() if cause not in doubted})
        for message in writer.messages
    ]
    return [(message, praise) for message, praise in told if praise]


def _advocate(
    writer: Writer,
    praise: Sequence[tuple[Message, Mapping[str, str]]],
    public: Collection[str],
    labels: Mapping[str, str],
) -> Advocate:
    latest = {cause: words for _, told in praise for cause, words in told.items()}
    reasons = [_reason(labels.get(cause, cause), words) for cause, words in sorted(latest.items())]
    rating = writer.latest_rating
    if rating is not None:
        reasons.insert(0, f"rates {rating:g}")
    return Advocate(
        person=writer.person,
        author=writer.author,
        last_wrote=writer.messages[-1].day,
        public=sum(is_public(message, public) for message, _ in praise),
        yearly_value=writer.customer.yearly_value if writer.customer else None,
        reasons=reasons,
    )


def _reason(label: str, words: str) -> str:
    """The cause that is praised and, unless they were erased, the words that praise it."""
    praises = f"praises “{excerpt(label, _LABEL)}”"
    return f"{praises}: “{excerpt(words, _SENTENCE)}”" if words else praises
