"""The command line. Everything heavy is imported inside the command that needs it."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from data.errors import CountervoiceError
from serving.lazy_group import LazyCommand, LazyGroup
from serving.options import FolderPath, model_option, runtime_option
from serving.version import ROOT, version

SAMPLE = ROOT / "data" / "sample" / "feedback.csv"
INTERRUPTED = 130

SERVING = {
    "serve": LazyCommand("serving.serve_command", "serve", "Answer messages over HTTP."),
    "keys": LazyCommand("serving.keys_command", "keys", "Make, list and revoke keys of the service."),
}
CAUSES = {
    "causes": LazyCommand(
        "serving.causes_command", "causes", "List, name, merge, split, hide and move causes."
    )
}
RECOVERY = {
    "recover": LazyCommand(
        "serving.recover_command",
        "recover",
        "Work the queue of people to contact, and measure whether it helped.",
    )
}
TRAINING = {
    name: LazyCommand("training.commands", f"{name}_command", line)
    for name, line in (
        ("corpora", "Gather labelled rows for training."),
        ("pretrain", "Make the multilingual encoder by distillation."),
        ("train", "Fine-tune the three heads on labelled rows."),
        ("evaluate", "Score a checkpoint beside a linear baseline."),
    )
}
EXAMPLES = """
\b
Examples:
  countervoice demo
  countervoice score reviews.csv
  countervoice score reviews.jsonl --out scored.csv --text-column body
  countervoice mine reviews.csv --out out
  countervoice serve --state out
  countervoice causes list
  countervoice recover queue out
"""

FilePath = click.Path(exists=True, dir_okay=False, path_type=Path)
FileOrFolderPath = click.Path(exists=True, path_type=Path)


def run() -> int:
    """Run the command line.

    Returns:
        0 done, 1 an error told in one line, 2 wrong usage, 130 interrupted.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console of another code page shows "?" instead of failing
            stream.reconfigure(errors="replace")
    try:
        result = cli.main(prog_name="countervoice", standalone_mode=False)
    except click.Abort:
        _say_error("interrupted; no file was left half written")
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except CountervoiceError as error:
        _say_error(str(error))
        return 1
    except OSError as error:
        _say_error(f"{error.filename or 'the system'}: {error.strerror or error}")
        return 1
    return result if isinstance(result, int) else 0


def _say_error(line: str) -> None:
    click.echo(f"countervoice: {_printable(' '.join(line.split()))}", err=True)


def _printable(line: str) -> str:
    """``line`` without what could steer a terminal: column names are written by strangers, too."""
    return "".join(char if char.isprintable() else "\ufffd" for char in line)


def _column_options(command: Callable[..., Any]) -> Callable[..., Any]:
    meanings = {
        "rating": "rating, as a number",
        "time": "time of writing",
        "author": "author, for counting people",
        "id": "unique id",
        "text": "message itself",
    }
    for role, meaning in meanings.items():
        option = f"--{role}-column"
        command = click.option(
            option, metavar="NAME", help=f"Column with the {meaning}; guessed when not given."
        )(command)
    return command


@click.group(
    cls=LazyGroup,
    lazy=SERVING | CAUSES | RECOVERY | TRAINING,
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(version(), prog_name="countervoice")
def cli() -> None:
    """Counts before it believes: customer feedback as causes with opposing sides, intervals and verdicts."""


@cli.command()
@click.argument("source", metavar="IN", type=FilePath)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="File to write; its suffix chooses Parquet, CSV or JSONL.  [default: IN.scored.parquet]",
)
@click.option(
    "--embeddings", is_flag=True, help="Add what `mine` needs to mine the scored file. Parquet only."
)
@click.option("--partitioned", is_flag=True, help="Leave a folder of Parquet files, not one file.")
@_column_options
@model_option
@runtime_option
def score(
    source: Path,
    out: Path | None,
    embeddings: bool,
    partitioned: bool,
    model: Path | None,
    runtime: str,
    **columns: str | None,
) -> None:
    """Classify every statement of IN (CSV, TSV, JSONL or Parquet).

    A scoring that was killed goes on where it stopped when the same command is given again.
    """
    from rich.console import Console

    from models.checkpoint import load_predictor
    from serving.progress import shown_on
    from serving.score_output import ScoreSettings, checked_output
    from serving.scoring import score_file

    console = Console(stderr=True)
    settings = ScoreSettings(embeddings=embeddings, partitioned=partitioned)
    checked_output(source, out, settings)
    with shown_on(console) as stages:
        stages("Loading the model")
        predictor = load_predictor(model, runtime=runtime)
        say = _sayer(console)
        scored = score_file(
            source, out, predictor, columns=_given(columns), settings=settings, say=say, stages=stages
        )
    say(
        f"{scored.rows:,} rows, {scored.messages:,} messages, {scored.statements:,} statements: {scored.path}"
    )
    _say_rejected(scored.rejected, scored.rejected_path, say)


@cli.command()
@click.argument("source", metavar="IN", type=FileOrFolderPath)
@click.option(
    "--out", type=FolderPath, required=True, help="Folder for the report and the state of the service."
)
@click.option("--granularity", type=click.FloatRange(0, 1), help="0 few broad causes, 1 many narrow ones.")
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
@_column_options
@model_option
@runtime_option
def mine(
    source: Path,
    out: Path,
    granularity: float | None,
    register: Path | None,
    outcome: str | None,
    model: Path | None,
    runtime: str,
    **columns: str | None,
) -> None:
    """Find causes and oppositions in IN and write a report.

    IN is a file of feedback, or Parquet that `score` wrote: then its labels and embeddings are taken.
    """
    _mine(source, out, model, runtime, _given(columns), granularity, register, outcome)


@cli.command()
@click.option("--out", type=FolderPath, default=Path("out"), show_default=True, help="Folder for the report.")
@model_option
@runtime_option
def demo(out: Path, model: Path | None, runtime: str) -> None:
    """Mine the sample feedback that ships: three invented products, many languages."""
    _mine(SAMPLE, out, model, runtime, {}, None, None, None)


def _mine(
    source: Path,
    out: Path,
    model: Path | None,
    runtime: str,
    columns: dict[str, str],
    granularity: float | None,
    register: Path | None,
    outcome: str | None,
) -> None:
    from rich.console import Console

    from data.columns import OUTCOME
    from mining.report_terminal import print_report
    from mining.settings import MiningSettings
    from models.checkpoint import load_predictor
    from models.predictions import Predictor
    from serving.mining_run import mine_file
    from serving.progress import shown_on
    from serving.scored_input import is_scored
    from serving.scored_mining import mine_scored

    console = Console(stderr=True)
    settings = MiningSettings() if granularity is None else MiningSettings(granularity=granularity)
    with shown_on(console) as stages:
        say = _sayer(console)

        def load() -> Predictor:
            stages("Loading the model")
            return load_predictor(model, runtime=runtime)

        if is_scored(source) and not columns:
            mined = mine_scored(
                source,
                out,
                load,
                settings=settings,
                register=register,
                outcome=outcome,
                say=say,
                stages=stages,
            )
        else:
            mined = mine_file(
                source,
                out,
                load(),
                columns=columns if outcome is None else {**columns, OUTCOME: outcome},
                settings=settings,
                register=register,
                say=say,
                stages=stages,
            )
    print_report(Console(), mined.mining)
    say(f"the report is {mined.html}, for programs {mined.json}")
    _say_rejected(mined.mining.data.rejected, mined.rejected_path, say)


def _say_rejected(rows: int, path: Path | None, say: Callable[[str], None]) -> None:
    if path is not None:
        say(f"{rows:,} row{'' if rows == 1 else 's'} could not be read; the reasons are in {path}")


def _given(columns: dict[str, str | None]) -> dict[str, str]:
    """Role to column, from the names of the options."""
    return {name.removesuffix("_column"): column for name, column in columns.items() if column is not None}


def _sayer(console: Any) -> Callable[[str], None]:
    def say(line: str) -> None:
        console.print(_printable(line), markup=False, highlight=False, soft_wrap=True)

    return say
