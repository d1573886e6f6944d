"""A click group whose heavy commands are imported only when they are called."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import click

from data.errors import SettingsError


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """Where a command lives, and the line that ``--help`` shows for it without importing it."""

    module: str
    attribute: str
    help: str

    def is_here(self) -> bool:
        """Whether its module is part of what is installed; a Bento leaves rooms out."""
        try:
            return find_spec(self.module) is not None
        except ModuleNotFoundError:  # the room around it
            return False


class LazyGroup(click.Group):
    """A group that knows some of its commands by name and one-line help only.

    A command whose module is not installed is not listed.
    """

    def __init__(self, *args: Any, lazy: Mapping[str, LazyCommand], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the loaded commands in the order of their definition, then the lazy ones."""
        return [*self.commands, *self._here()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command if it is a lazy one.

        Raises:
            SettingsError: It is not part of what is installed.
        """
        if cmd_name not in self.lazy:
            return super().get_command(ctx, cmd_name)
        place = self.lazy[cmd_name]
        if not place.is_here():
            room = place.module.partition(".")[0]
            raise SettingsError(
                f"{cmd_name} is not installed here, as the folder {room} is missing: "
                f"run it from a checkout or a wheel of Countervoice"
            )
        command = getattr(importlib.import_module(place.module), place.attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{place.module}.{place.attribute} is not a click command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List every command; click's own method would import the lazy ones for their help."""
        rows = [(name, command.get_short_help_str(90)) for name, command in self.commands.items()]
        rows += [(name, place.help) for name, place in self._here().items()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def _here(self) -> dict[str, LazyCommand]:
        return {name: place for name, place in self.lazy.items() if place.is_here()}
