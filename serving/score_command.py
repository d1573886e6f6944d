"""``countervoice score``: the options of a scoring, and where it runs."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from serving.options import FilePath, column_options, given_columns, model_option, runtime_option
from serving.telling import say_rejected, sayer

if TYPE_CHECKING:
    from models.predictions import Predictor
    from serving.chunks import PartMaker


RAY = "ray"
ENGINES = ("local", RAY)


@click.command()
@click.argument("source", metavar="IN", type=FilePath)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="File to write; its suffix chooses Parquet, CSV, TSV or JSONL.  [default: IN without its suffix + "
    ".scored.parquet; with --partitioned the folder IN without its suffix + .scored]",
)
@click.option(
    "--embeddings", is_flag=True, help="Add what `mine` needs to mine the scored file. Parquet only."
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default=ENGINES[0],
    show_default=True,
    help="Where the model runs: here, or on a Ray cluster.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    help="Predictors on the cluster, each on one CPU.  [default: all its CPUs but one]",
)
@click.option("--partitioned", is_flag=True, help="Leave a folder of Parquet files, not one file.")
@column_options
@model_option
@runtime_option
def score(
    source: Path,
    out: Path | None,
    embeddings: bool,
    partitioned: bool,
    engine: str,
    workers: int | None,
    model: Path | None,
    runtime: str,
    **columns: str | None,
) -> None:
    """Classify every statement of IN (CSV, TSV, JSONL or Parquet).

    A scoring that was killed goes on where it stopped when the same command is given again.
    """
    from rich.console import Console

    from mining.report_words import plural
    from serving.progress import shown_on
    from serving.score_output import ScoreSettings, checked_output
    from serving.scoring import score_file

    console = Console(stderr=True)
    if workers is not None and engine != RAY:
        raise click.UsageError("--workers goes with --engine ray")
    settings = ScoreSettings(embeddings=embeddings, partitioned=partitioned)
    checked_output(source, out, settings)
    with shown_on(console) as stages:
        stages("Loading the model")
        predictor, maker = _on_ray(model, runtime, workers) if engine == RAY else _here(model, runtime)
        say = sayer(console)
        scored = score_file(
            source,
            out,
            predictor,
            columns=given_columns(columns),
            settings=settings,
            engine=maker,
            say=say,
            stages=stages,
        )
    say(
        f"{plural(scored.rows, 'row')}, {plural(scored.messages, 'message')}, "
        f"{plural(scored.statements, 'statement')}: {scored.path}"
    )
    say_rejected(scored.rejected, scored.rejected_path, say)


def _here(model: Path | None, runtime: str) -> "tuple[Predictor, PartMaker | None]":
    from models.checkpoint import load_predictor

    return load_predictor(model, runtime=runtime), None


def _on_ray(model: Path | None, runtime: str, workers: int | None) -> "tuple[Predictor, PartMaker | None]":
    """The actors hold the model; here it is loaded only if they leave something out."""
    from models.checkpoint import DEFAULT
    from models.lazy_predictor import LazyPredictor
    from serving.ray_engine import RayEngine

    engine = RayEngine(model=(model or DEFAULT).absolute(), runtime=runtime, workers=workers)
    return LazyPredictor(model, runtime=runtime), engine
