"""How letters begin and end: salutations, closings and signatures, which say nothing of what the letter is about.

"Dear support team," and "Kind regards, Anna" would each be a statement, and be read as praise. Only whole pieces are
courtesies: "Hello, the lid leaks" and "Thanks for the quick delivery" say something. A complaint that is lost is worse
than a greeting that is kept, so what could be either stays.
"""

from collections.abc import Sequence
from typing import Final

from data.courtesies_lexicon import may_open
from data.courtesies_lines import Closing, closing, is_device, is_salutation
from data.courtesies_signatures import Signature, signature

Span = tuple[int, int]

_LONGEST_FORMULA: Final = 120  # characters
_MOST_SALUTATIONS: Final = 2  # pieces
_SIGNATURE_LINES: Final = 4
_THANKED_NAME: Final = 2  # words
_THANKED_LINE: Final = 3  # words
_FEWEST_WITH_THANKS: Final = 3  # pieces
_COMMAS: Final = (",", "،", "，")


def without_courtesies(text: str, spans: Sequence[Span], language: str) -> Sequence[Span]:
    """The pieces of a message less salutations at its start, and closings and signatures at its end; maybe none."""
    said = spans[_salutations(text, spans, language) :]
    closings = _closings(text, said, language)
    return said[: len(said) - closings] if closings else _without_thanks(text, said, language)


def _salutations(text: str, spans: Sequence[Span], language: str) -> int:
    """How many of the first pieces are salutations."""
    found = 0
    while found < min(_MOST_SALUTATIONS, len(spans)) and _may_be_formula(text, *spans[found]):
        start, end = spans[found]
        below = spans[found + 1][0] if found + 1 < len(spans) else len(text)
        if not is_salutation(text[start:end], language, breaks=_breaks(text, end, below)):
            break
        found += 1
    return found


def _closings(text: str, spans: Sequence[Span], language: str) -> int:
    """How many of the last pieces are closings with the signature beneath them, or what a telephone wrote there."""
    signed = found = _signed(text, spans, language)
    while found < len(spans):
        kind = _closing(text, *spans[-1 - found], language)
        if kind == Closing.NONE or (kind == Closing.UNSIGNED and not 0 < signed == found):
            break
        found += 1
    return found if found > signed else _sent_from(text, spans, language)


def _without_thanks(text: str, spans: Sequence[Span], language: str) -> Sequence[Span]:
    """The pieces less thanks above a last short line, which stays, for it may be more than a name: "Scammers"."""
    if len(spans) < _FEWEST_WITH_THANKS:
        return spans
    *others, (start, end), last = spans
    line = text[slice(*last)]
    is_short = len(line.split()) <= _THANKED_LINE and "\n" not in line
    if is_short and _breaks(text, end, last[0]) and _closing(text, start, end, language) == Closing.THANKS:
        return [*others, last]
    return spans


def _signed(text: str, spans: Sequence[Span], language: str) -> int:
    """How many of the last pieces are lines of a signature beneath a closing."""
    for found in range(1, min(_SIGNATURE_LINES + 1, len(spans))):
        above, (start, end) = spans[-1 - found], spans[-found]
        if not _breaks(text, above[1], start) or _closing(text, start, end, language) != Closing.NONE:
            return 0
        kind = _closing(text, *above, language)
        if kind != Closing.NONE:
            lines = [line for line in text[start : spans[-1][1]].split("\n") if line.strip()]
            announced = text[slice(*above)].endswith(_COMMAS)
            return found if _is_signature(lines, language, kind, announced=announced) else 0
    return 0


def _is_signature(lines: Sequence[str], language: str, above: Closing, *, announced: bool) -> bool:
    """Whether lines beneath a closing are a signature.

    Beneath thanks a line with a capital is rather a complaint ("Thanks / Scammers"): it is a name if it is short, and
    a comma announces it or a telephone number or an address follows.
    """
    letter = above != Closing.THANKS
    kinds = [
        signature(line, language, letter=letter, announced=announced and place == 0)
        for place, line in enumerate(lines)
    ]
    if len(lines) > _SIGNATURE_LINES or Signature.NONE in kinds:
        return False
    if above == Closing.UNSIGNED and not announced:
        return lines[0].strip().isalpha()  # "LG / Tom", but not "Best / Phone Ever"
    if letter or Signature.NAME not in kinds:
        return True
    is_one_name = kinds[0] == Signature.NAME and not {Signature.NAME, Signature.TITLED} & {*kinds[1:]}
    is_short = len(lines[0].split()) <= _THANKED_NAME
    return is_one_name and is_short and (announced or Signature.CONTACT in kinds)


def _sent_from(text: str, spans: Sequence[Span], language: str) -> int:
    """How many of the last pieces a telephone wrote, each on its own line."""
    found = 0
    while found < len(spans) - 1 and _breaks(text, spans[-2 - found][1], spans[-1 - found][0]):
        if not is_device(text[slice(*spans[-1 - found])], language):
            break
        found += 1
    return found


def _closing(text: str, start: int, end: int, language: str) -> Closing:
    """What a piece is as a closing; lines of a signature without letters have joined it."""
    if not _may_be_formula(text, start, end):
        return Closing.NONE
    line, *others = text[start:end].split("\n")
    kind = closing(line, language)
    numbers = [signature(other, language, letter=True, announced=False) for other in others if other.strip()]
    if kind == Closing.NONE or Signature.NONE in numbers:
        return Closing.NONE
    return Closing.LETTER if others and kind == Closing.UNSIGNED else kind


def _breaks(text: str, end: int, start: int) -> bool:
    """Whether a new line begins between two places."""
    return text.find("\n", end, start) >= 0


def _may_be_formula(text: str, start: int, end: int) -> bool:
    return end - start <= _LONGEST_FORMULA and may_open(text, start, end)
