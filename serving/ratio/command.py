"""``countervoice ratio``: good experiences that one bad review asks for, and that each cause asks for."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mining.ratio.holding import HIGH, LOW, RESPOND, TARGET, Scale, as_far_up
from serving.options import json_option, optional_state_option
from serving.telling import print_json, say_line, terminal

if TYPE_CHECKING:
    from mining.ratio.by_cause import CauseRatio
    from serving.store import StoredMining

EXAMPLES = """
\b
Examples:
  countervoice ratio
  countervoice ratio --target 4.5 --respond 0.05
  countervoice ratio --low 0 --high 10
  countervoice ratio --state out --target 4.2
  countervoice ratio --plot ratio.svg
"""


@click.command(short_help="Good experiences per bad review.", epilog=EXAMPLES)
@click.option(
    "--target",
    type=float,
    help=f"Mean rating to hold.  [default: {TARGET:g} of five, on another scale as far up]",
)
@click.option(
    "--respond",
    default=RESPOND,
    show_default=True,
    help="Share of content customers who leave a rating: an assumption, unless you measured it.",
)
@click.option(
    "--low",
    type=float,
    help=f"Lowest rating of the scale.  [default: {LOW:g}; with --state that of 1-5, 0-5, 1-7 or 0-10, as it fits]",
)
@click.option(
    "--high", type=float, help=f"Highest rating of the scale.  [default: {HIGH:g}; with --state as --low]"
)
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="SVG picture to write.")
@json_option
@optional_state_option
def ratio(
    target: float | None,
    respond: float,
    low: float | None,
    high: float | None,
    plot: Path | None,
    as_json: bool,
    state: Path | None,
) -> None:
    """Say how many good experiences hold a mean rating against one lowest rating.

    With --state also what the complaints of each cause of that mining ask for, by their own ratings.
    """
    from data.writing import whole_file
    from mining.ratio.plot import plot as drawn
    from serving.ratio.answer import answer
    from serving.ratio.folder import given_ends

    low, high = _ends(state, low, high) if state else given_ends(low, high)
    target = as_far_up(TARGET, low, high) if target is None else target
    scale = Scale(target=target, respond=respond, low=low, high=high)
    mined = _mined(state, scale) if state else None
    if plot is not None:
        with whole_file(plot, "w") as file:
            file.write(drawn(low, high))
    if as_json:
        print_json(answer(scale) | (_causes(*mined) if mined else {}))
        return
    from serving.ratio.tables import print_causes, print_ratio

    console = terminal()
    print_ratio(console, scale)
    if mined is not None:
        print_causes(console, *mined)
    if plot is not None:
        say_line(f"the picture is {plot}")


def _ends(folder: Path, low: float | None, high: float | None) -> tuple[float, float]:
    from serving.ratio.folder import ends_of
    from serving.state import journal_in

    return ends_of(journal_in(folder), low, high)


def _mined(folder: Path, scale: Scale) -> tuple[list["CauseRatio"], "StoredMining"]:
    """What the causes of the mining in ``folder`` ask for, and that mining."""
    from mining.ratio.by_cause import ratios
    from serving.state import journal_in, settings_in, stored_in

    found = ratios(journal_in(folder), scale, gate=settings_in(folder).side_people)
    return found, stored_in(folder)


def _causes(found: list["CauseRatio"], stored: "StoredMining") -> dict[str, Any]:
    return {"causes": [{**asdict(cause), "label": stored.labels.get(cause.cause_id)} for cause in found]}
