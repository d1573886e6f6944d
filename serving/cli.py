"""The command line: the table of commands, what an error and a signal end as, and with which exit code."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click

from data.errors import CountervoiceError
from serving.closed_pipe import PipedGroup
from serving.lazy_group import LazyCommand
from serving.telling import printable
from serving.version import version

INTERRUPTED = 130
TERMINATED = 128 + signal.SIGTERM

MINING = {
    "mine": LazyCommand(
        "serving.mine_command", "mine", "Find causes and oppositions in IN and write a report."
    ),
    "demo": LazyCommand(
        "serving.mine_command",
        "demo",
        "Mine the sample feedback that ships: three invented products, many languages.",
    ),
}
SERVING = {
    "serve": LazyCommand("serving.serve_command", "serve", "Answer messages over HTTP."),
    "keys": LazyCommand("serving.keys_command", "keys", "Make, list and revoke keys of the service."),
}
SCORING = {
    "score": LazyCommand("serving.score_command", "score", "Classify every statement of a file."),
}
CAUSES = {
    "causes": LazyCommand(
        "serving.causes_command",
        "causes",
        "List, name, merge, split and hide causes; correct their statements.",
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
        "serving.recovery.command",
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


def run() -> int:
    """Run the command line.

    Returns:
        0 done, 1 an error told in one line, 2 wrong usage, 130 interrupted.

    Raises:
        SystemExit: With 143, on SIGTERM; with 141, where nobody reads what is printed.
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
    cls=PipedGroup,
    lazy=MINING | SCORING | SERVING | CAUSES | ACTING | TRAINING,
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(version(), prog_name="countervoice")
def cli() -> None:
    """Counts before it believes: customer feedback as causes with opposing sides, intervals and verdicts."""
