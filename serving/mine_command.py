"""``countervoice mine`` and ``countervoice demo``: the options of a mining, and what is said at its end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from data.finite_range import FiniteRange
from mining.settings import MiningSettings
from serving.options import FilePath, FolderPath, column_options, given_columns, model_option, runtime_option
from serving.telling import say_rejected, sayer
from serving.version import ROOT

if TYPE_CHECKING:
    from data.margins import Margins
    from models.predictions import Predictor
    from serving.mining_run import Mined
    from serving.progress import Stages

SAMPLE = ROOT / "data" / "sample" / "feedback.csv"
GRANULARITY = MiningSettings().granularity

FileOrFolderPath = click.Path(exists=True, path_type=Path)


@dataclass(frozen=True, slots=True, kw_only=True)
class MineOptions:
    """What is to be mined, with which model, and where to; ``columns`` holds role to column, as far as given."""

    source: Path
    out: Path
    model: Path | None
    runtime: str
    columns: dict[str, str] = field(default_factory=dict)
    granularity: float = GRANULARITY
    register: Path | None = None
    outcome: str | None = None
    margins: Path | None = None


@click.command()
@click.argument("source", metavar="IN", type=FileOrFolderPath)
@click.option(
    "--out", type=FolderPath, required=True, help="Folder for the report and the state of the service."
)
@click.option(
    "--granularity",
    type=FiniteRange(0, 1),
    default=GRANULARITY,
    show_default=True,
    help="0 few broad causes, 1 many narrow ones.",
)
@click.option(
    "--register",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File that keeps the ids and edits of causes.  [default: causes.db in the folder --out]",
)
@click.option(
    "--outcome",
    metavar="COLUMN",
    help="Column with a number or yes/no that the causes are held against.  [default: the rating]",
)
@click.option(
    "--margins",
    type=FilePath,
    help="Table with column, value, share: known shares of the customers, to weight people to beside the count.",
)
@column_options
@model_option
@runtime_option
def mine(
    source: Path,
    out: Path,
    granularity: float,
    register: Path | None,
    outcome: str | None,
    margins: Path | None,
    model: Path | None,
    runtime: str,
    **columns: str | None,
) -> None:
    """Find causes and oppositions in IN and write a report.

    IN is a file of feedback, or Parquet that `score` wrote: then its labels and embeddings are taken.
    """
    options = MineOptions(
        source=source,
        out=out,
        model=model,
        runtime=runtime,
        columns=given_columns(columns),
        granularity=granularity,
        register=register,
        outcome=outcome,
        margins=margins,
    )
    _mine(options)


@click.command(
    help=f"""Mine the sample feedback that ships: three invented products, many languages.

    \b
    The sample, with customers, beliefs and margins for other commands, lies in
    {SAMPLE.parent}
    """
)
@click.option("--out", type=FolderPath, default=Path("out"), show_default=True, help="Folder for the report.")
@model_option
@runtime_option
def demo(out: Path, model: Path | None, runtime: str) -> None:
    """Mine the sample, and say where it lies: an installed wheel hides it."""
    from rich.console import Console

    _mine(MineOptions(source=SAMPLE, out=out, model=model, runtime=runtime))
    say = sayer(Console(stderr=True))
    say(f"the sample is {SAMPLE}, with customers.csv, beliefs.csv and margins.csv beside it")


def _mine(options: MineOptions) -> None:
    from rich.console import Console

    from data.margins import read_margins
    from mining.report_terminal import print_report
    from serving.progress import shown_on

    console = Console(stderr=True)
    margins = None if options.margins is None else read_margins(options.margins)
    with shown_on(console) as stages:
        say = sayer(console)
        model = LateModel(options, stages)
        mined = _mined(options, model, margins, say, stages)
    print_report(Console(), mined.mining)
    if options.model is not None and not model.loaded:
        say(
            f"--model {options.model} was not used: {options.source.name} has its labels and embeddings already"
        )
    for note in mined.notes:
        say(note)
    say(f"the report is {mined.html}, for programs {mined.json}")
    say_rejected(mined.mining.data.rejected, mined.rejected_path, say)


class LateModel:
    """The model that was asked for, loaded when it is called: a scored file may do without it."""

    def __init__(self, options: MineOptions, stages: "Stages") -> None:
        self._options = options
        self._stages = stages
        self.loaded = False

    def __call__(self) -> "Predictor":
        """Load it.

        Raises:
            CheckpointError: The folder holds none that can be loaded.
        """
        from models.checkpoint import load_predictor

        self.loaded = True
        self._stages("Loading the model")
        return load_predictor(self._options.model, runtime=self._options.runtime)


def _mined(
    options: MineOptions,
    model: LateModel,
    margins: "Margins | None",
    say: Callable[[str], None],
    stages: "Stages",
) -> "Mined":
    from data.columns import OUTCOME
    from serving.mining_run import mine_file
    from serving.scored_input import is_scored
    from serving.scored_mining import mine_scored

    settings = MiningSettings(granularity=options.granularity)
    if is_scored(options.source) and not any(options.columns.values()):
        _check_nothing_is_left_out(options)
        return mine_scored(
            options.source,
            options.out,
            model,
            settings=settings,
            register=options.register,
            outcome=options.outcome,
            margins=margins,
            say=say,
            stages=stages,
        )
    return mine_file(
        options.source,
        options.out,
        model(),
        columns=options.columns if options.outcome is None else {**options.columns, OUTCOME: options.outcome},
        settings=settings,
        register=options.register,
        margins=margins,
        say=say,
        stages=stages,
    )


def _check_nothing_is_left_out(options: MineOptions) -> None:
    """Refuse to leave a column, such as that of the ratings, out of what was scored: scoring decides what is read."""
    if options.columns:
        none = " ".join(f"--{role}-column ''" for role in options.columns)
        raise click.UsageError(
            f"{options.source.name} was scored: give {none} to `countervoice score`, and mine what it writes"
        )
