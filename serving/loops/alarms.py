"""Alarms of the history in the report."""

from collections.abc import Mapping
from pathlib import Path

from mining.loop_table import LoopTable
from mining.report_words import plural
from mining.watch.results import WatchSettings
from serving.loops.asking import asked_by
from serving.watch.run import watch
from serving.watch.tables import rarity

SHOWN = 10


def alarms_table(folder: Path, names: Mapping[str, str]) -> LoopTable:
    """The alarms that a watch over the whole file would have told, the latest first."""
    settings = WatchSettings()
    watched = watch(folder, settings)
    latest = sorted(watched.alarms, key=lambda alarm: (alarm.day, alarm.cause_id), reverse=True)
    rows = [
        (
            names.get(alarm.cause_id, alarm.cause_id),
            alarm.day.isoformat(),
            f"{alarm.since.isoformat()} to {alarm.until.isoformat() if alarm.until else 'now'}",
            f"{alarm.people} of {alarm.of}",
            f"{alarm.expected:.1f}",
            rarity(alarm.years),
        )
        for alarm in latest[:SHOWN]
    ]
    days = (watched.last - watched.from_).days + 1
    chance = settings.false_alarms * days / 365.25
    return LoopTable(
        title="When would an alarm have rung?",
        question=(
            f"A watch from {watched.from_} to {watched.last} would have told {plural(len(latest), 'alarm')}; "
            f"by chance alone {chance:.1f} were to be expected."
        ),
        columns=("Cause", "Told", "Rise", "People", "Expected", "By chance"),
        rows=rows,
        note=f"{len(latest) - len(rows)} earlier ones not shown." if len(latest) > len(rows) else "",
        command=asked_by("watch --dry-run", folder),
    )
