"""What the runtimes of the model should reach, and whether they do: the last table of ``benchmarks.runtime``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CALLED = {"onnx": "int8", "openvino": "openvino"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One figure and its bound.

    Attributes:
        what: What is measured.
        measured: The figure.
        bound: The least of it that will do, or the most where ``at_most``.
        unit: Stands behind both numbers.
        digits: Behind the point of the measured figure.
    """

    what: str
    measured: float
    bound: float
    unit: str
    at_most: bool = False
    digits: int = 1

    @property
    def reached(self) -> bool:
        """Whether the figure, unrounded, is on the right side of its bound."""
        return self.measured <= self.bound if self.at_most else self.measured >= self.bound

    @property
    def row(self) -> str:
        """A row of the table."""
        bound = f"{'<=' if self.at_most else '>='} {self.bound:g} {self.unit}".rstrip()
        measured = f"{self.measured:.{self.digits}f} {self.unit}".rstrip()
        return f"| {self.what} | {bound} | {measured} | {'yes' if self.reached else 'no'} |"


def targets(best: Mapping[str, Mapping[str, float]]) -> list[Target]:
    """All targets, from the best figures of each contender, for each runtime without torch.

    Args:
        best: For "pipeline", "pipeline-xlm-r" and each of ``CALLED`` the ``count`` of statements and the ``clock_s``
            that they took; for the latter also ``start_s`` and ``torch_modules``; for "int8" the figures of
            ``benchmarks.int8_rate``.
    """
    return [target for name, called in CALLED.items() for target in _of_runtime(called, best[name], best)]


def _of_runtime(
    called: str, took: Mapping[str, float], best: Mapping[str, Mapping[str, float]]
) -> list[Target]:
    speed = per_second(took)
    return [
        Target(
            what=f"{called} against a pipeline on the same weights",
            measured=speed / per_second(best["pipeline"]),
            bound=3.3,
            unit="x",
        ),
        Target(
            what=f"{called} against a pipeline of the shape of XLM-R base",
            measured=speed / per_second(best["pipeline-xlm-r"]),
            bound=40,
            unit="x",
        ),
        Target(
            what=f"{called}, share of the int8 matrix rate of the machine",
            measured=100 * best["int8"]["products_s"] * speed,
            bound=80,
            unit="%",
        ),
        Target(
            what=f"{called} from the start to the first answer",
            measured=took["start_s"],
            bound=1,
            unit="CPU s",
            at_most=True,
            digits=2,
        ),
        Target(
            what="modules of torch in that process",
            measured=took["torch_modules"],
            bound=0,
            unit="",
            at_most=True,
            digits=0,
        ),
    ]


def per_second(took: Mapping[str, float]) -> float:
    """Statements per second on the clock, from the text to the answer."""
    return took["count"] / took["clock_s"]


def print_targets(best: Mapping[str, Mapping[str, float]]) -> None:
    """Print the speed of each contender, what is counted, and the targets."""
    print("\n".join([*speed_rows(best), "", rate_line(best), "", *target_rows(targets(best))]))


def speed_rows(best: Mapping[str, Mapping[str, float]]) -> list[str]:
    """One row per contender, with seconds on the clock and of the CPU."""
    return ["| contender | statements | per second | per CPU second |", "|---" * 4 + "|"] + [
        f"| {name} | {took['count']:.0f} | {per_second(took):.1f} | {took['count'] / took['all_s']:.1f} |"
        for name, took in best.items()
        if name != "int8"
    ]


def rate_line(best: Mapping[str, Mapping[str, float]]) -> str:
    """The two rates behind the share, and what is counted in them."""
    int8 = best["int8"]
    alone = int8["operations"] / int8["products_s"]
    whole = int8["operations"] * per_second(best["onnx"])
    return (
        f"Int8 products of the encoder's linear layers: alone {alone / 1e9:.1f} GOP/s ({int8['batch']:.0f} tokens a "
        f"batch), within the predictor {whole / 1e9:.1f} GOP/s; {int8['operations'] / 1e6:.0f} MOP a statement of "
        f"{int8['tokens']:.1f} tokens, two operations a weight and token, padding not counted"
    )


def target_rows(of: Sequence[Target]) -> list[str]:
    """Target, measured, reached."""
    return ["| what | target | measured | reached |", "|---" * 4 + "|", *(target.row for target in of)]
