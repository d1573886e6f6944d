"""Personal data out of texts before they are kept: e-mail, phone, card and bank account become placeholders.

What is found by form can be found for sure; names and addresses cannot, and stay. The rules and their limits are in
``docs/decisions/0023-redaction-by-form.md``.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from data.payment_numbers import find_cards, find_ibans
from data.phone_numbers import find_phones
from data.records import Feedback

KINDS: Final = ("email", "iban", "card", "phone")
# Latin, Greek and Cyrillic only: Thai and Chinese run on into an address without a space.
_LETTERS: Final = "A-Za-z0-9À-ɏḀ-ỿͰ-ԯ"
_TOP_LEVELS: Final = "[A-Za-zÀ-ɏḀ-ỿ]{2,24}|[Ͱ-ԯ]{2,24}"  # of one script: "a@b.ruСпасибо" ends with "ru"
_AT: Final = "(?:[@＠]|%(?:25)?40)"  # as in "?email=anna%40example.com"
_EMAIL: Final = re.compile(
    rf"(?<![{_LETTERS}._%+-])[{_LETTERS}._%+-]{{1,64}}{_AT}[{_LETTERS}-]{{1,63}}"
    rf"(?:\.[{_LETTERS}-]{{1,63}}){{0,8}}\.(?:{_TOP_LEVELS})"
)

Span = tuple[int, int, str]  # start, end, kind


@dataclass(frozen=True, slots=True)
class Redaction:
    """A text without its personal data.

    Attributes:
        text: The text with ``[email]``, ``[phone]``, ``[card]`` or ``[iban]`` in place of what was found.
        found: (start, end, kind) of each finding in the text as it was, in Unicode code points, in order.
    """

    text: str
    found: tuple[Span, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """Kind to how many of it were found; kinds that were not found are left out."""
        return Counter(kind for _, _, kind in self.found)


def redact(text: str) -> Redaction:
    """Find personal data in ``text`` and put placeholders in its place."""
    found: list[Span] = []
    rest = text
    for kind, finder in _FINDERS.items():
        taken = [(start, end, kind) for start, end in finder(rest)]
        rest = _replaced(
            rest, taken, lambda span: "\n" * (span[1] - span[0])
        )  # not for the next; offsets stay
        found += taken
    found.sort()
    return Redaction(_replaced(text, found, lambda span: f"[{span[2]}]"), tuple(found))


def redact_feedback(feedback: Feedback) -> tuple[Feedback, Mapping[str, int]]:
    """The message with everything free in it redacted (text, source, channel, segments), and the counts.

    The author stays: whoever stores a message needs to know one author from another.
    """
    counts: Counter[str] = Counter()

    def clean(value: str) -> str:
        redaction = redact(value)
        counts.update(redaction.counts)
        return redaction.text

    cleaned = replace(
        feedback,
        text=clean(feedback.text),
        source=None if feedback.source is None else clean(feedback.source),
        channel=None if feedback.channel is None else clean(feedback.channel),
        segments={clean(name): clean(value) for name, value in feedback.segments.items()},
    )
    return cleaned, dict(counts)


def _find_emails(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _EMAIL.finditer(text))


_FINDERS: Final[Mapping[str, Callable[[str], Iterator[tuple[int, int]]]]] = {
    "email": _find_emails,
    "iban": find_ibans,
    "card": find_cards,
    "phone": find_phones,
}


def _replaced(text: str, spans: Sequence[Span], instead: Callable[[Span], str]) -> str:
    parts, position = [], 0
    for span in spans:
        parts += [text[position : span[0]], instead(span)]
        position = span[1]
    return "".join([*parts, text[position:]])
