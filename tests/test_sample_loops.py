"""The loops on the sample, with the shipped checkpoint, give the answers that were planted. Slow: the real model."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mining.results import Mining
from mining.watch.results import WatchSettings
from models.checkpoint import load_predictor
from serving.fixes.folder import FixedFolder, register_fix, review_folder
from serving.gap.folder import believe_file, show
from serving.loyalty.folder import loyalty_in
from serving.mining_run import mine_file
from serving.recovery.desk import Desk
from serving.state import stored_in
from serving.watch.run import watch

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample"
TRUTH: dict[str, Any] = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 1)
pytestmark = pytest.mark.slow


class Mined:
    """The folder of a mining of the sample, with its customers, and which of its causes is which planted one."""

    def __init__(self, out: Path, mining: Mining) -> None:
        self.out = out
        self._mining = mining

    def cause(self, planted: str) -> str:
        """Id of the cause whose members agree best with those of the planted one."""
        own = {member for side in TRUTH["causes"][planted]["sides"].values() for member in side}
        return max(
            self._mining.causes,
            key=lambda cause: len(own & set(cause.members)) / (len(own) + len(cause.members)),
        ).id


@pytest.fixture(scope="module")
def mined(tmp_path_factory: pytest.TempPathFactory) -> Mined:
    out = tmp_path_factory.mktemp("sample") / "out"
    found = mine_file(SAMPLE / "feedback.csv", out, load_predictor(), columns={})
    shutil.copy(SAMPLE / "customers.csv", out)
    return Mined(out, found.mining)


def test_fixes_have_the_planted_verdicts(mined: Mined) -> None:
    place, expected = FixedFolder(mined.out), {}
    for fix in TRUTH["fixes"]:
        cause = mined.cause(fix["cause"])
        register_fix(place, cause, "the owner", "the fix", date.fromisoformat(fix["day"]))
        expected[cause] = fix["expected_verdict"]
    found = review_folder(place).found
    assert {each.cause: each.outcome.verdict for each in found} == expected


def test_both_bursts_ring_the_alarm_and_nothing_else_does(mined: Mined) -> None:
    alarms = watch(mined.out, WatchSettings()).alarms
    assert {alarm.cause_id for alarm in alarms} == {mined.cause(each["cause"]) for each in TRUTH["bursts"]}
    assert len(alarms) == len(TRUTH["bursts"])


def test_leaving_goes_with_what_was_planted(mined: Mined) -> None:
    """The strongest is told; of the others each interval is above no effect, though adjusting may leave them untold."""
    leaving = loyalty_in(mined.out, stored_in(mined.out), today=TODAY).leaving
    assert leaving is not None
    strong = max(leaving.associations, key=lambda each: each.coefficient.value)
    assert (strong.cause_id, strong.direction) == (mined.cause("late"), "more")
    planted = [name.partition(":") for name in TRUTH["leaving"] if ":" in name]
    beyond = {each.cause_id for each in leaving.associations if each.coefficient.low > 0}
    assert beyond >= {mined.cause(cause) for cause, _, side in planted if side != "praise"}


def test_nobody_who_wrote_planted_spam_is_an_advocate(mined: Mined) -> None:
    advocates = {each.person for each in loyalty_in(mined.out, stored_in(mined.out), today=TODAY).advocates}
    assert len(advocates) > 50
    assert advocates.isdisjoint(TRUTH["spam"])


def test_beliefs_have_the_verdicts_that_misreading_allows(mined: Mined) -> None:
    believe_file(mined.out, SAMPLE / "beliefs.csv")
    told = {gap.belief.subject: gap.verdict for _, gap in show(mined.out).gaps}
    assert told == {each["topic"]: each["expected_verdict"] for each in TRUTH["beliefs"]}


def test_everybody_who_complains_is_in_the_queue_once(mined: Mined) -> None:
    entries = Desk(mined.out).queue(TODAY).entries
    assert len({entry.id for entry in entries}) == len(entries)
    shouting = [entry.urgency for entry in entries]
    assert shouting == sorted(shouting, reverse=True)
    assert len(entries) > 1_000
