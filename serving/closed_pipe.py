"""A reader who leaves early, as in ``countervoice causes list | head``: the command ends without a word."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import click

from serving.lazy_group import LazyGroup

NOBODY_READS: Final = 128 + 13  # as of a program that SIGPIPE ends; not every system has the signal


class PipedGroup(LazyGroup):
    """A group that ends with 141 where nobody reads what it prints: click's own end is that of an error."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the arguments; help and version are printed here."""
        with _ended_quietly():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _ended_quietly():
            return super().invoke(ctx)


@contextmanager
def _ended_quietly() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        _leave()
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # what rich makes of it
            _leave()
        raise


def _leave() -> None:
    """What is left in the streams goes nowhere: Python would complain of it when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    raise SystemExit(NOBODY_READS)
