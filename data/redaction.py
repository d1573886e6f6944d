"""Personal data out of texts before they are kept: e-mail, phone, card and bank account become placeholders.

What is found by form can be found for sure; names and addresses cannot, and stay. The rules and their limits are in
``docs/decisions/0023-redaction-by-form.md``.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from data.edited import Edited, edited
from data.folded import folded
from data.payment_numbers import find_cards, find_ibans
from data.phone_numbers import find_phones
from data.records import Feedback

KINDS: Final = ("email", "iban", "card", "phone")
# Latin, Greek and Cyrillic only: Thai and Chinese run on into an address without a space.
_LETTERS: Final = "A-Za-z0-9À-ɏḀ-ỿͰ-ԯ"
_TOP_LEVELS: Final = "[A-Za-zÀ-ɏḀ-ỿ]{2,24}|[Ͱ-ԯ]{2,24}"  # of one script: "a@b.ruСпасибо" ends with "ru"
_AT: Final = "(?:[@＠]|%(?:25)?40)"  # as in "?email=anna%40example.com"
_LOCAL: Final = rf"{_LETTERS}._＿%+－\-"
_LABEL: Final = rf"[{_LETTERS}－\u200b-]{{1,63}}"
# Within an address, zero-width spaces show programs where to break it. A full-width dot before it ends a sentence.
_ADDRESS: Final = (
    rf"[{_LOCAL}][{_LOCAL}．\u200b]{{0,63}}{_AT}{_LABEL}(?:[.．]{_LABEL}){{0,8}}[.．]\u200b?(?:{_TOP_LEVELS})"
)
_EMAIL: Final = re.compile(rf"(?<![{_LOCAL}]){_ADDRESS}")
_NEXT_EMAIL: Final = re.compile(_ADDRESS)

# A number that stood against another one may be told when that has gone: "tel. 29123456DE89 3704 ...".
_ROUNDS: Final = 4

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
    layers = [folded(text)]
    found: list[Span] = []
    for _ in range(_ROUNDS):
        more = list(_find(layers))
        found += more
        if not more:
            break
    if not found:
        return Redaction(text, ())
    found.sort()
    return Redaction(_replaced(text, found).text, tuple(found))


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


def _find(layers: list[Edited]) -> Iterator[Span]:
    """What the last of ``layers`` has, in places of the text that they were made of, each out of the one before it.

    Each kind that is found adds a layer with its placeholders: the next finder sees them, as it would in a text that
    was redacted before.
    """
    for kind, finder in _FINDERS.items():
        searched = layers[-1].text
        spans = [(start, end, kind) for start, end in finder(searched)]
        for start, end, _ in spans:
            for layer in reversed(layers):
                start, end = layer.span_before(start, end)
            yield start, end, kind
        if spans:
            layers.append(_replaced(searched, spans))


def _find_emails(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    while found := _NEXT_EMAIL.match(text, position) or _EMAIL.search(text, position):
        yield found.span()
        position = found.end()


_FINDERS: Final[Mapping[str, Callable[[str], Iterator[tuple[int, int]]]]] = {
    "email": _find_emails,
    "iban": find_ibans,
    "card": find_cards,
    "phone": find_phones,
}


def _replaced(text: str, spans: Iterable[Span]) -> Edited:
    return edited(text, ((start, end, f"[{kind}]") for start, end, kind in spans))
