"""``countervoice loyalty``: who is loyal, which causes go with leaving, who may leave, who speaks for you."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from data.finite_range import FiniteRange
from serving.loyalty.number_range import number_range
from serving.options import Day, customers_option, json_option, state_option
from serving.telling import print_json, terminal

if TYPE_CHECKING:
    from mining.loyalty.results import Loyalty
    from mining.rating_scale import Scale

EXAMPLES = """
\b
Examples:
  countervoice loyalty --state out
  countervoice loyalty --customers customers.csv
  countervoice loyalty --customers customers.csv --export lists
  countervoice loyalty --scale 0-10 --tell 3-5 --gone 0.4

Without customers, leaving is the yes/no column that `mine --outcome` was given, if any.
"""


def _range(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[float, float] | None:
    try:
        return None if value is None else number_range(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from None


def _whole_range(ctx: click.Context, param: click.Parameter, value: str) -> tuple[int, int]:
    pair = _range(ctx, param, value)
    if pair is None or not all(number.is_integer() for number in pair):
        raise click.BadParameter(f"{value!r} is not two whole numbers such as 9-15", ctx, param)
    low, high = pair
    return int(low), int(high)


@click.command(short_help="Who is loyal, who leaves, and what goes with it.", epilog=EXAMPLES)
@customers_option
@click.option(
    "--scale",
    callback=_range,
    metavar="LOW-HIGH",
    help="Lowest and highest rating.  [default: 1-5, 0-5, 1-7 or 0-10, as it fits]",
)
@click.option("--until", type=Day, help="Last day on which leaving was recorded; at most today.")
@click.option("--public", multiple=True, metavar="SOURCE", help="A source that others can read; repeat it.")
@click.option(
    "--tell",
    callback=_whole_range,
    metavar="LOW-HIGH",
    default="9-15",
    show_default=True,
    help="Others whom an upset person tells: assumed.",
)
@click.option(
    "--gone",
    type=FiniteRange(0, 1),
    default=0.91,
    show_default=True,
    help="Share of upset people who do not come back: assumed.",
)
@click.option(
    "--export",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for at_risk.csv and advocates.csv.",
)
@click.option(
    "--most", type=click.IntRange(1, 100_000), default=500, show_default=True, help="Most people in a list."
)
@click.option("--all", "everything", is_flag=True, help="All causes, also those told apart by nothing.")
@json_option
@state_option
def loyalty(
    customers: Path | None,
    scale: "Scale | None",
    until: datetime | None,
    public: tuple[str, ...],
    tell: tuple[int, int],
    gone: float,
    export: Path | None,
    most: int,
    everything: bool,
    as_json: bool,
    state: Path,
) -> None:
    """Tell from the last mining who is loyal and which causes are associated with leaving.

    What goes with leaving need not be what makes people leave.
    """
    from mining.loyalty.json_loyalty import loyalty_dict
    from mining.loyalty.report import LoyaltySettings
    from mining.loyalty.results import Assumptions
    from serving.loyalty.folder import loyalty_in
    from serving.state import stored_in

    settings = LoyaltySettings(
        scale=scale,
        until=until and until.date(),
        public=public,
        assumptions=Assumptions(tell_low=tell[0], tell_high=tell[1], gone=gone),
    )
    stored = stored_in(state)
    found = loyalty_in(state, stored, customers, settings, today=datetime.now(UTC).date())
    if export is not None:
        _export(export, found, most)
    if as_json:
        print_json(loyalty_dict(found, most=most, names=True))
        return
    from serving.loyalty.tables import LABEL, print_loyalty

    print_loyalty(terminal(), found, stored.called(LABEL), everything=everything)


def _export(folder: Path, found: "Loyalty", most: int) -> None:
    from data.writing import write_table
    from mining.loyalty.json_loyalty import ADVOCATE, AT_RISK, advocate_row, at_risk_row

    folder.mkdir(parents=True, exist_ok=True)
    lists = {
        "at_risk.csv": (AT_RISK, [at_risk_row(each, names=True) for each in found.at_risk[:most]]),
        "advocates.csv": (ADVOCATE, [advocate_row(each, names=True) for each in found.advocates[:most]]),
    }
    for name, (columns, rows) in lists.items():
        table = {column: [row[column] for row in rows] for column in columns}
        write_table(folder / name, table, private=True)  # it names people
        click.echo(f"{len(rows):,} people: {folder / name}", err=True)
