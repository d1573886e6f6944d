"""Beliefs, their seals, the measured shares, and verdicts that are as often wrong as they may be."""

import csv
import json
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
import pytest

from data.errors import EditError, SealedError, StateError
from mining.evidence import share_of
from mining.gap.beliefs import Belief, default_margin
from mining.gap.book import BOOK_NAME, open_book, read_book
from mining.gap.measured import Complaints, Measured
from mining.gap.verdict import gaps
from mining.settings import MiningSettings
from tests.mining.journal_rows import journal, said

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
SETTINGS = MiningSettings()
WORLDS = 1000
SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"


def belief(share: float = 0.1, **other: Any) -> Belief:
    given: dict[str, Any] = {
        "subject": "delivery",
        "margin": default_margin(share),
        "by": "COO",
        "at": AT,
        "salt": "00",
    }
    return Belief(share=share, **{**given, **other})


def measured(k: int, n: int, unnamed: int = 0) -> Measured:
    return Measured(share_of(k, n), share_of(k + unnamed, n))


def verdict(share: float, k: int, n: int, unnamed: int = 0) -> str:
    (found,) = gaps([(belief(share), measured(k, n, unnamed))], SETTINGS)
    return found.verdict


@pytest.mark.parametrize(
    ("share", "margin"), [(0.5, 0.05), (0.1, 0.05), (0.04, 0.02), (0.0, 0.01), (0.98, 0.01), (1.0, 0.01)]
)
def test_the_margin_is_smaller_for_small_shares(share: float, margin: float) -> None:
    assert default_margin(share) == pytest.approx(margin)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"share": 1.2}, "share"),
        ({"share": float("nan")}, "share"),
        ({"margin": 0.0}, "margin"),
        ({"by": " "}, "who believes"),
        ({"by": "a\nb"}, "who believes"),
    ],
)
def test_what_is_no_belief_is_refused(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(EditError, match=reason):
        belief(**{"share": 0.1, **change})


def test_people_are_counted_once_and_praise_is_none() -> None:
    rows = [
        said("f-1", "ann"),
        said("f-2", "ann", topics=("delivery", "price")),
        said("f-3", "bob", topics=("price",), cause="c-0002"),
        said("f-4", "cyd", topics=(), cause=None, side="too_much"),
        said("f-5", "dan", side="praise"),
        said("f-6", "eve", side=None),
    ]
    for order in (rows, rows[::-1]):
        found = Complaints(journal(order))
        assert found.people == 3
        assert (found.of("delivery").share.k, found.of("price").share.k, found.of("staff").share.k) == (
            1,
            2,
            0,
        )
        assert found.of("delivery").most.k == found.of("c-0002").most.k == 2
        assert found.unnamed(topics=True) == found.unnamed(topics=False) == 1
    assert Complaints(journal(rows), {"c-0002": "c-0001"}).of("c-0001").share.k == 2


@pytest.mark.parametrize(
    ("share", "k", "n", "unnamed", "expected"),
    [
        (0.10, 40, 400, 0, "knew"),
        (0.10, 100, 400, 0, "underrated"),
        (0.50, 40, 400, 0, "overrated"),
        (0.10, 6, 60, 0, "cannot_tell"),
        (0.10, 40, 400, 100, "cannot_tell"),  # right, if none of the unnamed is about it
        (0.50, 40, 400, 100, "overrated"),
        (0.50, 40, 400, 160, "cannot_tell"),
        (0.10, 100, 400, 300, "underrated"),  # the unnamed can only add to it
        (0.10, 1_130, 10_000, 0, "knew"),  # far from chance, but within the margin
        (0.0, 0, 400, 0, "knew"),
        (1.0, 400, 400, 0, "knew"),
        (0.10, 20, 29, 0, "cannot_tell"),
    ],
)
def test_verdicts(share: float, k: int, n: int, unnamed: int, expected: str) -> None:
    assert verdict(share, k, n, unnamed) == expected


def test_below_the_gate_there_are_no_numbers() -> None:
    (found,) = gaps([(belief(), measured(20, 29))], SETTINGS)
    assert (found.grade, found.measured, found.difference, found.p_value) == ("anecdote", None, None, None)
    assert "29 people complain" in found.reason


@pytest.mark.parametrize("n", [60, 300, 2000])
@pytest.mark.parametrize("between", [(0.03, 0.1), (0.1, 0.3), (0.3, 0.6)])
def test_intervals_cover_the_true_gap(n: int, between: tuple[float, float]) -> None:
    """Over shares between two limits: at a single one counts are too coarse (93 of 100 at 0.05 of 60 people)."""
    rng = np.random.default_rng(7)
    true = rng.uniform(*between, WORLDS)
    found = gaps([(belief(0.1), measured(int(k), n)) for k in rng.binomial(n, true)], SETTINGS)
    covered = [
        each.low <= share - 0.1 <= each.high
        for each, share in zip(found, true, strict=True)
        if each.low is not None and each.high is not None
    ]
    assert len(covered) == WORLDS
    assert 0.93 <= np.mean(covered) <= 0.97


@pytest.mark.parametrize("believed", [0.1, 0.3])
@pytest.mark.parametrize("n", [60, 300, 2000])
def test_false_verdicts_are_rare_at_the_edge_of_the_margin(believed: float, n: int) -> None:
    """At the limit itself every verdict but "cannot tell" is an error, or nearly one: one in forty each way."""
    for edge in (believed - default_margin(believed), believed + default_margin(believed)):
        counts = np.random.default_rng(11).binomial(n, edge, WORLDS)
        told = {int(k): verdict(believed, int(k), n) for k in set(counts)}
        found = [told[int(k)] for k in counts]
        assert np.mean([each in ("underrated", "overrated") for each in found]) <= 0.035
        assert np.mean([each == "knew" for each in found]) <= 0.04


def test_a_belief_that_is_right_is_seldom_called_wrong_and_a_gap_is_found() -> None:
    rng = np.random.default_rng(3)
    right = [verdict(0.2, int(k), 1700) for k in rng.binomial(1700, 0.2, 200)]
    far = [verdict(0.05, int(k), 300) for k in rng.binomial(300, 0.17, 200)]
    assert right.count("knew") >= 190
    assert right.count("underrated") + right.count("overrated") == 0
    assert far.count("underrated") >= 190


def test_the_sample_read_without_errors_gives_the_planted_answers() -> None:
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    with (SAMPLE / "feedback.csv").open(encoding="utf-8", newline="") as file:
        author = {row["id"]: row["author"] or row["id"] for row in csv.DictReader(file)}
    topic = {cause: told["topic"] for told in truth["beliefs"] for cause in told["causes"]}
    rows = [
        said(member, author[member], side=side, topics=(topic.get(cause, "other"),))
        for cause, found in truth["causes"].items()
        for side, members in found["sides"].items()
        for member in members
    ]
    complaints = Complaints(journal(rows))
    asked = [belief(told["share"], subject=told["topic"]) for told in truth["beliefs"]]
    found = gaps([(each, complaints.of(each.subject)) for each in asked], SETTINGS)
    assert [each.verdict for each in found] == [told["planted_verdict"] for told in truth["beliefs"]]
    for told in truth["beliefs"]:
        assert complaints.of(told["topic"]).share.k == told["people"]
        assert complaints.people == told["of"]


def test_the_last_word_before_the_showing_stands(tmp_path: Path) -> None:
    with open_book(tmp_path) as book:
        first = book.enter(belief(0.1))
        second = book.enter(belief(0.2, by="coo"))
        book.enter(belief(0.3, by="CEO"))
        assert (first.revised, second.revised) == (0, 1)
        assert [(each.belief.by, each.belief.share) for each in book.beliefs()] == [
            ("CEO", 0.3),
            ("coo", 0.2),
        ]
        book.show(["delivery"], AT)
        with pytest.raises(SealedError, match="2026-11-02"):
            book.enter(belief(0.25))
        book.enter(belief(subject="price"))
    assert len(read_book(tmp_path)[0]) == 3
    assert read_book(tmp_path / "nowhere") == ([], {})


def test_a_believer_is_known_as_the_name_looks(tmp_path: Path) -> None:
    with open_book(tmp_path) as book:
        book.enter(belief(0.1, by="Đỗ Lữ"))
        assert book.enter(belief(0.2, by=normalize("NFD", "Đỗ Lữ"))).revised == 1
        assert len(book.beliefs()) == 1


def test_a_seal_hides_the_share_and_tells_every_change() -> None:
    seal = belief().seal("")
    others = [belief(0.11), belief(salt="01"), belief(by="CEO"), belief(margin=0.04)]
    assert seal == belief().seal("")
    assert len({seal, belief().seal("x"), *(each.seal("") for each in others)}) == 6


def test_no_share_with_a_minus_sign_breaks_no_seal(tmp_path: Path) -> None:
    with open_book(tmp_path) as book:
        book.enter(belief(-0.0))
        book.enter(belief(by="CEO"))
    assert [each.belief.share for each in read_book(tmp_path)[0]] == [0.1, 0]


@pytest.mark.parametrize(
    "change", ["UPDATE belief SET share = 0.4 WHERE number = 1", "DELETE FROM belief WHERE number = 1"]
)
def test_the_book_only_grows_and_tells_when_somebody_went_around_that(tmp_path: Path, change: str) -> None:
    with open_book(tmp_path) as book:
        book.enter(belief(0.1))
        book.enter(belief(0.2, by="CEO"))
    with sqlite3.connect(tmp_path / BOOK_NAME) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            connection.execute(change)
        for trigger in ("belief_keeps", "belief_stands"):
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(change)
    connection.close()
    with pytest.raises(StateError, match="seal of belief"):
        read_book(tmp_path)


def test_two_writers_wait_for_each_other(tmp_path: Path) -> None:
    def enter(name: str) -> None:
        with open_book(tmp_path) as book:
            book.enter(belief(by=name))

    threads = [threading.Thread(target=enter, args=(f"leader {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read_book(tmp_path)[0]) == 6


def test_a_file_of_another_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / BOOK_NAME).write_text("no database at all, only a text that is long enough to be one")
    with pytest.raises(StateError, match="not a book of beliefs"):
        read_book(tmp_path)
