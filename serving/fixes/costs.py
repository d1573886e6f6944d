"""What the causes of a mining folder cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from data.customers import Customer
from data.errors import ColumnError, EditError
from mining.fixes.cost import Cost, customers_during
from mining.fixes.cost_inputs import ASSUMED, CostInputs, read_costs
from mining.fixes.costing import causes_of, costed, days_of
from serving.customers import customers_in
from serving.fixes.folder import FixedFolder, review_folder


@dataclass(frozen=True, slots=True)
class Costed:
    """The cost of each cause, those of a year and the dearest first, and the figures behind it.

    Attributes:
        anecdotes: Causes of which too few people complained for a price.
    """

    costs: Mapping[str, Cost]
    inputs: CostInputs
    anecdotes: Sequence[str]


def cost_folder(
    place: FixedFolder, causes: Sequence[str], costs: Path | None, customers: Path | None
) -> Costed:
    """The cost of ``causes``, or of all where none is named.

    Raises:
        EditError: The last mining has no such cause, or it was merged into another.
        SettingsError: ``costs`` holds no figures.
        InputError: ``customers`` cannot be read, or does not tell who left.
    """
    settings, merged = place.settings(), place.standing().merged
    dated = place.dated().merged(merged)
    known = causes_of(dated)
    for cause in causes:
        if cause in merged:
            raise EditError(f"{cause} was merged into {merged[cause]}: name {merged[cause]}")
        if cause not in known:
            raise EditError(f"no cause {cause!r} in the last mining: `countervoice causes list` shows them")
    inputs = read_costs(costs or ASSUMED)
    told = _customers(place.folder, customers, *days_of(dated))
    wanted = list(dict.fromkeys(causes)) or known
    found = costed(dated, wanted, review_folder(place, settings).found, inputs, told, settings)
    return Costed(found, inputs, [cause for cause in wanted if cause not in found])


def _customers(folder: Path, given: Path | None, first: date, last: date) -> Mapping[str, Customer] | None:
    """Customers as of the days of the feedback; None where nobody tells who left."""
    found = customers_in(folder, given)
    if found is None or not found.tells_leaving:
        if given is not None:
            raise ColumnError(f"{given.name} does not tell who left: it needs the column left_on")
        return None
    return customers_during(found.by_author, first, last)
