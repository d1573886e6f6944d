"""Numbers as report.json writes them."""

import math


def number(value: float | None) -> float | None:
    """Six significant digits: the last bits differ between machines."""
    return None if value is None or not math.isfinite(value) else float(f"{value:.6g}")


def interval(low: float | None, high: float | None) -> list[float | None] | None:
    """Both ends, or nothing where there is no interval."""
    return None if low is None else [number(low), number(high)]
