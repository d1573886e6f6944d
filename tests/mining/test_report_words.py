from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.labels import GRADES, SIDES, VERDICTS
from mining import report_words as words
from mining.results import Share
from tests.mining.report_world import wilson, world

DEGREE, SENTIMENT = world().oppositions[0], world().oppositions[1]


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("opposition", [DEGREE, SENTIMENT], ids=["degree", "sentiment"])
def test_every_verdict_names_both_sides_with_their_people(opposition: object, verdict: str) -> None:
    assert isinstance(opposition, type(DEGREE))
    sentence = words.verdict_sentence(replace(opposition, verdict=verdict))
    for side in opposition.sides:
        assert f"{side.people} {words.SIDE_VERBS[side.label]}" in sentence
    assert words.verdict_name(replace(opposition, verdict=verdict))


def test_the_books_verdict_reads_as_promised() -> None:
    assert words.verdict_name(DEGREE) == "Two camps"
    assert words.verdict_sentence(DEGREE) == (
        "96 ask for more, 85 ask for less; whoever serves one makes it worse for the other."
    )


def test_a_leaning_verdict_names_the_side_that_it_leans_to() -> None:
    assert words.verdict_name(replace(DEGREE, verdict="leans_A")) == "Most ask for more"
    assert words.verdict_name(replace(DEGREE, verdict="leans_B")) == "Most ask for less"
    assert words.verdict_sentence(replace(DEGREE, verdict="leans_B")).startswith("85 ask for less, 96")


def test_people_on_both_sides_are_told_where_there_are_any() -> None:
    little, much = (
        replace(side, people=people, share=wilson(people, 145))
        for side, people in zip(DEGREE.sides, (120, 105), strict=True)
    )
    shared = replace(DEGREE, verdict="inconclusive", sides=(little, much))
    assert words.verdict_sentence(shared) == (
        "120 ask for more, 105 ask for less, 80 of them say both: too few on one side alone to tell a majority, or an "
        "even split, from chance and misreading."
    )
    for verdict in VERDICTS:
        assert ", 80 of them say both" in words.verdict_sentence(replace(shared, verdict=verdict))
        assert "both" not in words.verdict_sentence(replace(DEGREE, verdict=verdict)).replace("Read both", "")


def test_shouting_is_said_aloud_and_one_message_each_is_not() -> None:
    alerts = next(each for each in world().oppositions if each.label == "motion alerts")
    assert "34 who ask for less wrote 118 messages" in words.louder(alerts)
    assert words.louder(DEGREE) == ""


def test_one_person_asks_and_two_ask() -> None:
    one = replace(DEGREE.sides[0], people=1)
    assert words.people_on(one) == "1 asks for more"
    assert words.people_on(replace(one, people=2, label="praise")) == "2 praise"
    assert words.side_verb("complaint", 1) == "complains"


def test_every_label_has_its_words() -> None:
    assert set(words.SIDE_VERBS) == set(SIDES)
    assert set(words.GRADE_MEANINGS) == set(GRADES)


def test_below_thirty_people_or_another_gate_there_is_no_percentage() -> None:
    assert words.percent(wilson(15, 29)) == ""
    assert words.percent(wilson(15, 29), 29) == "52\u202f% (34–69\u202f%)"
    assert words.percent(wilson(15, 29), 30) == words.percent(wilson(15, 30), 31) == ""
    assert words.percent(wilson(15, 30)) == "50\u202f% (33–67\u202f%)"
    assert words.percent(Share(k=9, n=2133, low=0.0022, high=0.008)) == "0.4\u202f% (0.2–0.8\u202f%)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03", "Mar 2026"),
        ("2026-03-03", "3 Mar 2026"),
        ("2026-03-03/2026-03-14", "3–14 Mar 2026"),
        ("2026-02-27/2026-03-04", "27 Feb – 4 Mar 2026"),
        ("2025-11-01/2026-10-31", "1 Nov 2025 – 31 Oct 2026"),
        ("2026-03/2026-03", "Mar 2026"),
        ("2026-13-40", "2026-13-40"),
        ("spring", "spring"),
    ],
)
def test_periods_are_written_as_people_write_them(text: str, expected: str) -> None:
    assert words.period(text) == expected


def test_long_lists_are_cut_and_counted() -> None:
    assert words.listed(["Thai"], "languages") == "Thai"
    assert words.listed(["Thai", "Latvian", "Hindi"], "languages") == "Thai, Latvian and Hindi"
    assert words.listed(list("abcd"), "languages", most=2) == "a, b and 2 more languages"


@given(st.text(), st.integers(10, 60))
def test_an_excerpt_is_one_short_line_without_control_characters(text: str, longest: int) -> None:
    cut = words.excerpt(text, longest)
    assert len(cut) <= longest
    assert not any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 for letter in cut)
    cut.encode("utf-8")
