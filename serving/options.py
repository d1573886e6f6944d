"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from models.runtime import RUNTIMES

Command = Callable[..., Any]
FilePath: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
FolderPath: Final = click.Path(file_okay=False, path_type=Path)
Day: Final = click.DateTime(["%Y-%m-%d"])
_STATE: Final = "Folder that `mine --out` wrote."


def model_option(command: Command) -> Command:
    """``--model``: a checkpoint folder."""
    return click.option(
        "--model",
        type=FolderPath,
        envvar="COUNTERVOICE_MODEL",
        show_envvar=True,
        help="Checkpoint folder.  [default: the one that ships]",
    )(command)


def runtime_option(command: Command) -> Command:
    """``--runtime``: what runs the model."""
    return click.option(
        "--runtime",
        type=click.Choice(RUNTIMES),
        default=RUNTIMES[0],
        show_default=True,
        envvar="COUNTERVOICE_RUNTIME",
        show_envvar=True,
        help="What runs the model.",
    )(command)


def state_option(command: Command) -> Command:
    """``--state``: the folder of a mining."""
    return click.option(
        "--state",
        type=FolderPath,
        default=Path("out"),
        show_default=True,
        envvar="COUNTERVOICE_STATE",
        show_envvar=True,
        help=_STATE,
    )(command)


def optional_state_option(command: Command) -> Command:
    """``--state`` of a command that has something to say without a mining, too; None where it is not given."""
    return click.option("--state", type=FolderPath, help=f"{_STATE}  [default: none]")(command)


def register_options(command: Command) -> Command:
    """``--state`` and ``--register``: where the register of causes lies."""
    register = click.option(
        "--register",
        type=click.Path(dir_okay=False, path_type=Path),
        help="The register of causes.  [default: causes.db in the folder --state]",
    )
    return state_option(register(command))


def customers_option(command: Command) -> Command:
    """``--customers``: since when people buy, what they are worth, and who left."""
    return click.option(
        "--customers",
        type=FilePath,
        help="Table with author and left_on or yearly_value, and customer_since where it is known.  "
        "[default: customers.csv in the folder --state, if any]",
    )(command)


def json_option(command: Command) -> Command:
    """``--json``: for programs."""
    return click.option("--json", "as_json", is_flag=True, help="For programs.")(command)


def database_option(command: Command) -> Command:
    """``--database``: where the service keeps feedback, jobs and keys."""
    return click.option(
        "--database",
        metavar="URL",
        envvar="COUNTERVOICE_DATABASE",
        help="sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME; also $COUNTERVOICE_DATABASE, which hides "
        "the password from other users.  [default: feedback.db in the folder --state]",
    )(command)


def column_options(command: Command) -> Command:
    """``--text-column`` and its like: which column holds what."""
    meanings = {
        "rating": "rating, as a number",
        "time": "time of writing",
        "author": "author, for counting people",
        "id": "unique id",
        "title": "title, put before the text",
        "text": "message itself",
    }
    for role, meaning in meanings.items():
        none = "" if role == "text" else ", none when ''"
        command = click.option(
            f"--{role}-column",
            metavar="NAME",
            help=f"Column with the {meaning}; guessed when not given{none}.",
        )(command)
    return command


def given_columns(columns: dict[str, str | None]) -> dict[str, str]:
    """Role to column, from the names of the options."""
    return {name.removesuffix("_column"): column for name, column in columns.items() if column is not None}
