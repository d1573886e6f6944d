"""A cause of no one subject is marked wherever causes are listed, and no list is put into another order by that."""

import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from mining.cause_names import NO_SUBJECT, cause_name, subject_mark
from mining.ranking.results import Rank
from mining.report_html import page
from mining.report_terminal import SHOWN_CAUSES, print_report
from mining.results import Cause, Mining, Theme
from tests.mining.report_world import MODEL, world

THANKS = "thanks, greetings"
UNMARKED = re.compile(rf"<bdi>{THANKS}</bdi>(?!(?:</\w+>)* <span class=\"vague\">\(no one subject\)</span>)")
SECTIONS = {
    "headline": 1,
    "oppositions-head": 2,
    "causes-head": 2,
    "ranks-head": 1,
    "drivers-head": 1,
    "speaks-head": 3,
}


def rank(cause: Cause, number: int) -> Rank:
    return Rank(
        cause_id=cause.id,
        people=40,
        months=12,
        rate=3.3,
        time_spread=0.9,
        segment_spread=1.0,
        narrowest=None,
        cost=1.0,
        weight=3.0,
        rank=number,
        peak=9,
        peak_month="2026-03",
        anger=0.9,
        mentions=1.0,
        noise=8.1,
        noise_rank=number,
    )


def listing(topics: tuple[str, ...]) -> Mining:
    """A mining whose first cause, of these topics, stands in every list that there is."""
    mining = world()
    first = next(cause for cause in mining.causes if cause.id == mining.oppositions[0].cause_id)
    first = replace(first, label=THANKS, topics=topics)
    causes = tuple(first if cause.id == first.id else cause for cause in mining.causes[:SHOWN_CAUSES])
    drivers, speakers = mining.drivers, mining.speakers
    assert drivers is not None
    assert speakers is not None
    assert speakers.asked is not None
    asked = [
        replace(row, low=-0.1, high=0.1) if row.cause_id == first.id else row for row in speakers.asked.rows
    ]
    return replace(
        mining,
        causes=causes,
        oppositions=(replace(mining.oppositions[0], label=THANKS), *mining.oppositions[1:]),
        themes=(
            Theme(id="t-01", label="all", labels={}, people=900, causes=tuple(cause.id for cause in causes)),
        ),
        ranks=tuple(rank(cause, number) for number, cause in enumerate(causes, 1)),
        drivers=replace(
            drivers, drivers=(replace(drivers.drivers[0], cause_id=first.id), *drivers.drivers[1:])
        ),
        speakers=replace(speakers, asked=replace(speakers.asked, rows=tuple(asked))),
    )


def sections(html: str) -> dict[str, str]:
    """Each section of the page by the id of its heading."""
    found = re.split(r'<section[^>]*aria-labelledby="([\w-]+)"', html)
    return dict(zip(found[1::2], found[2::2], strict=True))


def printed(mining: Mining) -> str:
    stream = io.StringIO()
    print_report(Console(file=stream, width=200, force_terminal=False), mining)
    return stream.getvalue()


def test_every_list_of_the_page_marks_it() -> None:
    parts = sections(page(listing(("other", "staff")), MODEL))
    for name, times in SECTIONS.items():
        assert parts[name].count(NO_SUBJECT) == times, name
    assert not any(UNMARKED.search(part) for part in parts.values())


def test_a_cause_with_a_subject_is_marked_in_no_list() -> None:
    for topics in (("staff", "other"), ("staff",)):
        assert NO_SUBJECT not in page(listing(topics), MODEL)
        assert NO_SUBJECT not in printed(listing(topics))


@pytest.mark.parametrize(
    ("title", "times"),
    [
        ("Where people pull in opposite directions", 1),
        ("Themes", 1),
        ("What people speak of", 1),
        ("Who speaks: as counted", 2),
        ("Who speaks: people who were asked", 1),
    ],
)
def test_every_table_of_the_terminal_marks_it(title: str, times: int) -> None:
    tables = re.split(r"\n(?=Where people|Themes|What people|Who speaks)", printed(listing(("other",))))
    (table,) = (table for table in tables if table.startswith(title))
    assert table.count(NO_SUBJECT) == times


def test_ranked_lists_keep_their_order() -> None:
    def names(mining: Mining, section: str) -> list[str]:
        return re.findall(r'<th scope="row"><bdi>(.*?)</bdi>', sections(page(mining, MODEL))[section])

    for section in ("ranks-head", "drivers-head", "speaks-head"):
        marked = names(listing(("other",)), section)
        assert THANKS in marked
        assert marked == names(listing(("staff",)), section)


def test_a_cause_that_the_mining_does_not_have_is_not_marked() -> None:
    assert subject_mark(None) == ""
    assert cause_name("thanks", None) == "thanks"


@given(st.text(max_size=200), st.integers(5, 80))
def test_a_long_label_is_cut_and_the_mark_is_not(label: str, longest: int) -> None:
    vague = replace(world().causes[0], topics=("other",))
    name = cause_name(label, vague, longest)
    assert name.endswith(NO_SUBJECT)
    assert len(name) <= longest + 1 + len(NO_SUBJECT)
    assert len(name.splitlines()) == 1
