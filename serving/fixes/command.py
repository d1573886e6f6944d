"""``countervoice fix``: register what was done about a cause, and see whether it went."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from data.labels import SIDES
from serving.options import Day, FilePath, customers_option, json_option, state_option
from serving.telling import print_json, say_line, terminal

if TYPE_CHECKING:
    from serving.fixes.folder import FixedFolder

EXAMPLES = """
\b
Examples:
  countervoice fix register c-0012 --owner "Ana, packaging" --action "New lids" --date 2026-05-04
  countervoice fix list
  countervoice fix show c-0012
  countervoice fix cost c-0012 --costs costs.yaml --customers customers.csv

Register a fix before you look at what came after it. Every mining says what became of it; a covered cause whose rate
returns is reopened by that mining.
"""
_CAUSE = "CAUSE"


def _placed(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where the mining and the register are."""
    file = click.Path(dir_okay=False, path_type=Path)
    command = click.option(
        "--register", type=file, help="The register of causes.  [default: causes.db in the folder --state]"
    )(command)
    return state_option(command)


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
@_placed
def register_command(
    cause: str, owner: str, action: str, day: datetime, side: str | None, state: Path, register: Path | None
) -> None:
    """Write down what is done about CAUSE; a registration cannot be changed.

    \b
    Example:
      countervoice fix register c-0012 --owner "Ana, packaging" --action "New lids" --date 2026-05-04
    """
    from serving.fixes.folder import register_fix

    made = register_fix(_place(state, register), cause, owner, action, day.date(), side=side)
    say_line(f"{made.cause}: {made.action}, since {made.day}, owner {made.owner}")
    if made.late:
        say_line(
            f"registered after looking: messages until {made.looked_until} had been mined; it can be emerging at most"
        )


@fix.command("list")
@json_option
@_placed
def list_command(as_json: bool, state: Path, register: Path | None) -> None:
    """List all fixes with their verdicts.

    \b
    Examples:
      countervoice fix list
      countervoice fix list --state out --json
    """
    from serving.fixes.folder import review_folder
    from serving.fixes.tables import print_fixes
    from serving.state import find_state

    place = _place(state, register)
    found, looks = review_folder(place)
    if not found:
        find_state(state)  # a mistyped folder is told, and not taken for one without fixes
    if as_json:
        _print_json(found, looks, place)
    elif found:
        print_fixes(terminal(), found, place.labels())
    else:
        say_line("no fix is registered: countervoice fix register CAUSE --owner WHO --action WHAT --date DAY")


@fix.command("show")
@click.argument("cause", metavar=_CAUSE)
@json_option
@_placed
def show_command(cause: str, as_json: bool, state: Path, register: Path | None) -> None:
    """Show the fixes of CAUSE: the stretches before and after, every ratio, and what minings said.

    \b
    Example:
      countervoice fix show c-0012
    """
    from data.errors import EditError
    from serving.fixes.folder import review_folder
    from serving.fixes.tables import print_fix

    place = _place(state, register)
    found, looks = review_folder(place)
    mine = [each for each in found if cause in (each.cause, each.fix.cause)]
    if not mine:
        raise EditError(f"no fix of {cause!r} is registered: `countervoice fix list` shows those that are")
    if as_json:
        _print_json(mine, looks, place)
        return
    labels = place.labels()
    for each in mine:
        print_fix(terminal(), each, looks, labels.get(each.cause, ""))


@fix.command("cost")
@click.argument("causes", metavar="[CAUSE]...", nargs=-1)
@click.option(
    "--costs", type=FilePath, help="YAML with your figures and their sources.  [default: assumptions]"
)
@customers_option
@_placed
def cost_command(
    causes: tuple[str, ...], costs: Path | None, customers: Path | None, state: Path, register: Path | None
) -> None:
    """Tell what causes cost in a year, and what their fixes save: ranges from counts and from your figures.

    \b
    Examples:
      countervoice fix cost
      countervoice fix cost c-0012 --costs costs.yaml --customers customers.csv
    """
    from serving.fixes.cost_tables import print_costs
    from serving.fixes.costs import cost_folder

    place = _place(state, register)
    print_costs(terminal(), cost_folder(place, causes, costs, customers), place.labels())


def _place(state: Path, register: Path | None) -> "FixedFolder":
    from serving.fixes.folder import FixedFolder

    return FixedFolder(state, register)


def _print_json(found: Any, looks: Any, place: "FixedFolder") -> None:
    from serving.fixes.messages import FixesAnswer, fix_answer

    labels = place.labels()
    print_json(FixesAnswer(fixes=[fix_answer(each, looks, labels) for each in found]).model_dump(mode="json"))
