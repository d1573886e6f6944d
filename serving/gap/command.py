"""``countervoice gap``: what leaders believe that customers complain of, sealed, and then what was measured."""

from pathlib import Path

import click

from serving.options import FilePath, json_option, state_option
from serving.telling import print_json, terminal

EXAMPLES = """
\b
Examples:
  countervoice gap believe --topic delivery --share 0.10 --by "COO"
  countervoice gap believe --cause c-0012 --share 0.2 --by "Head of product"
  countervoice gap believe --file beliefs.csv
  countervoice gap show --state out

Believe before you look: as soon as the measured share of a subject is shown, no belief about it is taken.
"""


@click.group("gap", short_help="Hold what leaders believe against what customers say.", epilog=EXAMPLES)
def gap() -> None:
    """Of those who complain, which share does so of a topic: believed first, then measured."""


@gap.command("believe")
@click.option("--topic", help="Topic that it is about.")
@click.option("--cause", help="Id of the cause that it is about, in place of a topic.")
@click.option("--share", type=float, help="Of those who complain, the share who complain of it, from 0 to 1.")
@click.option("--by", help="Who believes it.")
@click.option(
    "--margin",
    type=float,
    help="How far off still counts as right.  [default: 0.05, at most half of the share]",
)
@click.option("--file", type=FilePath, help="Table with topic, share and by, in place of the options.")
@state_option
def believe_command(
    topic: str | None,
    cause: str | None,
    share: float | None,
    by: str | None,
    margin: float | None,
    file: Path | None,
    state: Path,
) -> None:
    """Seal a belief beside the mining that it is about.

    \b
    Examples:
      countervoice gap believe --topic delivery --share 0.10 --by "COO"
      countervoice gap believe --file beliefs.csv
    """
    from serving.gap.folder import believe, believe_file

    subject = topic or cause
    if file is not None:
        if any(given is not None for given in (topic, cause, share, by, margin)):
            raise click.UsageError("give --file, or --topic, --share and --by; not both")
        sealed = believe_file(state, file)
    elif subject is None or (topic and cause) or share is None or by is None:
        raise click.UsageError("give one of --topic and --cause, with --share and --by; or --file")
    else:
        sealed = [believe(state, subject, share, by, margin=margin)]
    for each in sealed:
        belief = each.belief
        click.echo(
            f"{belief.subject}: {belief.share:.3g} ± {belief.margin:.3g} by {belief.by}, seal {each.seal}"
        )


@gap.command("show")
@click.option("--reveal", is_flag=True, help="Show the topics of which nobody said anything, too.")
@json_option
@state_option
def show_command(reveal: bool, as_json: bool, state: Path) -> None:
    """Show each belief beside the measured share; no belief about what was shown is taken afterwards.

    \b
    Examples:
      countervoice gap show --state out
      countervoice gap show --reveal --json
    """
    from serving.gap.folder import show

    showing = show(state, reveal=reveal)
    if as_json:
        from serving.gap.messages import gaps_answer

        print_json(gaps_answer(showing).model_dump(mode="json"))  # as GET /v1/gap answers
        return
    from serving.gap.tables import print_showing

    print_showing(terminal(), showing)
