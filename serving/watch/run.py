"""One watch of the mining in a folder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from data.errors import CountervoiceError
from mining.descent import sources_of
from mining.kept_file import holds_something
from mining.register import REGISTER_NAME, read_register
from mining.results import Cause
from mining.watch.alarms import find_alarms
from mining.watch.counting import daily_counts
from mining.watch.results import Alarm, WatchSettings
from serving.state import journal_in, stored_in
from serving.watch.book import KeptAlarm, open_book
from serving.watch.sinks import RefusedError, Screen, Sink

RECENT = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Watched:
    """What a watch found in a mining, before anything was told.

    Attributes:
        from_, last: First day on which alarms were possible, and the last day.
        alarms: Of all the history.
        causes: Of the mining, most people first.
    """

    from_: date
    last: date
    alarms: Sequence[Alarm]
    causes: Sequence[Cause]

    @property
    def labels(self) -> Mapping[str, str]:
        """Cause id to name."""
        return {cause.id: cause.label for cause in self.causes}

    def told_since(self, since: date) -> list[Alarm]:
        """The alarms that were told on ``since`` or later."""
        return [alarm for alarm in self.alarms if alarm.day >= since]


def watch(folder: Path, settings: WatchSettings) -> Watched:
    """Find the alarms in the mining in ``folder``.

    Raises:
        StateError: There is no mining with a journal, or its history is too short.
    """
    counts = daily_counts(journal_in(folder))
    alarms = find_alarms(counts, settings)
    first = date.fromordinal(counts.first)
    return Watched(
        first + timedelta(days=settings.warm_up),
        first + timedelta(days=counts.days - 1),
        alarms,
        stored_in(folder).mining.causes,
    )


def tell(
    folder: Path, alarms: Sequence[Alarm], labels: Mapping[str, str], sinks: Sequence[Sink]
) -> tuple[list[KeptAlarm], list[CountervoiceError]]:
    """Enter alarms into the book and hand each to every sink that has not got it.

    Returns:
        The alarms that were new to any sink, and what went wrong; a sink that failed is left alone, one that refused
        an alarm gets the others.
    """
    failures = list[CountervoiceError]()
    new = dict[str, KeptAlarm]()
    working = [Screen(), *sinks]
    with open_book(folder) as book:
        for kept in book.keep(alarms, labels, _sources_in(folder)):
            for sink in [*working]:
                try:
                    with book.sending(kept, sink.name) as due:
                        if due:
                            sink.send(kept)
                            new[kept.id] = kept
                except CountervoiceError as error:
                    failures.append(error)
                    if not isinstance(error, RefusedError):
                        working.remove(sink)
    return list(new.values()), failures


def _sources_in(folder: Path) -> Mapping[str, frozenset[str]]:
    """Cause id to what it comes from, by the register in the folder; nothing where it lies elsewhere."""
    register = folder / REGISTER_NAME
    if not holds_something(register):
        return {}
    with read_register(register) as opened:
        return sources_of(opened.log())
