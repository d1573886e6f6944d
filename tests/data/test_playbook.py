"""The playbook: the one that ships, and what is refused in one of the user's own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from data.errors import SettingsError
from data.labels import TOPICS
from data.playbook import SHIPPED, read_playbook
from data.taxonomy import NAMED_IN


def test_the_one_that_ships_answers_every_topic_in_every_language() -> None:
    playbook = read_playbook()
    assert set(playbook.topics) == set(TOPICS)
    for gesture in playbook.gestures.values():
        assert set(gesture.names) == set(NAMED_IN)
        assert gesture.cost > 0
    used = {response.gesture.id for response in playbook.topics.values()}
    assert used <= set(playbook.gestures)
    assert {"refund_shipping_credit", "keep_and_send_right", "replace_plus_extra"} <= used


def test_the_more_urgent_the_sooner_due() -> None:
    playbook = read_playbook()
    days = [playbook.days_for(urgency) for urgency in range(101)]
    assert days == sorted(days, reverse=True)
    assert playbook.longest == days[0]


def test_a_cause_goes_before_its_topics_and_the_worst_topic_before_the_others(tmp_path: Path) -> None:
    def name_a_cause(entries: Any) -> None:
        entries["causes"] = {"c-0005": {"severity": 0.1, "gesture": "keep_and_send_right"}}

    playbook = read_playbook(changed(tmp_path, name_a_cause))
    assert playbook.response([], ["price", "billing"]).severity == playbook.topics["billing"].severity
    assert playbook.response(["c-0001"], ["price"]) == playbook.topics["price"]
    assert playbook.response(["c-0001", "c-0005"], ["billing"]).gesture.id == "keep_and_send_right"
    assert playbook.response([], []) == playbook.topics["other"]


def changed(folder: Path, change: Callable[[Any], None]) -> Path:
    entries = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    change(entries)
    path = folder / "playbook.yaml"
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda entries: entries["weights"].update(anger=-1), "weight anger is -1"),
        (lambda entries: entries["weights"].update(anger=float("nan")), "weight anger is nan"),
        (lambda entries: entries["weights"].pop("anger"), "weights must be exactly"),
        (lambda entries: entries["weights"].update(dict.fromkeys(entries["weights"], 0)), "are 0"),
        (lambda entries: entries["due"].pop(), "due needs an entry with urgency 0"),
        (lambda entries: entries["topics"].pop("price"), "differs in price"),
        (lambda entries: entries["topics"]["price"].update(severity=2), "severity of price is 2"),
        (lambda entries: entries["topics"]["price"].update(gesture="hug"), "names the gesture 'hug'"),
        (lambda entries: entries["gestures"]["tell_when_done"]["name"].pop("lv"), "lacks its name in lv"),
        (lambda entries: entries["gestures"]["tell_when_done"].update(cost="much"), "is 'much'"),
        (lambda entries: entries.pop("gestures"), "has no 'gestures'"),
        (lambda entries: entries.update(half_life=0), "half_life is 0"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    tmp_path: Path, change: Callable[[Any], None], reason: str
) -> None:
    with pytest.raises(SettingsError, match=reason) as refused:
        read_playbook(changed(tmp_path, change))
    assert "\n" not in str(refused.value)


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "playbook.yaml"
    for text, reason in (("weights: {", "is no YAML"), ("", "lacks or misspells"), ("- a\n", "lacks or")):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(SettingsError, match=reason):
            read_playbook(path)
    with pytest.raises(SettingsError, match="cannot be read"):
        read_playbook(tmp_path / "none.yaml")
