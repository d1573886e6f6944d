"""``report.html``: the mined picture as one page that needs no network, no server and no JavaScript.

Feedback is written by strangers. Jinja escapes every value; quotes are isolated so that right-to-left text cannot
turn the page around; and a content security policy lets the page load nothing and run nothing but its own script,
named by its hash.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from data.labels import GRADES
from data.language import UNDETERMINED
from data.writing import whole_file
from mining import correction_words
from mining import report_drawing as drawing
from mining import report_words as words
from mining import timing_words as timing
from mining.cause_names import subject_mark, subjects_first
from mining.crowding_words import crowd_words
from mining.evidence import share_of
from mining.loop_table import LoopTable
from mining.periods import MOST_MONTHS
from mining.ranking.words import shown_ranks, why
from mining.response import band_of
from mining.results import DataSummary, Mining
from mining.settings import share_gate
from mining.speaking import words as speaking
from mining.spoken import is_spoken
from models.predictions import ModelInfo

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES: Final = Path(__file__).with_name("templates")
SHOWN_OPPOSITIONS: Final = 40
SHOWN_CAUSES: Final = 200
SHOWN_VOICES: Final = 6
SHOWN_MEMBERS: Final = 100
SHOWN_TALLIES: Final = 12
SHOWN_DRIVERS: Final = 15


def write_html(path: Path, mining: Mining, model: ModelInfo, loops: Sequence[LoopTable] = ()) -> None:
    """Write the page; the same mining and loops give the same bytes.

    Raises:
        WriteError: The file cannot be written.
    """
    shown = page(mining, model, loops).encode("utf-8", "replace")
    with whole_file(path, "wb") as file:
        file.write(shown)


def page(mining: Mining, model: ModelInfo, loops: Sequence[LoopTable] = ()) -> str:
    """Render the page, with what ``loops`` have to say.

    The first ``SHOWN_OPPOSITIONS`` oppositions and ``SHOWN_CAUSES`` causes are shown and the rest is counted, so that
    a page of a million rows still opens; ``report.json`` holds everything.
    """
    gate = share_gate(mining.settings)
    css, script = (_source(name) for name in ("report.css", "report.js"))
    return (
        _environment(gate)
        .get_template("report.html.j2")
        .render(
            css=css,
            script=script,
            policy=_policy(css, script),
            mining=mining,
            data=mining.data,
            model=model,
            causes_by_id={cause.id: cause for cause in mining.causes},
            oppositions=mining.oppositions[:SHOWN_OPPOSITIONS],
            opposed=len({opposition.cause_id for opposition in mining.oppositions}),
            causes=subjects_first(mining.causes)[:SHOWN_CAUSES],
            ratings=drawing.tallies(mining.data.ratings, order=tuple(mining.data.ratings)),
            shape=mining.listening.ratings if mining.listening else None,
            quiet=mining.listening.quiet if mining.listening else (),
            languages=drawing.tallies(mining.data.languages),
            sources=drawing.tallies(mining.data.sources),
            unassigned=drawing.tallies(mining.unassigned),
            assigned=_assigned(mining),
            thin_languages=_below_gate(_spoken(mining.data), gate),
            thin_sources=_below_gate(mining.data.sources, gate),
            untrained=_untrained(mining.data, model),
            band=band_of(mining.data, mining.settings),
            ranks=shown_ranks(mining.ranks),
            loops=loops,
            speakers=mining.speakers,
        )
    )


@cache
def _environment(gate: int) -> "Environment":
    """Templates that tell no share of fewer than ``gate`` people."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        draw=drawing,
        grades=GRADES,
        grade_meanings=words.GRADE_MEANINGS,
        most_months=MOST_MONTHS,
        timing_meanings=timing.TIMING_MEANINGS,
        trend_meanings=timing.TREND_MEANINGS,
        near_zero=correction_words.NEAR_ZERO,
        share_gate=gate,
        share_of=share_of,
        shown_voices=SHOWN_VOICES,
        shown_members=SHOWN_MEMBERS,
        shown_tallies=SHOWN_TALLIES,
        shown_drivers=SHOWN_DRIVERS,
    )
    environment.filters.update(
        corrected=partial(correction_words.corrected, gate=gate),
        count=words.count,
        crowd_words=crowd_words,
        excerpt=words.excerpt,
        k_of_n=words.k_of_n,
        language=words.language,
        listed=words.listed,
        louder=words.louder,
        p_value=words.p_value,
        people_on=words.people_on,
        people_or_none=correction_words.people_or_none,
        penalty=correction_words.penalty,
        percent=partial(words.percent, gate=gate),
        period=words.period,
        plural=words.plural,
        rate=correction_words.rate,
        side_verb=words.side_verb,
        subject_mark=subject_mark,
        outcome_change=words.outcome_change,
        outcome_value=words.outcome_value,
        asked_difference=speaking.difference,
        margins_words=speaking.margins_words,
        recent_words=timing.recent_words,
        shape_sentence=partial(words.shape_sentence, gate=gate),
        timing_words=timing.timing_words,
        trend_words=timing.trend_words,
        verdict_name=words.verdict_name,
        verdict_sentence=words.verdict_sentence,
        weighted=speaking.weighted,
        weighted_rows=speaking.weighted_rows,
        weighting_words=speaking.weighting_words,
        asked_what=speaking.asked_what,
        asked_who=speaking.asked_who,
        asked_words=speaking.asked_words,
        why=why,
    )
    return environment


def _source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _policy(css: str, script: str) -> str:
    return (
        f"default-src 'none'; img-src data:; style-src {_hash(css)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(source: str) -> str:
    digest = hashlib.sha256(source.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _assigned(mining: Mining) -> int:
    return mining.data.statements - sum(mining.unassigned.values())


def _spoken(data: DataSummary) -> dict[str, int]:
    """The languages that people wrote in for sure, with those people."""
    return {language: number for language, number in data.languages.items() if is_spoken(number, data.people)}


def _below_gate(people: Mapping[str, int], gate: int) -> tuple[str, ...]:
    """Languages or sources with too few people for any share, fewest first."""
    few = [name for name, number in people.items() if number < gate and name != UNDETERMINED]
    return tuple(sorted(few, key=lambda name: (people[name], name)))


def _untrained(data: DataSummary, model: ModelInfo) -> tuple[str, ...]:
    """Languages of the file that the model never learned, most people first."""
    unknown = set(data.languages) - {*model.languages, UNDETERMINED}
    return tuple(sorted(unknown, key=lambda name: (-data.languages[name], name)))
