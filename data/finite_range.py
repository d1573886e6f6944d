"""Numbers on the command line that can be counted with."""

from math import isfinite
from typing import Any

import click


class FiniteRange(click.FloatRange):
    """A range of numbers: click's own lets "nan" into each range, and "inf" into those that are open above."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number that was given; where it is none, the command line says so in a line."""
        number = float(super().convert(value, param, ctx))
        if not isfinite(number):
            self.fail(f"{number} is not a finite number.", param, ctx)
        return number
