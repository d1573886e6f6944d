"""An alarm as programs and people read it."""

from datetime import date
from typing import Any

from pydantic import BaseModel

from mining.evidence import share_of
from mining.json_numbers import interval, number
from serving.watch.book import KeptAlarm


class AlarmRecord(BaseModel):
    """An alarm as ``alarm_dict`` has it."""

    id: str
    cause_id: str
    label: str
    since: date
    day: date
    until: date | None
    people: int
    of: int
    share: float | None
    interval: tuple[float | None, float | None] | None
    expected: float | None
    ratio: float | None
    by_chance_every_years: float | None
    false_alarms_per_year: float | None
    people_in_all: int


class Alarms(BaseModel):
    """Alarms, newest first."""

    alarms: list[AlarmRecord]


def alarm_dict(kept: KeptAlarm) -> dict[str, Any]:
    """An alarm as plain JSON values, the same in a file, in a webhook and over HTTP."""
    alarm = kept.alarm
    share = share_of(alarm.people, alarm.of)
    return {
        "id": kept.id,
        "cause_id": alarm.cause_id,
        "label": kept.label,
        "since": alarm.since.isoformat(),
        "day": alarm.day.isoformat(),
        "until": alarm.until and alarm.until.isoformat(),
        "people": alarm.people,
        "of": alarm.of,
        "share": number(share.value),
        "interval": interval(share.low, share.high),
        "expected": number(alarm.expected),
        "ratio": number(alarm.ratio),
        "by_chance_every_years": number(alarm.years),
        "false_alarms_per_year": number(alarm.adjusted),
        "people_in_all": alarm.in_all,
    }


def alarm_line(kept: KeptAlarm) -> str:
    """An alarm in one sentence."""
    alarm = kept.alarm
    return (
        f"{alarm.cause_id} {kept.label}: {alarm.people} of the {alarm.of} people who wrote about the same product "
        f"from {alarm.since} to {alarm.day} complain of it, where {alarm.expected:.1f} were to be expected"
    )
