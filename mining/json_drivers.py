"""What goes with the outcome, in report.json."""

from collections.abc import Sequence

from mining.driver_results import Driver, Drivers
from mining.json_numbers import interval, number
from mining.results import Cause


def drivers_dict(drivers: Drivers, causes: Sequence[Cause]) -> dict[str, object]:
    """``drivers``, with the labels of their causes."""
    labels = {cause.id: cause.label for cause in causes}
    return {
        "outcome": drivers.outcome,
        "yes_no": drivers.yes_no,
        "people": drivers.people,
        "refused": drivers.refused,
        "mean": number(drivers.mean),
        "r2": number(drivers.r2),
        "r2_interval": interval(drivers.r2_low, drivers.r2_high),
        "p_value": number(drivers.p_value),
        "method": drivers.method,
        "resamples": drivers.resamples,
        "left_out": drivers.left_out,
        "drivers": [
            {"label": labels.get(driver.cause_id, ""), **_driver(driver)} for driver in drivers.drivers
        ],
    }


def _driver(driver: Driver) -> dict[str, object]:
    return {
        "cause_id": driver.cause_id,
        "side": driver.side,
        "people": driver.people,
        "of": driver.of,
        "grade": driver.grade,
        "share": number(driver.share),
        "interval": interval(driver.low, driver.high),
        "rank": driver.rank,
        "rank_interval": [driver.rank_low, driver.rank_high],
        "mean_with": number(driver.mean_with),
        "mean_without": number(driver.mean_without),
        "difference": number(driver.difference),
        "difference_interval": interval(driver.difference_low, driver.difference_high),
    }
