"""``countervoice serve``: the options of the service, each with the variable that stands for it.

The variables are those of ``serving.configuration``: a service is told the same by them, whoever starts it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from data.finite_range import FiniteRange
from serving.logs import LOG_FORMATS, LogFormat
from serving.options import database_option, model_option, runtime_option, state_option
from serving.pace import LATENCY_BUDGET_S
from serving.rate_limit import RATE

KEYS: Final = {"required": True, "loopback": None, "off": False}  # loopback is what nobody need say
REDACT: Final = {"on": True, "off": False}


class Switch(click.Option):
    """A switch whose variable takes one of ``words``; a word that is none of them is refused, and not guessed at."""

    def __init__(self, *given: Any, words: Mapping[str, bool | None], **named: Any) -> None:
        super().__init__(*given, **named)
        self._words = words

    def value_from_envvar(self, ctx: click.Context) -> Any:
        """What the word in the variable stands for; None where there is none, for the default.

        Raises:
            BadParameter: It is no such word.
        """
        word = self.resolve_envvar_value(ctx)
        if word is None:
            return None
        if word not in self._words:
            raise click.BadParameter(f"{word!r} is not one of {', '.join(self._words)}.", ctx, self)
        return self._words[word]


@click.command()
@state_option
@database_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True)
@click.option(
    "--keys/--no-keys",
    "keys",
    cls=Switch,
    words=KEYS,
    default=None,
    envvar="COUNTERVOICE_KEYS",
    show_envvar=True,
    help="Ask everybody for a key (in the variable: required), or nobody (off).  [default: loopback, ask unless only "
    "this machine can reach the address]",
)
@click.option(
    "--rate-limit",
    type=click.IntRange(0),
    default=RATE,
    show_default=True,
    envvar="COUNTERVOICE_RATE",
    show_envvar=True,
    help="Requests a minute of one key, or of one address without a key; 0 for no limit.",
)
@click.option(
    "--redact/--no-redact",
    cls=Switch,
    words=REDACT,
    default=True,
    show_default=True,
    envvar="COUNTERVOICE_REDACT",
    show_envvar=True,
    help="Take e-mail, phone, card and IBAN out of feedback before it is kept; in the variable: on or off.",
)
@click.option(
    "--latency-budget",
    type=FiniteRange(0),
    default=LATENCY_BUDGET_S,
    show_default=True,
    envvar="COUNTERVOICE_LATENCY_BUDGET",
    show_envvar=True,
    help="Seconds: a classification that would begin later is refused at once; 0 for never.",
)
@click.option(
    "--log-format",
    type=click.Choice(LOG_FORMATS),
    default="text",
    show_default=True,
    envvar="COUNTERVOICE_LOG_FORMAT",
    show_envvar=True,
    help="One line a request, for people or for programs.",
)
@model_option
@runtime_option
def serve(
    state: Path,
    database: str | None,
    host: str,
    port: int,
    keys: bool | None,
    rate_limit: int,
    redact: bool,
    latency_budget: float,
    log_format: LogFormat,
    model: Path | None,
    runtime: str,
) -> int:
    """Answer messages over HTTP with their cause and their counter-voice; keep feedback and mine it."""
    from serving.launch import ServeSettings
    from serving.launch import serve as launch

    settings = ServeSettings(
        state=state,
        host=host,
        port=port,
        model=model,
        runtime=runtime,
        database=database,
        keys=keys,
        rate_limit=rate_limit,
        redact=redact,
        latency_budget=latency_budget,
        log_format=log_format,
    )
    return launch(settings, say=lambda line: click.echo(f"countervoice: {line}", err=True))
