"""The plain words of the report: verdicts as sentences, grades, languages, numbers and dates, in English."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from mining.driver_results import Drivers
from mining.results import Opposition, RatingShape, Share, Side
from mining.settings import SHARE_PEOPLE

EXCERPT: Final = 420
"""Longest quote on the page, in code points; the whole text stays in the user's file."""

SIDE_VERBS: Final[Mapping[str, str]] = {
    "too_little": "ask for more",
    "too_much": "ask for less",
    "complaint": "complain",
    "praise": "praise",
}
GRADE_MEANINGS: Final[Mapping[str, str]] = {
    "anecdote": "too few people to count: a story, not a figure",
    "emerging": "enough people for a count, too few people, sources or months to rely on it",
    "established": "many people, more than one source or month, and a narrow interval",
}
LANGUAGES: Final[Mapping[str, str]] = {
    "ar": "Arabic",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sv": "Swedish",
    "sw": "Swahili",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "und": "no language told",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
_MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def verdict_name(opposition: Opposition) -> str:
    """The verdict in two or three words, for a heading."""
    match opposition.verdict:
        case "split":
            return "Two camps" if opposition.kind == "degree" else "Divided"
        case "split_by_segment":
            return f"Two camps, told apart by {_segment_name(opposition)}"
        case "leans_A" | "leans_B":
            return f"Most {SIDE_VERBS[_leading(opposition)]}"
        case "inconclusive":
            return "Undecided"
        case _:
            return "Anecdote"


def verdict_sentence(opposition: Opposition) -> str:
    """The verdict as one sentence with its people and what follows from it."""
    counts = ", ".join(people_on(side) for side in opposition.sides) + _on_both(opposition)
    match opposition.verdict, opposition.kind:
        case "split", "degree":
            return f"{counts}; whoever serves one makes it worse for the other."
        case "split", _:
            return f"{counts}; it works for some and fails for others, and no average describes either."
        case "split_by_segment", _:
            apart = f"{_segment_name(opposition)} tells them apart"
            return f"{counts}, and {apart}. Answer each segment by itself, not the average."
        case "leans_A" | "leans_B", _:
            return _leaning_sentence(opposition)
        case "inconclusive", _:
            few = "too few on one side alone" if opposition.both else "too few"
            return f"{counts}: {few} to tell a majority, or an even split, from chance and misreading."
        case _:
            return f"{counts}: too few people to count. Keep listening."


def side_verb(label: str, people: int = 2) -> str:
    """What people on a side do: ``ask for more``, of one person ``asks for more``."""
    verb, _, rest = SIDE_VERBS[label].partition(" ")
    return f"{verb}s {rest}".strip() if people == 1 else SIDE_VERBS[label]


def people_on(side: Side) -> str:
    """``96 ask for more``."""
    return f"{count(side.people)} {side_verb(side.label, side.people)}"


def louder(opposition: Opposition) -> str:
    """One sentence when one side writes at least twice as many messages a person as the other, else nothing."""
    quiet, loud = sorted(opposition.sides, key=lambda side: len(side.members) / max(1, side.people))
    if len(loud.members) * quiet.people < 2 * len(quiet.members) * loud.people:
        return ""
    return (
        f"The {count(loud.people)} who {SIDE_VERBS[loud.label]} wrote {plural(len(loud.members), 'message')}: "
        f"counted by messages they would look like {count(len(loud.members))}."
    )


def _on_both(opposition: Opposition) -> str:
    """``, 80 of them say both`` as a clause after the counts, which hold these people twice; else nothing."""
    both = opposition.both
    return f", {count(both)} of them {'says' if both == 1 else 'say'} both" if both else ""


def _leading(opposition: Opposition) -> str:
    return opposition.sides[0 if opposition.verdict == "leans_A" else 1].label


def _leaning_sentence(opposition: Opposition) -> str:
    first, second = opposition.sides
    many, few = (first, second) if opposition.verdict == "leans_A" else (second, first)
    sentence = f"{people_on(many)}, {people_on(few)}{_on_both(opposition)}"
    if opposition.kind == "degree":
        return f"{sentence}. Serving the many has a price: the few are real people, and it will cost them."
    return f"{sentence}. Read both: what the few say is true of somebody."


def _segment_name(opposition: Opposition) -> str:
    return "a segment" if opposition.segment is None else f"“{excerpt(opposition.segment.column, 40)}”"


def count(number: int) -> str:
    """A whole number with thousands marked: ``2,412``."""
    return f"{number:,}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun: ``1 message``, ``2,412 messages``."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def k_of_n(share: Share) -> str:
    """The share as it was counted: ``96 of 181``."""
    return f"{count(share.k)} of {count(share.n)}"


def percent(share: Share, gate: int = SHARE_PEOPLE) -> str:
    """``53 % (46–60 %)``, or nothing where fewer than ``gate`` people were counted."""
    if share.n < gate:
        return ""
    return percent_between(share.value, share.low, share.high)


def percent_between(value: float, low: float, high: float) -> str:
    """``53 % (46–60 %)``; one decimal where all lies below ten per cent."""
    digits = 1 if high < 0.1 else 0
    told = [f"{100 * part:.{digits}f}" for part in (value, low, high)]
    return f"{told[0]}\u202f% ({told[1]}–{told[2]}\u202f%)"


def listed(names: Sequence[str], noun: str, most: int = 8) -> str:
    """``Thai, Latvian and Hindi``; beyond ``most`` names the rest is counted: ``and 3 more languages``."""
    shown = [excerpt(name, 40) for name in names[:most]]
    if len(names) > most:
        shown.append(f"{len(names) - most} more {noun}")
    return " and ".join(part for part in (", ".join(shown[:-1]), shown[-1]) if part)


def p_value(p: float) -> str:
    """``p = 0.46`` or ``p < 0.001``."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.2g}" if p < 0.1 else f"p = {p:.2f}"


def language(tag: str) -> str:
    """The English name of a language tag, or the tag itself."""
    return LANGUAGES.get(tag, tag)


def period(text: str) -> str:
    """``2026-03``, ``2026-03-03`` or ``2026-03-03/2026-03-14`` as people write them; other text as it is."""
    try:
        first, last = (_date_parts(part) for part in (text.split("/") * 2)[:2])
    except ValueError:
        return text
    shared = next((place for place in range(3) if first[place:] == last[place:]), 3)
    written = [" ".join(part for part in parts if part) for parts in (first[:shared], last)]
    return ("–" if shared == 1 else " – ").join(part for part in written if part)


def _date_parts(text: str) -> tuple[str, str, str]:
    """Day, month and year as written; the day is empty for a month."""
    day = date.fromisoformat(text if len(text) > 7 else f"{text}-01")
    return str(day.day) if len(text) > 7 else "", _MONTHS[day.month - 1], str(day.year)


def outcome_value(value: float, drivers: Drivers) -> str:
    """A mean outcome: ``62 %`` of people with yes, ``3.41`` on a scale."""
    return f"{100 * value:.0f} %" if drivers.yes_no else f"{value:.2f}"


def outcome_change(low: float, high: float, drivers: Drivers) -> str:
    """The interval of a difference: ``-1.31 to -0.92``, in points of a percentage for yes and no."""
    if drivers.yes_no:
        return f"{100 * low:+z.0f} to {100 * high:+z.0f} points"
    return f"{low:+.2f} to {high:+.2f}"


def shape_sentence(shape: RatingShape, gate: int = SHARE_PEOPLE) -> str:
    """What the distribution of ratings means for whoever reads a mean; who writes only where the scale is known.

    Of fewer than ``gate`` people no percentage is told.
    """
    first, *_, last = shape.people
    levels = f"scale from {first} to {last}" if shape.whole_scale else f"levels given, {first} to {last}"
    middle = f"{k_of_n(shape.middle)} people rated between the ends of the {levels}"
    if not shape.j_shaped:
        return f"Not J-shaped: {middle} {percent(shape.middle, gate)}".rstrip() + "."
    who = "The delighted and the angry write; the" if shape.whole_scale else "The"
    return (
        f"J-shaped: {k_of_n(shape.ends)} rated at one of the two ends {percent(shape.ends, gate)}, {middle}. "
        f"{who} mean lies where few are."
    )


def excerpt(text: str, longest: int = EXCERPT) -> str:
    """``text`` without control characters, on one line, cut at ``longest`` code points with a mark."""
    flat = " ".join(_UNPRINTABLE.sub("\ufffd", text).split())
    return flat if len(flat) <= longest else flat[: longest - 4].rstrip() + " […]"
