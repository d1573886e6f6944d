import io
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from mining.report_terminal import print_report
from mining.results import Mining, Side
from tests.mining.report_world import MARKUP, empty_world, world


def printed(mining: Mining, width: int, encoding: str = "utf-8") -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="")
    print_report(Console(file=stream, width=width, force_terminal=False), mining)
    stream.flush()
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode(encoding)


def with_quote(text: str) -> Mining:
    mining = world()
    first = mining.oppositions[0]
    example = replace(first.sides[0].examples[0], text=text)
    side = replace(first.sides[0], examples=(example,))
    return replace(mining, oppositions=(replace(first, label=text, sides=(side, first.sides[1])),))


def test_oppositions_come_first_with_people_share_interval_and_verdict() -> None:
    text = printed(world(), 80)
    assert text.index("Where people pull") < text.index("What people speak of")
    for words in (
        "96 ask for more",
        "85 of 181",
        "53\u202f% (46–60\u202f%)",
        "Two camps",
        "14 rows set aside",
    ):
        assert words in text


@pytest.mark.parametrize(("gate", "shown"), [(19, True), (30, False)])
def test_the_gate_of_a_share_is_that_of_the_mining(gate: int, shown: bool) -> None:
    mining = world()
    text = printed(replace(mining, settings={**mining.settings, "share_people": gate}), 80)
    assert ("42\u202f% (23–64\u202f%)" in text) is shown


def test_who_speaks_stands_beside_the_count() -> None:
    text = printed(world(), 130)
    for words in (
        "the other side leads",
        "41\u202f% (33–49\u202f%)",
        "anecdote",
        "differs",
        "12 people are there",
    ):
        assert words in text
    assert "Who speaks" not in printed(replace(world(), speakers=None), 130)


def test_causes_of_no_one_subject_stand_behind_the_others_and_say_so() -> None:
    mining = world()
    first, *others = mining.causes
    vague = replace(first, label="thanks", topics=("other",))
    assert "no one subject" not in printed(mining, 100)
    table = printed(replace(mining, causes=(vague, *others[:5])), 100)
    table = table[table.index("What people speak of") :]
    assert table.count("(no one subject)") == 1
    assert table.index("thanks") > max(table.index(cause.label[:12]) for cause in others[:5])


def test_a_side_that_misreading_may_have_made_is_marked_and_explained_once() -> None:
    mining = world()
    cause = mining.causes[0]
    plain = replace(mining, causes=(replace(cause, sides=_doubted(cause.sides, doubt=False)),))
    doubted = replace(mining, causes=(replace(cause, sides=_doubted(cause.sides, doubt=True)),))
    assert "cannot be told from zero" not in printed(plain, 100)
    told = printed(doubted, 100)
    assert told.count("* cannot be told from zero") == 1
    assert told.count(" *") >= len(cause.sides)


def _doubted(sides: Sequence[Side], *, doubt: bool) -> tuple[Side, ...]:
    return tuple(replace(side, near_zero=doubt) for side in sides)


@pytest.mark.parametrize("width", [40, 80, 130])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert max(cell_len(line) for line in printed(world(), width).splitlines()) <= width


def test_wide_terminals_say_the_verdict_as_a_sentence() -> None:
    assert "makes" in printed(world(), 130)
    assert "whoever" not in printed(world(), 80)


@settings(max_examples=25, deadline=None)
@given(st.one_of(st.text(max_size=30), st.just(MARKUP), st.just("\u202eevil\u202c[link=x]")))
def test_texts_can_neither_colour_nor_turn_nor_break_the_terminal(text: str) -> None:
    shown = printed(with_quote(text), 80)
    assert not set(shown) & {
        chr(code) for code in (*range(9), *range(11, 32), *range(0x7F, 0xA0), *range(0x202A, 0x202F))
    }


def test_markup_is_shown_as_it_was_written() -> None:
    assert "[bold red]" in printed(with_quote("[bold red]x[/]"), 80)


def test_a_terminal_without_unicode_gets_question_marks_not_a_crash() -> None:
    assert "96 ask for more" in printed(world(), 80, encoding="ascii")


def test_an_empty_mining_says_so_in_two_lines() -> None:
    lines = printed(empty_world(), 80).splitlines()
    assert lines == [
        "1 message from 1 person in 1 language, 0 causes, 0 oppositions",
        "1 of 1 statement in no cause.",
    ]
