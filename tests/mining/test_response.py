"""The band of experiences behind a share of negative reviews."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from data.errors import SettingsError
from mining.response import band_of, response_band
from mining.settings import MiningSettings
from tests.mining.report_world import world

RATES = st.floats(min_value=0.01, max_value=1)
PEOPLE = st.integers(min_value=0, max_value=10_000)


def test_twenty_per_cent_of_reviews_are_between_two_and_twenty_per_cent_of_experiences() -> None:
    band = response_band(200_000, 1_000_000, content=0.1, upset=1.0)
    assert (round(band.low, 3), round(band.high, 2)) == (0.024, 0.2)


def test_few_reviews_leave_a_wide_band() -> None:
    everybody, nobody = (response_band(k, 30, content=0.1, upset=1.0) for k in (30, 0))
    assert (everybody.low < 0.6, everybody.high) == (True, 1.0)
    assert (nobody.low, nobody.high > 0.05) == (0.0, True)


@given(positive=PEOPLE, negative=PEOPLE, rates=st.tuples(RATES, RATES))
def test_the_band_implies_the_reviews_that_came(
    positive: int, negative: int, rates: tuple[float, float]
) -> None:
    assume(positive + negative > 0)
    content, upset = sorted(rates)
    band = response_band(negative, positive + negative, content=content, upset=upset)
    written = band.low * upset / (band.low * upset + (1 - band.low) * content)
    assert written == pytest.approx(band.share.low)
    assert 0 <= band.low <= band.high + 1e-12


@pytest.mark.parametrize(
    ("content", "upset", "n"), [(0.0, 1.0, 5), (0.5, 0.4, 5), (0.5, 1.1, 5), (0.1, 1.0, 0)]
)
def test_rates_that_cannot_be_are_refused(content: float, upset: float, n: int) -> None:
    with pytest.raises(ValueError, match="allowed is 0 < content <= upset <= 1"):
        response_band(0, n, content=content, upset=upset)


def test_settings_say_which_rates_are_allowed() -> None:
    with pytest.raises(SettingsError, match="the content not above the upset"):
        MiningSettings(content_response=0.5, upset_response=0.2)


def test_a_mining_that_did_not_count_has_no_band() -> None:
    assert band_of(world().data, MiningSettings().as_dict()) is None


def test_whole_rates_are_rates() -> None:
    data = replace(world().data, negative=20)
    settings = MiningSettings(content_response=1, upset_response=1)
    band = band_of(data, settings.as_dict())
    assert band is not None
    assert (band.low, band.high) == (band.share.low, band.share.high)


def test_of_fewer_people_than_a_share_takes_there_is_no_band() -> None:
    settings = MiningSettings().as_dict()
    few, enough = (replace(world().data, negative=3, people=people) for people in (29, 30))
    assert band_of(few, settings) is None
    assert band_of(enough, settings) is not None
