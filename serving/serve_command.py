"""``countervoice serve``: the options of the service."""

from pathlib import Path

import click

from data.finite_range import FiniteRange
from serving.logs import LOG_FORMATS, LogFormat
from serving.options import database_option, model_option, runtime_option, state_option
from serving.pace import LATENCY_BUDGET_S
from serving.rate_limit import RATE


@click.command()
@state_option
@database_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True)
@click.option(
    "--keys/--no-keys",
    "keys",
    default=None,
    help="Ask everybody for a key, or nobody.  [default: ask, unless only this machine can reach the address]",
)
@click.option(
    "--rate-limit",
    type=click.IntRange(0),
    default=RATE,
    show_default=True,
    help="Requests a minute of one key, or of one address without a key; 0 for no limit.",
)
@click.option(
    "--redact/--no-redact",
    default=True,
    show_default=True,
    help="Take e-mail, phone, card and IBAN out of feedback before it is kept.",
)
@click.option(
    "--latency-budget",
    type=FiniteRange(0),
    default=LATENCY_BUDGET_S,
    show_default=True,
    help="Seconds: a classification that would begin later is refused at once; 0 for never.",
)
@click.option(
    "--log-format",
    type=click.Choice(LOG_FORMATS),
    default="text",
    show_default=True,
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
