"""``countervoice fix``: register what was done about a cause, and see whether it went."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from data.labels import SIDES
from serving.options import Day, FilePath, customers_option, json_option, register_options
from serving.telling import print_json, say_line, terminal

if TYPE_CHECKING:
    from mining.fixes.review import Review
    from serving.fixes.folder import FixedFolder

EXAMPLES = """
\b
Examples:
  countervoice fix register c-0012 --owner "Ana, packaging" --action "New lids" --date 2026-05-04
  countervoice fix list
  countervoice fix show c-0012
  countervoice fix withdraw 3 --reason "the lids are of another cause"
  countervoice fix cost c-0012 --costs costs.yaml --customers customers.csv

Register a fix before you look at what came after it. Every mining says what became of it; a covered cause whose rate
returns is reopened by that mining.
"""
_CAUSE = "CAUSE"


@click.group("fix", short_help="Register fixes of causes, and see whether they hold.", epilog=EXAMPLES)
def fix() -> None:
    """Cover the well: what was done about a cause, by whom, since when, and whether the cause went."""


@fix.command("register")
@click.argument("cause", metavar=_CAUSE)
@click.option("--owner", required=True, help="Who answers for it.")
@click.option("--action", required=True, help="What is done.")
@click.option(
    "--date",
    "day",
    required=True,
    type=Day,
    help="First day in force, UTC; may be to come.",
)
@click.option("--side", type=click.Choice(SIDES), help="The side that it answers.  [default: all but praise]")
@register_options
def register_command(
    cause: str, owner: str, action: str, day: datetime, side: str | None, state: Path, register: Path | None
) -> None:
    """Write down what is done about CAUSE; a registration cannot be changed, only withdrawn.

    \b
    Example:
      countervoice fix register c-0012 --owner "Ana, packaging" --action "New lids" --date 2026-05-04
    """
    from serving.fixes.folder import register_fix, shifted_by
    from serving.fixes.tables import shifted_words

    place = _place(state, register)
    made = register_fix(place, cause, owner, action, day.date(), side=side)
    say_line(f"fix {made.number}: {made.cause}: {made.action}, since {made.day}, owner {made.owner}")
    if made.late:
        say_line(
            f"registered after looking: messages until {made.looked_until} had been mined; it can be emerging at most"
        )
    if others := shifted_by(place, made):
        say_line(shifted_words(others, made.cause, stands=True))


@fix.command("withdraw")
@click.argument("number", metavar="FIX", type=int)
@click.option("--reason", required=True, help="Why it does not stand.")
@click.option("--by", help="Who withdraws it.  [default: the command line]")
@register_options
def withdraw_command(number: int, reason: str, by: str | None, state: Path, register: Path | None) -> None:
    """Withdraw a fix that was registered by mistake; FIX is its number in the list.

    It stays in the list, with who withdrew it, when, why, and whether a verdict could be seen by then. It is counted
    nowhere from then on, and another fix of its cause and day can be registered.

    \b
    Example:
      countervoice fix withdraw 3 --reason "the lids are of another cause" --by "Ana, packaging"
    """
    from serving.database.audit import COMMAND_LINE
    from serving.fixes.folder import shifted_by, withdraw_fix
    from serving.fixes.tables import shifted_words, withdrawn_words

    place = _place(state, register)
    made = withdraw_fix(place, number, reason, COMMAND_LINE if by is None else by)
    say_line(f"fix {number}, {made.fix.cause} since {made.fix.day}: {withdrawn_words(made.withdrawal)}")
    if others := shifted_by(place, made.fix):
        say_line(shifted_words(others, made.cause, stands=False))


@fix.command("list")
@json_option
@register_options
def list_command(as_json: bool, state: Path, register: Path | None) -> None:
    """List all fixes with their verdicts.

    \b
    Examples:
      countervoice fix list
      countervoice fix list --state out --json
    """
    from serving.fixes.tables import print_fixes

    place = _place(state, register)
    review = _review(place)
    if as_json:
        _print_json(review, place)
    elif review.found or review.withdrawn:
        print_fixes(terminal(), review, _names(place))
    else:
        say_line("no fix is registered: countervoice fix register CAUSE --owner WHO --action WHAT --date DAY")


@fix.command("show")
@click.argument("cause", metavar=_CAUSE)
@json_option
@register_options
def show_command(cause: str, as_json: bool, state: Path, register: Path | None) -> None:
    """Show the fixes of CAUSE: the stretches before and after, every ratio, and what minings said.

    \b
    Example:
      countervoice fix show c-0012
    """
    from data.errors import EditError
    from serving.fixes.tables import print_fix

    place = _place(state, register)
    review = _review(place).of_cause(cause)
    if not (review.found or review.withdrawn):
        raise EditError(f"no fix of {cause!r} is registered: `countervoice fix list` shows those that are")
    if as_json:
        _print_json(review, place)
        return
    names, gate = _names(place), place.settings().share_people
    for each in review.in_order():
        print_fix(terminal(), each, review.looks, names.get(each.cause, ""), gate)


@fix.command("cost")
@click.argument("causes", metavar="[CAUSE]...", nargs=-1)
@click.option(
    "--costs", type=FilePath, help="YAML with your figures and their sources.  [default: assumptions]"
)
@customers_option
@register_options
def cost_command(
    causes: tuple[str, ...], costs: Path | None, customers: Path | None, state: Path, register: Path | None
) -> None:
    """Tell what causes cost in a year, and what their fixes save: ranges from counts and from your figures.

    Of fewer than 91 days nothing is told for a year: the figures are those of these days.

    \b
    Examples:
      countervoice fix cost
      countervoice fix cost c-0012 --costs costs.yaml --customers customers.csv
    """
    from serving.fixes.cost_tables import print_costs
    from serving.fixes.costs import cost_folder

    place = _place(state, register)
    print_costs(terminal(), cost_folder(place, causes, costs, customers), _names(place))


def _place(state: Path, register: Path | None) -> "FixedFolder":
    from serving.fixes.folder import FixedFolder

    return FixedFolder(state, register)


def _names(place: "FixedFolder") -> Mapping[str, str]:
    """What the tables call each cause of the register; the last mining knows which are of no one subject."""
    from serving.fixes.tables import LABEL
    from serving.state import stored_in

    return stored_in(place.folder).called(LABEL, place.labels())


def _review(place: "FixedFolder") -> "Review":
    from serving.fixes.folder import review_folder
    from serving.state import find_state

    review = review_folder(place)
    if not (review.found or review.withdrawn):
        find_state(place.folder)  # a mistyped folder is told, and not taken for one without fixes
    return review


def _print_json(review: "Review", place: "FixedFolder") -> None:
    from serving.fixes.messages import fixes_answer

    print_json(fixes_answer(review, place.labels()).model_dump(mode="json"))
