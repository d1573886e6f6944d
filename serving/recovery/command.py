"""``countervoice recover``: whom to contact, what was offered, how it ended, and whether it helped."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import click

from serving.options import customers_option, json_option, state_option
from serving.recovery.options import (
    language_option,
    on_option,
    playbook_option,
    today_option,
)
from serving.telling import print_json, say_line, terminal

if TYPE_CHECKING:
    from mining.recovery.standing import Outcome
    from serving.recovery.desk import Desk

EXAMPLES = """
\b
Examples:
  countervoice recover queue --state out
  countervoice recover queue --customers customers.csv --today 2026-10-31
  countervoice recover contact p-ea542e5bf9e5e04a --gesture apology_by_name --cost 5
  countervoice recover close p-ea542e5bf9e5e04a recovered
  countervoice recover effect --customers customers.csv
  countervoice recover export --to queue.csv
  countervoice recover holdout 0.1

The formula of urgency, the due days and the gestures stand in a playbook that is yours to edit; see docs/recovery.md.
"""
_DAY: Final = timedelta(days=1) - timedelta.resolution
_STATES: Final = ("open", "contacted", "recovered", "lost", "all")


@click.group(
    short_help="Work the queue of people to contact, and measure whether it helped.", epilog=EXAMPLES
)
def recover() -> None:
    """Rescue: contact those who complained, the most urgent first, and count what came of it."""


@recover.command("queue")
@click.option("--in", "wanted", type=click.Choice(_STATES), default="open", show_default=True, help="State.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="People to show.")
@customers_option
@playbook_option
@today_option
@language_option
@json_option
@state_option
def queue_command(
    wanted: str,
    limit: int,
    customers: Path | None,
    playbook: Path | None,
    today: datetime | None,
    language: str,
    as_json: bool,
    state: Path,
) -> None:
    """Show whom to contact, the most urgent first; one entry a person.

    \b
    Examples:
      countervoice recover queue --state out
      countervoice recover queue --in contacted --limit 50
      countervoice recover queue --customers customers.csv --language vi --json
    """
    from serving.recovery.records import queue_record
    from serving.recovery.tables import print_queue

    queue = _desk(state, playbook, customers).queue(_day(today))
    shown = [entry for entry in queue.entries if wanted in ("all", entry.state)][:limit]
    if as_json:
        print_json(queue_record(queue, shown))
    else:
        print_queue(terminal(), queue, shown, language)


@recover.command("contact")
@click.argument("person", metavar="PERSON")
@click.option("--gesture", metavar="ID", help="One of the playbook.  [default: the one to begin with]")
@click.option("--cost", type=float, help="What it cost.  [default: as in the playbook]")
@click.option("--again", is_flag=True, help="Another contact of somebody who is contacted already.")
@on_option
@playbook_option
@state_option
def contact_command(
    person: str,
    gesture: str | None,
    cost: float | None,
    again: bool,
    on: datetime | None,
    playbook: Path | None,
    state: Path,
) -> None:
    """Enter that PERSON (an id of the queue, or a name) was contacted, with which gesture, at what cost.

    \b
    Examples:
      countervoice recover contact p-ea542e5bf9e5e04a
      countervoice recover contact anna --gesture refund_shipping_credit --cost 9.5
    """
    entry, offered, spent = _desk(state, playbook).contact(
        person, gesture, cost, who=_who(), at=_moment(on), again=again
    )
    say_line(f"{entry.id} is {entry.state}: {offered}, cost {spent:g}")


@recover.command("close")
@click.argument("person", metavar="PERSON")
@click.argument("outcome", type=click.Choice(("recovered", "lost")))
@on_option
@state_option
def close_command(person: str, outcome: str, on: datetime | None, state: Path) -> None:
    """Enter how it ended with PERSON, contacted or not. Who complains again later is open again.

    \b
    Examples:
      countervoice recover close p-ea542e5bf9e5e04a recovered
      countervoice recover close anna lost --on 2026-10-20
    """
    entry = _desk(state).close(person, cast("Outcome", outcome), who=_who(), at=_moment(on))
    say_line(f"{entry.id} is {entry.state}")


@recover.command("effect")
@customers_option
@click.option(
    "--within", type=click.IntRange(1, 3650), default=60, show_default=True, help="Days to have stayed for."
)
@playbook_option
@today_option
@json_option
@state_option
def effect_command(
    customers: Path | None,
    within: int,
    playbook: Path | None,
    today: datetime | None,
    as_json: bool,
    state: Path,
) -> None:
    """Compare those who were contacted with those who were not: an effect with a holdout, an association without.

    \b
    Examples:
      countervoice recover effect --state out
      countervoice recover effect --customers customers.csv --within 90
    """
    from serving.recovery.effect_words import effect_lines
    from serving.recovery.records import effect_record

    effect = _desk(state, playbook, customers).effect(_day(today), within)
    if as_json:
        print_json(effect_record(effect))
        return
    for line in effect_lines(effect, within):
        click.echo(line)


@recover.command("export")
@click.option(
    "--to",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write: CSV, TSV, JSON lines or Parquet by its suffix.  [default: recovery.csv in the folder --state]",
)
@customers_option
@playbook_option
@today_option
@language_option
@state_option
def export_command(
    to: Path | None,
    customers: Path | None,
    playbook: Path | None,
    today: datetime | None,
    language: str,
    state: Path,
) -> None:
    """Write the whole queue, closed entries too, into a table; a spreadsheet runs nothing that is in it.

    It names people: other users of the machine cannot read it.

    \b
    Example:
      countervoice recover export --to queue.csv --language lv
    """
    from data.writing import write_table
    from serving.recovery.records import queue_columns

    queue = _desk(state, playbook, customers).queue(_day(today))
    path = to or state / "recovery.csv"
    write_table(path, queue_columns(queue.entries, language), private=True)
    say_line(f"{len(queue.entries):,} people are in {path}")


@recover.command("holdout")
@click.argument("share", type=float, metavar="SHARE")
@state_option
def holdout_command(share: float, state: Path) -> None:
    """Hold out a SHARE of people from now on, drawn by chance once and for all; 0 ends it.

    The share that is in force goes on when it is named again; with another one the comparison begins anew. Who is held
    out is not in the queue and cannot be contacted. Compared with them, `recover effect` tells what rescue does, and
    not only whom it was given to.

    \b
    Examples:
      countervoice recover holdout 0.1
      countervoice recover holdout 0
    """
    holdout, people = _desk(state).hold_out(share)
    say_line(
        f"{100 * holdout.share:zg}\u202f% are held out since {holdout.since:%Y-%m-%d %H:%M} UTC: {people:,} people of "
        "the queue"
    )
    if holdout.share and holdout.anew:
        say_line(
            "another share was held out before: only people whose first complaint comes after that day count"
        )


@recover.command("forget")
@click.argument("person", metavar="PERSON")
@state_option
def forget_command(person: str, state: Path) -> None:
    """Delete all that the ledger holds of PERSON, an id or a name. Erasing feedback over HTTP does so by itself.

    \b
    Example:
      countervoice recover forget anna
    """
    found = _desk(state).forget(person)
    say_line(f"{person}: {'the entry is' if found else 'there was no entry to be'} deleted")


def _desk(state: Path, playbook: Path | None = None, customers: Path | None = None) -> "Desk":
    from mining.kept_file import holds_something
    from serving.recovery.desk import Desk
    from serving.state import find_state

    desk = Desk(state, playbook, customers)
    if not holds_something(desk.ledger.path):
        find_state(state)  # a mistyped folder is told, and not taken for one where nobody was contacted
    return desk


def _day(given: datetime | None) -> date:
    return (given or datetime.now(UTC)).date()


def _moment(given: datetime | None) -> datetime:
    """Now, or the end of the day given, as far as it is over: what was said on that day came before.

    A day in the future stays one, so that it is refused.
    """
    now = datetime.now(UTC)
    if given is None:
        return now
    begin = given.replace(tzinfo=UTC)
    return max(begin, min(begin + _DAY, now))


def _who() -> str:
    from serving.database.audit import COMMAND_LINE

    return COMMAND_LINE
