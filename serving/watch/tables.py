"""Alarms in a terminal."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table

from mining.cause_names import cause_name
from mining.report_words import plural
from mining.results import Cause
from mining.terminal_voice import Voice
from mining.watch.judging import Event, Judged
from mining.watch.results import Alarm
from serving.watch.book import KeptAlarm
from serving.watch.messages import alarm_dict
from serving.watch.run import Watched

_LABEL: Final = 50
_WIDE: Final = 110
_NARROW: Final = 80
_DAY: Final = len("2026-03-10")
_ID: Final = len("c-0010")
_YEAR: Final = 365.25
_CENTURY: Final = 100
_SEVERAL: Final = 2


def print_alarms(console: Console, new: Sequence[KeptAlarm], watched: Watched, since: date) -> None:
    """The new alarms, or that there is none."""
    if not new:
        console.print(_nothing_new(watched.last, since), highlight=False)
        return
    table, causes = _table(console, ""), _by_id(watched)
    for kept in new:
        _row(table, console, _named(kept.alarm.cause_id, kept.label, causes), kept.alarm, "")
    console.print(table)
    console.print(
        f"{plural(len(new), 'new alarm')} from {since} to {watched.last}", style="dim", highlight=False
    )


def print_past(
    console: Console, judged: Judged, watched: Watched, since: date, false_alarms: float, source: str
) -> None:
    """What a watch would have told, against the events ``source`` names."""
    say, causes, labels = Voice(console), _by_id(watched), watched.labels

    def named(cause_id: str) -> str:
        return _named(cause_id, labels.get(cause_id, ""), causes)

    alarms = [(alarm, _told(event)) for alarm, event in judged.real] + [(a, "–") for a in judged.other]
    if alarms:
        table = _table(console, "Known event")
        for alarm, event in sorted(alarms, key=lambda pair: (pair[0].day, pair[0].cause_id)):
            _row(table, console, named(alarm.cause_id), alarm, event)
        console.print(table)
    days = (watched.last - since).days + 1
    lines = [
        f"From {since} to {watched.last} you would have had {plural(len(alarms), 'alarm')}: "
        f"{len(judged.real)} in an event {source}, {len(judged.other)} in none.",
        f"By chance alone {false_alarms * days / _YEAR:.1f} were to be expected in {days} days.",
    ]
    if judged.delays:
        lines.append(
            f"Days from the first day of an event to its alarm: {', '.join(map(str, judged.delays))}."
        )
    lines += [f"Missed: {named(event.cause_id)}, {_told(event)}" for event in judged.missed]
    lines += [
        f"Over before the watch began: {named(event.cause_id)}, {_told(event)}" for event in judged.before
    ]
    for line in lines:
        console.print(say.text(line))


def past_dict(judged: Judged, labels: Mapping[str, str]) -> dict[str, Any]:
    """The same as JSON values; an alarm that was not told has no id."""

    def alarm_of(alarm: Alarm) -> dict[str, Any]:
        return {**alarm_dict(KeptAlarm("", labels.get(alarm.cause_id, ""), alarm)), "id": None}

    return {
        "real": [{**alarm_of(alarm), "event": _event(event)} for alarm, event in judged.real],
        "other": [alarm_of(alarm) for alarm in judged.other],
        "missed": [_event(event) for event in judged.missed],
        "before": [_event(event) for event in judged.before],
        "delays": judged.delays,
    }


def _nothing_new(last: date, since: date) -> str:
    if since > last:
        return f"no new alarm: the last message is of {last}, before {since}"
    return f"no new alarm from {since} to {last}"


def _table(console: Console, last: str) -> Table:
    """A narrow terminal gets narrow gaps and words on two lines, and never a cause without its id.

    One of less than 80 columns gets fewer of these, too: ``--json`` has them all.
    """
    narrow, few = console.width < _WIDE, console.width < _NARROW
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 0) if narrow else (0, 1))
    for name in ("Told",) if few else ("Told", "Since", "Until"):
        table.add_column(name, no_wrap=True, min_width=_DAY)
    table.add_column("Cause", overflow="fold", min_width=_ID)
    for name in ("People",) if few else ("People", "Expected"):
        table.add_column(name, justify="right", overflow="fold")
    table.add_column("By chance", overflow="fold")
    if last:
        table.add_column(last, overflow="fold", width=_DAY + 1 if narrow else None)
    return table


def _row(table: Table, console: Console, name: str, alarm: Alarm, event: str) -> None:
    few = console.width < _NARROW
    days = [alarm.since.isoformat(), alarm.until.isoformat() if alarm.until else "lasts"]
    cells: list[RenderableType] = [
        alarm.day.isoformat(),
        *([] if few else days),
        Voice(console).text(name),
        f"{alarm.people} of {alarm.of}",
        *([] if few else [f"{alarm.expected:.1f}"]),
        rarity(alarm.years),
    ]
    table.add_row(*cells, *([event] if event else []))


def rarity(years: float) -> str:
    """How often chance alone takes this cause so far."""
    if years >= _CENTURY:
        return "rarer than once in 100 years"
    for number, unit in ((years, "years"), (12 * years, "months")):
        if number >= _SEVERAL:
            return f"once in {number:.0f} {unit}"
    return f"once in {plural(max(1, round(_YEAR * years)), 'day')}"


def _told(event: Event) -> str:
    return f"{event.first}/{event.last or ''}"


def _by_id(watched: Watched) -> Mapping[str, Cause]:
    return {cause.id: cause for cause in watched.causes}


def _named(cause_id: str, label: str, causes: Mapping[str, Cause]) -> str:
    return f"{cause_id} {cause_name(label, causes.get(cause_id), _LABEL)}"


def _event(event: Event) -> dict[str, Any]:
    last = event.last and event.last.isoformat()
    return {"cause_id": event.cause_id, "from": event.first.isoformat(), "to": last}
