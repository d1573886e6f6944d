"""``countervoice keys``: make, list and revoke the keys that the service asks for."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from serving.options import database_option, state_option

if TYPE_CHECKING:
    from sqlalchemy import URL

    from serving.database.connection import Database


@click.group()
def keys() -> None:
    """Make, list and revoke the keys of the HTTP service."""


@keys.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    default=("read",),
    show_default=True,
    type=click.Choice(("read", "write", "admin")),
    help="What it may do; can be given more than once. admin may do everything.",
)
@state_option
@database_option
def create(name: str, scopes: tuple[str, ...], state: Path, database: str | None) -> None:
    """Make a key called NAME and print it, this once: only its digest is kept.

    \b
    read   classify; read causes, oppositions, feedback, jobs, fixes, alarms,
           loyalty, the recovery queue; open the gap, which closes what it
           shows to further beliefs
    write  keep and erase feedback, score, register fixes, seal beliefs, enter
           contacts of the recovery queue
    admin  everything: also mine, erase by author or list, withdraw fixes, read
           the audit log
    """
    from serving.database.audit import COMMAND_LINE
    from serving.database.keys import create_key
    from serving.database.migration import open_database

    url = _url(database, state)
    is_new = _is_missing(url)
    with closing(open_database(url)) as opened:
        key, secret = create_key(opened, name, scopes, COMMAND_LINE)
    if is_new:
        click.echo(f"new database in {url.database}", err=True)
    click.echo(f"key {key.id} may {', '.join(sorted(key.scopes))}; it is shown this once", err=True)
    click.echo(secret)


@keys.command("list")
@state_option
@database_option
def list_(state: Path, database: str | None) -> None:
    """List all keys, revoked ones too."""
    from rich.console import Console
    from rich.table import Table

    from serving.database.keys import list_keys

    with _opened(database, state) as opened:
        found = list_keys(opened)
    table = Table("id", "name", "scopes", "made", "revoked", box=None)
    for key in found:
        revoked = f"{key.revoked_at:%Y-%m-%d %H:%M}" if key.revoked_at else ""
        row = (key.id, key.name, ", ".join(sorted(key.scopes)), f"{key.created_at:%Y-%m-%d %H:%M}", revoked)
        table.add_row(*row)
    Console().print(table, markup=False)


@keys.command()
@click.argument("key_id", metavar="ID")
@state_option
@database_option
def revoke(key_id: str, state: Path, database: str | None) -> None:
    """Revoke the key ID; a running service follows within seconds."""
    from serving.database.audit import COMMAND_LINE
    from serving.database.keys import revoke_key

    with _opened(database, state) as opened:
        key = revoke_key(opened, key_id, COMMAND_LINE)
    click.echo(f"key {key.id} ({key.name}) is revoked", err=True)


def _opened(database: str | None, state: Path) -> "closing[Database]":
    """The database, open; a mistyped folder is told, and not taken for one without keys."""
    from data.errors import StateError
    from serving.database.migration import open_database

    url = _url(database, state)
    if _is_missing(url):
        raise StateError(
            f"no database at {url.database}: name the --state or --database of the service, or make a first key with "
            "`countervoice keys create NAME`"
        )
    return closing(open_database(url))


def _url(database: str | None, state: Path) -> "URL":
    from serving.database.connection import database_url
    from serving.state import refuse_inside

    refuse_inside(state)
    return database_url(database, state)


def _is_missing(url: "URL") -> bool:
    """Whether opening the database would make it; a server has it, or says so itself."""
    from mining.kept_file import holds_something

    return url.get_backend_name() == "sqlite" and not holds_something(Path(str(url.database)))
