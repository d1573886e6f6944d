"""The command line. Everything heavy is imported inside the command that needs it."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click

from data.errors import CountervoiceError
from data.finite_range import FiniteRange
from mining.settings import MiningSettings
from serving.lazy_group import LazyCommand, LazyGroup
from serving.options import FilePath, FolderPath, column_options, given_columns, model_option, runtime_option
from serving.telling import printable, say_rejected, sayer
from serving.version import ROOT, version

SAMPLE = ROOT / "data" / "sample" / "feedback.csv"
GRANULARITY = MiningSettings().granularity
INTERRUPTED = 130
TERMINATED = 128 + signal.SIGTERM

SERVING = {
    "serve": LazyCommand("serving.serve_command", "serve", "Answer messages over HTTP."),
    "keys": LazyCommand("serving.keys_command", "keys", "Make, list and revoke keys of the service."),
}
SCORING = {
    "score": LazyCommand("serving.score_command", "score", "Classify every statement of a file."),
}
CAUSES = {
    "causes": LazyCommand(
        "serving.causes_command", "causes", "List, name, merge, split, hide and move causes."
    )
}
ACTING = {
    "fix": LazyCommand(
        "serving.fixes.command", "fix", "Register fixes of causes, and see whether they hold."
    ),
    "gap": LazyCommand("serving.gap.command", "gap", "Hold what leaders believe against what customers say."),
    "loyalty": LazyCommand(
        "serving.loyalty.command", "loyalty", "Who is loyal, who leaves, and what goes with it."
    ),
    "ratio": LazyCommand("serving.ratio.command", "ratio", "Good experiences per bad review."),
    "watch": LazyCommand("serving.watch.command", "watch", "Raise an alarm when complaints of a cause rise."),
    "recover": LazyCommand(
        "serving.recover_command",
        "recover",
        "Work the queue of people to contact, and measure whether it helped.",
    ),
}
TRAINING = {
    name: LazyCommand("training.commands", f"{name}_command", line)
    for name, line in (
        ("corpora", "Gather labelled rows for training."),
        ("pretrain", "Make the multilingual encoder by distillation."),
        ("graft", "Put an encoder back on the teacher's body, with the teacher's words."),
        ("train", "Fine-tune the three heads on labelled rows."),
        ("average", "Average the weights of fine-tunings from one start."),
        ("evaluate", "Score a checkpoint beside a linear baseline."),
        ("promote", "Put a better checkpoint in the place of the running one."),
    )
}
EXAMPLES = """
\b
Examples:
  countervoice demo
  countervoice score reviews.csv
  countervoice score reviews.jsonl --out scored.csv --text-column body
  countervoice mine reviews.csv --out out
  countervoice mine reviews.csv --out out --margins customers_by_plan.csv
  countervoice serve --state out
  countervoice causes list
  countervoice recover queue
"""

FileOrFolderPath = click.Path(exists=True, path_type=Path)


def run() -> int:
    """Run the command line.

    Returns:
        0 done, 1 an error told in one line, 2 wrong usage, 130 interrupted.

    Raises:
        SystemExit: With 143, on SIGTERM.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console of another code page shows "?" instead of failing
            stream.reconfigure(errors="replace")
    try:
        with _sigterm_tidies_up():
            result = cli.main(prog_name="countervoice", standalone_mode=False)
    except click.Abort:
        return _say_interrupted()
    except ImportError as error:  # what a compiled package makes of Ctrl-C while it starts
        if not isinstance(error.__cause__, KeyboardInterrupt):
            raise
        return _say_interrupted()
    except click.ClickException as error:
        _with_hint(error).show()
        return error.exit_code
    except CountervoiceError as error:
        _say_error(str(error))
        return 1
    except OSError as error:
        _say_error(f"{error.filename or 'the system'}: {error.strerror or error}")
        return 1
    return result if isinstance(result, int) else 0


@contextmanager
def _sigterm_tidies_up() -> Iterator[None]:
    """Let SIGTERM leave the block as an error does: what is half written is removed. A second one kills."""

    def leave(number: int, frame: object) -> NoReturn:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        raise SystemExit(TERMINATED)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _with_hint(error: click.ClickException) -> click.ClickException:
    """A word too many is most often the folder of a mining."""
    if not (isinstance(error, click.UsageError) and error.ctx):
        return error
    takes_state = any(each.name == "state" for each in error.ctx.command.params)
    if not (takes_state and error.message.startswith("Got unexpected extra argument")):
        return error
    return click.UsageError(f"{error.message}: name the folder of a mining with --state", error.ctx)


def _say_interrupted() -> int:
    _say_error("interrupted; no file was left half written")
    return INTERRUPTED


def _say_error(line: str) -> None:
    click.echo(f"countervoice: {printable(' '.join(line.split()))}", err=True)


@click.group(
    cls=LazyGroup,
    lazy=SCORING | SERVING | CAUSES | ACTING | TRAINING,
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(version(), prog_name="countervoice")
def cli() -> None:
    """Counts before it believes: customer feedback as causes with opposing sides, intervals and verdicts."""


@cli.command()
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
    _mine(source, out, model, runtime, given_columns(columns), granularity, register, outcome, margins)


@cli.command()
@click.option("--out", type=FolderPath, default=Path("out"), show_default=True, help="Folder for the report.")
@model_option
@runtime_option
def demo(out: Path, model: Path | None, runtime: str) -> None:
    """Mine the sample feedback that ships: three invented products, many languages."""
    _mine(SAMPLE, out, model, runtime, {}, GRANULARITY, None, None, None)


def _mine(
    source: Path,
    out: Path,
    model: Path | None,
    runtime: str,
    columns: dict[str, str],
    granularity: float,
    register: Path | None,
    outcome: str | None,
    margins: Path | None,
) -> None:
    from rich.console import Console

    from data.columns import OUTCOME
    from data.margins import read_margins
    from mining.report_terminal import print_report
    from models.checkpoint import load_predictor
    from models.predictions import Predictor
    from serving.mining_run import mine_file
    from serving.progress import shown_on
    from serving.scored_input import is_scored
    from serving.scored_mining import mine_scored

    console = Console(stderr=True)
    known = None if margins is None else read_margins(margins)
    settings = MiningSettings(granularity=granularity)
    with shown_on(console) as stages:
        say = sayer(console)
        loaded = False

        def load() -> Predictor:
            nonlocal loaded
            loaded = True
            stages("Loading the model")
            return load_predictor(model, runtime=runtime)

        if is_scored(source) and not any(columns.values()):
            mined = mine_scored(
                source,
                out,
                load,
                settings=settings,
                register=register,
                outcome=outcome,
                margins=known,
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
                margins=known,
                say=say,
                stages=stages,
            )
    print_report(Console(), mined.mining)
    if model is not None and not loaded:
        say(f"--model {model} was not used: {source.name} has its labels and embeddings already")
    say(f"the report is {mined.html}, for programs {mined.json}")
    say_rejected(mined.mining.data.rejected, mined.rejected_path, say)
