"""Who speaks, in a terminal: weighted shares beside those counted, and the asked beside the unasked."""

from rich.console import Console
from rich.table import Table

from mining.report_words import k_of_n, percent
from mining.results import Mining, Share
from mining.settings import share_gate
from mining.speaking.results import Asked, Weighting
from mining.speaking.words import (
    asked_what,
    asked_who,
    asked_words,
    difference,
    weighted,
    weighted_rows,
    weighting_words,
)
from mining.terminal_voice import Voice, table_of


def print_speakers(console: Console, say: Voice, mining: Mining) -> None:
    """Print both tables, as far as there is something to tell."""
    if mining.speakers is None:
        return
    weighting, asked = mining.speakers.weighting, mining.speakers.asked
    if weighting is not None:
        console.print(_weighted(say, weighting, mining))
        console.print(say.text(weighting_words(weighting), "dim"))
    if asked is not None and any(row.low is not None for row in asked.rows):
        console.print(_asked(say, asked, mining))
        console.print(say.text(asked_words(asked), "dim"))


def _weighted(say: Voice, weighting: Weighting, mining: Mining) -> Table:
    table = table_of("Who speaks: as counted, and weighted to the customers")
    table.add_column("Cause", ratio=4, overflow="fold")
    table.add_column("Who", ratio=3, overflow="fold")
    table.add_column("Counted", ratio=3)
    table.add_column("Weighted", ratio=3)
    causes, gate = {cause.id: cause for cause in mining.causes}, share_gate(mining.settings)
    for row in weighted_rows(weighting, causes):
        table.add_row(
            say.cause(row.what, causes.get(row.cause_id or "")),
            say.text(row.who),
            say.text(percent(row.share.raw, gate) or k_of_n(row.share.raw)),
            say.text("\n".join(filter(None, (weighted(row.share), row.remark)))),
        )
    return table


def _asked(say: Voice, asked: Asked, mining: Mining) -> Table:
    table = table_of("Who speaks: people who were asked, and people who wrote unasked")
    table.add_column("Cause", ratio=4, overflow="fold")
    table.add_column("Who", ratio=3, overflow="fold")
    table.add_column("Asked", ratio=3)
    table.add_column("Unasked", ratio=3)
    table.add_column("Difference", ratio=4)
    causes, gate = {cause.id: cause for cause in mining.causes}, share_gate(mining.settings)
    for row in asked.rows:
        if row.low is not None:
            table.add_row(
                say.cause(asked_what(row, causes), causes.get(row.cause_id or "")),
                say.text(asked_who(row)),
                say.text(_share(row.solicited, gate)),
                say.text(_share(row.unsolicited, gate)),
                say.text(difference(row)),
            )
    return table


def _share(share: Share, gate: int) -> str:
    return f"{k_of_n(share)}\n{percent(share, gate)}"
