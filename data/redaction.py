"""Personal data out of texts before they are kept: e-mail, phone, card, IBAN and national id become placeholders.

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
from data.identity_numbers import find_ids
from data.payment_numbers import find_cards, find_ibans
from data.phone_numbers import find_phones
from data.records import Feedback

KINDS: Final = ("email", "iban", "id", "card", "phone")
# Latin, Greek and Cyrillic only: Thai and Chinese run on into an address without a space.
_LETTERS: Final = "A-Za-z0-9À-ɏḀ-ỿͰ-ԯ"
_TOP_LEVELS: Final = "[A-Za-zÀ-ɏḀ-ỿ]{2,24}|[Ͱ-ԯ]{2,24}"  # of one script: "a@b.ruСпасибо" ends with "ru"
_DOT: Final = r"(?:[.．]| ?[(\[][dD][oO][tT][)\]] ?)"
_LOCAL: Final = rf"{_LETTERS}._＿%+－\-"
_LABEL: Final = rf"[{_LETTERS}－\u200b-]{{1,63}}"
# Within an address, zero-width spaces show programs where to break it. A full-width dot before it ends a sentence.
_HOST: Final = rf"{_LABEL}(?:{_DOT}{_LABEL}){{0,8}}{_DOT}\u200b?(?:{_TOP_LEVELS})"
_NAME: Final = rf"[{_LOCAL}][{_LOCAL}．\u200b]{{0,63}}"
_ADDRESS: Final = rf"{_NAME}(?:[@＠]|%(?:25)?40){_HOST}"  # as in "?email=anna%40example.com", too

# As people hide it from programs: "anna(at)example.com". With spaces around it, something else must tell, for "I
# ordered (at) example.com" is none: a bracketed dot, a dot in the name, a word or a colon before it.
_HIDDEN_AT: Final = r"[(\[][aA][tT][)\]]"
_DOT_FOLLOWS: Final = rf"(?=(?:{_LABEL}[.．]){{0,8}}{_LABEL} ?[(\[][dD][oO][tT][)\]])"
_MAIL_WORDS: Final = ("mail", "mail is", "pasts", "почта", "邮箱", "郵箱", "อีเมล", "[:：]")
_BEHIND_A_WORD: Final = "|".join(f"(?<={word}{gap})" for word in _MAIL_WORDS for gap in ("", " "))
_TELLING: Final = rf"(?:(?i:{_BEHIND_A_WORD})|(?=[{_LETTERS}]{{1,60}}[._][{_LETTERS}]))"
_HIDDEN: Final = (
    rf"(?:{_ADDRESS}|{_NAME}(?:{_HIDDEN_AT}| ?{_HIDDEN_AT} ?{_DOT_FOLLOWS}){_HOST}"
    rf"|{_TELLING}{_NAME} ?{_HIDDEN_AT} ?{_HOST})"
)


def _anywhere_and_next(address: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(rf"(?<![{_LOCAL}]){address}"), re.compile(address)


_EMAIL: Final = _anywhere_and_next(_ADDRESS)
_HIDDEN_EMAIL: Final = _anywhere_and_next(_HIDDEN)
_HAS_HIDDEN: Final = re.compile(_HIDDEN_AT)  # hardly any text has one, and to look for them takes longer

# A number that stood against another one may be told when that has gone: "tel. 29123456DE89 3704 ...".
_ROUNDS: Final = 4

Span = tuple[int, int, str]  # start, end, kind


@dataclass(frozen=True, slots=True)
class Redaction:
    """A text without its personal data.

    Attributes:
        text: The text with ``[email]``, ``[iban]``, ``[id]``, ``[card]`` or ``[phone]`` in place of what was found.
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
    anywhere, next_to_it = _HIDDEN_EMAIL if _HAS_HIDDEN.search(text) else _EMAIL
    position = 0
    while found := next_to_it.match(text, position) or anywhere.search(text, position):
        yield found.span()
        position = found.end()


_FINDERS: Final[Mapping[str, Callable[[str], Iterator[tuple[int, int]]]]] = {
    "email": _find_emails,
    "iban": find_ibans,
    "id": find_ids,
    "card": find_cards,
    "phone": find_phones,
}


def _replaced(text: str, spans: Iterable[Span]) -> Edited:
    return edited(text, ((start, end, f"[{kind}]") for start, end, kind in spans))
