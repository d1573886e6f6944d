"""The words for corrected shares, penalties and response rates."""

from dataclasses import replace

from mining import correction_words as words
from mining.report_html import page
from mining.results import CorrectedShare, Penalty
from mining.settings import MiningSettings
from tests.mining.report_world import MODEL, world

SIDE = world().oppositions[0].sides[0]
SHARE = CorrectedShare(value=0.482, low=0.333, high=0.611)
PENALTY = Penalty(drop=1.31, low=0.9, high=1.72, people=80, middle=1812, act=True)


def test_a_corrected_share_is_told_with_its_interval_from_thirty_people_on() -> None:
    assert words.corrected(replace(SIDE, corrected=SHARE)) == "48\u202f% (33–61\u202f%)"
    assert words.corrected(SIDE) == ""
    small = replace(SIDE, corrected=SHARE, share=replace(SIDE.share, k=12, n=29))
    assert words.corrected(small) == ""
    assert words.corrected(small, 29) == "48\u202f% (33–61\u202f%)"
    assert words.corrected(replace(SIDE, corrected=replace(SHARE, low=0.0, high=1.0))) == "not known"


def test_a_side_that_errors_may_have_made_says_so() -> None:
    assert words.people_or_none(replace(SIDE, near_zero=True)) == "96 ask for more, cannot be told from zero"
    assert words.people_or_none(replace(SIDE, near_zero=False)) == "96 ask for more"


def test_a_penalty_is_a_drop_against_the_others() -> None:
    assert words.penalty(replace(SIDE, penalty=PENALTY)) == (
        "rate 1.3 lower (0.9 to 1.7) than the 1,812 who do not complain of it: worth acting on"
    )
    above = replace(PENALTY, drop=-0.3, low=-0.7, high=0.1, act=False)
    assert words.penalty(replace(SIDE, penalty=above)) == (
        "rate 0.3 higher (-0.1 to 0.7) than the 1,812 who do not complain of it"
    )
    assert words.penalty(SIDE) == ""


def test_rates_have_a_decimal_where_it_matters() -> None:
    assert [words.rate(part) for part in (0.0244, 0.2, 1.0)] == ["2.4\u202f%", "20\u202f%", "100\u202f%"]


def test_the_page_tells_them_all() -> None:
    mining = world()
    first, *others = mining.oppositions
    told = replace(SIDE, corrected=SHARE, near_zero=True, penalty=PENALTY)
    shown = page(
        replace(
            mining,
            oppositions=(replace(first, sides=(told, first.sides[1])), *others),
            data=replace(mining.data, people=2000, negative=400),
            settings=MiningSettings().as_dict(),
        ),
        replace(MODEL, confusion={"sentiment": {}, "degree": {}}),
    )
    for words_of_it in (
        "corrected for misreading",
        words.NEAR_ZERO,
        "rate 1.3 lower",
        "<b>2.2\u202f%</b>",
        "<b>22\u202f%</b>",
    ):
        assert words_of_it in shown
