"""Options that the commands of ``countervoice recover`` share."""

from collections.abc import Callable
from typing import Any

import click

from data.taxonomy import NAMED_IN
from serving.options import Day, FilePath

Command = Callable[..., Any]


def playbook_option(command: Command) -> Command:
    """``--playbook``: weights, due days and gestures."""
    return click.option(
        "--playbook",
        type=FilePath,
        help="Playbook in YAML.  [default: playbook.yaml in the folder --state, or ours]",
    )(command)


def today_option(command: Command) -> Command:
    """``--today``: the day to look from."""
    return click.option("--today", type=Day, help="Day to look from, in UTC.  [default: today]")(command)


def on_option(command: Command) -> Command:
    """``--on``: the day on which something happened."""
    return click.option(
        "--on", type=Day, help="Day at the end of which it happened, in UTC; today is now.  [default: now]"
    )(command)


def language_option(command: Command) -> Command:
    """``--language``: that of the gestures."""
    return click.option(
        "--language", type=click.Choice(NAMED_IN), default="en", show_default=True, help="Of the gestures."
    )(command)
