"""``countervoice ratio``: good experiences that one bad review asks for, and that each cause asks for."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mining.ratio.by_cause import CauseRatio
    from mining.ratio.holding import Scale

EXAMPLES = """
\b
Examples:
  countervoice ratio
  countervoice ratio --target 4.5 --respond 0.05
  countervoice ratio --low 0 --high 10 --target 8
  countervoice ratio out --target 4.2
  countervoice ratio --plot ratio.svg
"""


@click.command(short_help="Good experiences per bad review.", epilog=EXAMPLES)
@click.argument("state", metavar="[OUT]", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--target", default=4.2, show_default=True, help="Mean rating to hold.")
@click.option(
    "--respond",
    default=0.1,
    show_default=True,
    help="Share of content customers who leave a rating: an assumption, unless you measured it.",
)
@click.option("--low", default=1.0, show_default=True, help="Lowest rating of the scale.")
@click.option("--high", default=5.0, show_default=True, help="Highest rating of the scale.")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="SVG picture to write.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def ratio(
    state: Path | None,
    target: float,
    respond: float,
    low: float,
    high: float,
    plot: Path | None,
    as_json: bool,
) -> None:
    """Say how many good experiences hold a mean rating against one lowest rating.

    With OUT, the folder that `mine --out` wrote, also what the complaints of each cause ask for, by their own ratings.
    """
    from data.writing import whole_file
    from mining.ratio.holding import Scale
    from mining.ratio.plot import plot as drawn

    scale = Scale(target=target, respond=respond, low=low, high=high)
    causes, labels = _causes(state, scale) if state else ([], {})
    if plot is not None:
        with whole_file(plot, "w") as file:
            file.write(drawn(low, high))
    if as_json:
        found = [{**asdict(cause), "label": labels.get(cause.cause_id)} for cause in causes]
        click.echo(json.dumps(answer(scale) | ({"causes": found} if state else {}), ensure_ascii=False))
        return
    from rich.console import Console

    from serving.ratio.tables import print_causes, print_ratio

    console = Console()
    print_ratio(console, scale)
    if state is not None:
        print_causes(console, causes, labels)
    if plot is not None:
        click.echo(f"the picture is {plot}", err=True)


def answer(scale: "Scale") -> dict[str, object]:
    """The arithmetic of one scale, as JSON has it."""
    from mining.ratio.holding import RESPONDING, table

    rows = table(scale.low, scale.high)
    return {
        **asdict(scale),
        "top_ratings": round(scale.top_ratings(), 4),
        "good_experiences": round(scale.good_experiences(), 4),
        "table": [
            {
                "target": row.target,
                "top_ratings": round(row.top_ratings, 4),
                "good_experiences": {
                    f"{share:g}": round(value, 4)
                    for share, value in zip(RESPONDING, row.good_experiences, strict=True)
                },
            }
            for row in rows
        ],
    }


def _causes(folder: Path, scale: "Scale") -> tuple[list["CauseRatio"], dict[str, str]]:
    from mining.ratio.by_cause import ratios
    from mining.settings import MiningSettings
    from serving.state import STORE_NAME, find_state, journal_in
    from serving.store import read_store

    stored = read_store(find_state(folder) / STORE_NAME)
    found = ratios(journal_in(folder), scale, gate=MiningSettings().side_people)
    return found, {cause.id: cause.label for cause in stored.mining.causes}
