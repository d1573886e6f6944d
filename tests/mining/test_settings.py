"""Settings outside their range are refused in one line."""

from typing import Any

import pytest

from data.errors import SettingsError
from mining.settings import MiningSettings


@pytest.mark.parametrize(
    "wrong",
    [
        {"granularity": 1.5},
        {"degree_threshold": -0.1},
        {"side_people": 0},
        {"split_odds": 1.0},
        {"topic_weight": -1},
        {"common_ground": 1.1},
        {"near_duplicate": 0},
    ],
)
def test_out_of_range(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="allowed is"):
        MiningSettings(**wrong)


def test_as_dict_brings_the_settings_back() -> None:
    settings = MiningSettings(granularity=0.2, context=None)
    assert MiningSettings.from_dict(settings.as_dict()) == settings
    assert MiningSettings.from_dict({**settings.as_dict(), "of_another_version": 1}) == settings
