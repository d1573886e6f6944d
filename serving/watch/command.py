"""``countervoice watch``: alarms of the last mining, to people and programs."""

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from data.finite_range import FiniteRange
from serving.options import Day, FilePath, json_option, state_option
from serving.telling import print_json, say_line, terminal

if TYPE_CHECKING:
    from mining.watch.results import WatchSettings
    from serving.watch.run import Watched
    from serving.watch.sinks import Sink

NEW_ALARMS = 3
EXAMPLES = """
\b
Examples:
  countervoice watch --state out
  countervoice watch --file alarms.jsonl --webhook https://example.com/hook
  countervoice watch --dry-run --false-alarms-per-year 4
  countervoice watch --dry-run --known incidents.csv
  countervoice watch --since 2026-01-01 --json

\b
Exit codes: 0 no new alarm, 3 new alarms, 1 an error (the alarms that were not handed over are due again).
"""


@click.command(short_help="Raise an alarm when complaints of a cause rise.", epilog=EXAMPLES)
@click.option(
    "--since",
    type=Day,
    help="First day whose alarms are told.  [default: the last four weeks of the file; in a dry run all]",
)
@click.option(
    "--webhook", metavar="URL", help="POST each alarm there; $COUNTERVOICE_WEBHOOK_SECRET signs it."
)
@click.option(
    "--file",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Append each alarm to this file, as a line of JSON.",
)
@click.option("--dry-run", is_flag=True, help="Say what alarms there would have been; tell and keep nothing.")
@click.option(
    "--known",
    type=FilePath,
    help="Dry run: CSV of what really happened (cause,from,to).  [default: the bursts that the mining found]",
)
@click.option(
    "--false-alarms-per-year",
    "false_alarms",
    type=FiniteRange(0.01, 365),
    default=1.0,
    show_default=True,
    help="False alarms a year to put up with, from all causes together.",
)
@json_option
@state_option
def watch(
    since: datetime | None,
    webhook: str | None,
    file: Path | None,
    dry_run: bool,
    known: Path | None,
    false_alarms: float,
    as_json: bool,
    state: Path,
) -> int:
    """Raise an alarm when more people complain of a cause than chance explains.

    Mine what is new, then watch, every day or week. Each alarm is told once; GET /v1/alarms lists those told.
    """
    from mining.watch.results import WatchSettings
    from serving.watch.run import watch as run

    if known and not dry_run:
        raise click.UsageError("--known is for --dry-run: say both")
    settings = WatchSettings(false_alarms=false_alarms)
    sinks = _sinks(webhook, file)
    watched = run(state, settings)
    if dry_run:
        _show_past(watched, settings, since, known, as_json=as_json)
        return 0
    return _tell(state, watched, since, sinks, as_json=as_json)


def _sinks(webhook: str | None, file: Path | None) -> "list[Sink]":
    from serving.watch.sinks import FileSink
    from serving.watch.webhook import SECRET_VARIABLE, Webhook

    sinks: list[Sink] = [FileSink(file)] if file else []
    if webhook is not None:
        sinks.append(Webhook(webhook, os.environ.get(SECRET_VARIABLE)))
    return sinks


def _tell(
    state: Path, watched: "Watched", since: datetime | None, sinks: "list[Sink]", *, as_json: bool
) -> int:
    from serving.watch.messages import alarm_dict
    from serving.watch.run import RECENT, tell
    from serving.watch.tables import print_alarms

    first = since.date() if since else watched.last - RECENT
    new, failures = tell(state, watched.told_since(first), watched.labels, sinks)
    if as_json:
        print_json({"alarms": [alarm_dict(kept) for kept in new]})
    elif new or not failures:  # what did not arrive is due again: that is not "no new alarm"
        print_alarms(terminal(), new, watched, first)
    for failure in failures[1:]:
        say_line(str(failure))
    if failures:
        raise failures[0]
    return NEW_ALARMS if new else 0


def _show_past(
    watched: "Watched",
    settings: "WatchSettings",
    since: datetime | None,
    known: Path | None,
    *,
    as_json: bool,
) -> None:
    from mining.watch.judging import judge
    from serving.watch.known import bursts_of, read_events
    from serving.watch.tables import past_dict, print_past

    first = max(watched.from_, since.date()) if since else watched.from_
    events = read_events(known, watched.causes) if known else bursts_of(watched.causes)
    judged = judge(watched.told_since(first), events, first)
    if as_json:
        print_json(past_dict(judged, watched.labels))
    else:
        source = f"of {known.name}" if known else "that the mining found"
        print_past(terminal(), judged, watched, first, settings.false_alarms, source)
