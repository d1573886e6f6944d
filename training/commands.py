"""The command-line side of training: corpora, pretrain, graft, train, average, evaluate, promote."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from data.errors import PromotionError
from data.extras import require
from data.finite_range import FiniteRange
from data.writing import whole_file
from models.checkpoint import DEFAULT
from training.kernel_cache import keep_few_kernels
from training.printed_scores import print_scores

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(path_type=Path)
OUT_FILE = click.Path(dir_okay=False, path_type=Path)
PIECES = 40_000  # of a new tokenizer


@click.command("corpora", short_help="Gather labelled rows for training.")
@click.option(
    "--corpora", "folder", type=FOLDER, help="Folder of the public corpora; without it, own texts only."
)
@click.option("--out", type=OUT, required=True, help="Parquet file to write.")
@click.option("--public", type=FiniteRange(0), default=1.0, show_default=True, help="Factor on public rows.")
@click.option("--own", type=FiniteRange(0), default=1.0, show_default=True, help="Factor on the own texts.")
@click.option(
    "--beside",
    "share",
    type=FiniteRange(0, 1),
    default=0.0,
    show_default=True,
    help="Share of the rows with a label of degree that get a statement without one beside them.",
)
def corpora_command(folder: Path | None, out: Path, public: float, own: float, share: float) -> None:
    """Gather labelled rows from the public corpora and the project's own texts into one Parquet file.

    \b
    Examples:
      countervoice corpora --corpora path/to/corpora --out build/labelled.parquet
      countervoice corpora --corpora path/to/corpora --beside 0.3 --out build/beside.parquet
    """
    if public != 1 and not folder:
        raise click.UsageError(
            "--public weighs the rows of the public corpora: give their folder with --corpora"
        )
    from training.beside import beside
    from training.rows import labelled_rows

    rows = labelled_rows(folder, public=public, own=own)
    rows = beside(rows, share=share, seed=0) if share else rows
    out.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(out, "wb") as file:
        file.write(rows.to_parquet(index=False))  # pandas takes a path such as "file:a" for a URL
    click.echo(f"{len(rows):,} rows in {rows.lang.nunique()} languages written to {out}", err=True)


@click.command("pretrain", short_help="Make the multilingual encoder by distillation.")
@click.option("--corpora", "folder", type=FOLDER, required=True, help="Folder of the public corpora.")
@click.option(
    "--out", type=OUT, required=True, help="Encoder folder; a second call goes on where it stopped."
)
@click.option(
    "--pieces",
    type=click.IntRange(5_000, 64_000),
    show_default=f"{PIECES}",
    help="Vocabulary of the new tokenizer; not with --start.",
)
@click.option(
    "--epochs",
    type=FiniteRange(0, min_open=True),
    default=1.0,
    show_default=True,
    help="Passes over the parallel pairs; a fraction is fine.",
)
@click.option("--start", type=FOLDER, help="An encoder or checkpoint of ours, for a further pass.")
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=7,
    show_default=True,
    help="Of the order of the pairs; take another one for a further pass.",
)
def pretrain_command(
    folder: Path, out: Path, pieces: int | None, epochs: float, start: Path | None, seed: int
) -> None:
    """Train a tokenizer and distil the English teacher into a multilingual encoder.

    With --start, the tokenizer and the weights of that encoder are kept and the whole body learns from the first step.

    \b
    Examples:
      countervoice pretrain --corpora path/to/corpora --out build/encoder
      countervoice pretrain --corpora path/to/corpora --start build/encoder --seed 8 --out build/encoder2
    """
    if start and pieces:
        raise click.UsageError("--start keeps the tokenizer of its encoder: leave out --pieces")
    require("torch", extra="train", purpose="pretrain")
    keep_few_kernels()
    from training.distil import DistilSettings
    from training.pretrain import pretrain

    settings = DistilSettings.further(epochs, seed) if start else DistilSettings(epochs=epochs, seed=seed)
    scores = pretrain(folder, out, pieces=pieces or PIECES, settings=settings, start=start)
    table = Table(
        "language", "retrieval at 1", title=f"{scores.pop('candidates'):.0f} unseen English sentences"
    )
    for language, value in sorted(scores.items(), key=lambda item: -item[1]):
        table.add_row(language, f"{value:.3f}")
    Console().print(table)


@click.command("graft", short_help="Put an encoder back on the teacher's body, with the teacher's words.")
@click.option("--corpora", "folder", type=FOLDER, required=True, help="Folder of the public corpora.")
@click.option("--start", type=FOLDER, required=True, help="An encoder or checkpoint of ours.")
@click.option("--out", type=OUT, required=True, help="Folder to write, for train --encoder.")
def graft_command(folder: Path, start: Path, out: Path) -> None:
    """Put an encoder back on the teacher's body, and give its tokenizer the English words that the teacher knows.

    \b
    Example:
      countervoice graft --corpora path/to/corpora --start build/encoder --out build/grafted
    """
    require("torch", extra="train", purpose="graft")
    from training.graft import graft

    done = graft(folder, start, out)
    click.echo(
        f"{done.words:,} words of the teacher are one piece each; the vocabulary of {out} grew "
        f"from {done.before:,} to {done.pieces:,}"
    )


@click.command("train", short_help="Fine-tune the three heads on labelled rows.")
@click.option(
    "--data", type=FILE, required=True, help="CSV, TSV, JSONL or Parquet with text and label columns."
)
@click.option(
    "--encoder", default=str(DEFAULT), show_default="models/default", help="Folder or hub name for AutoModel."
)
@click.option("--out", type=OUT, required=True, help="Checkpoint folder to write.")
@click.option(
    "--epochs",
    type=click.IntRange(0),
    default=2,
    show_default=True,
    help="Passes over the rows; 0 fits only the calibration and, without --wide, the wide part.",
)
@click.option("--batch-tokens", type=click.IntRange(256), default=4096, show_default=True)
@click.option(
    "--rehearsal", type=FiniteRange(0), default=1.0, show_default=True, help="Pull to the old embedding."
)
@click.option(
    "--to-teacher",
    is_flag=True,
    help="Pull to the teacher's vectors of English sentences instead of the embedding before training.",
)
@click.option(
    "--contrast",
    type=FiniteRange(0),
    default=0.0,
    show_default=True,
    help="Tell each row's sentence from thousands of others by its embedding, for retrieval; the default model had 1.",
)
@click.option(
    "--lora",
    "rank",
    type=click.IntRange(1),
    help="Train adapters of this rank (8 is common) instead of the encoder's weights, and merge them at the end.",
)
@click.option(
    "--wide",
    type=FOLDER,
    help="Keep the wide part of this checkpoint instead of fitting one: minutes less, and labels move less.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=7,
    show_default=True,
    help="Of the order of rows, the dropout and new heads; see countervoice average.",
)
def train_command(
    data: Path,
    encoder: str,
    out: Path,
    epochs: int,
    batch_tokens: int,
    rehearsal: float,
    to_teacher: bool,
    contrast: float,
    rank: int | None,
    wide: Path | None,
    seed: int,
) -> None:
    """Fine-tune sentiment, topics and degree, and write a checkpoint with its metrics per language and head.

    An interrupted call goes on from its last saved state (state lies in OUT.state); with other rows, another encoder
    or other settings it is refused. A head that no dev row has a label of keeps the calibration of the checkpoint that
    the training starts from, and lines on standard error say what else the dev rows cannot tell.

    \b
    Examples:
      countervoice train --data mine.csv --out my-model
      countervoice train --data mine.csv --encoder intfloat/multilingual-e5-small --lora 8 --out my-model
    """
    require("torch", extra="train", purpose="train")
    keep_few_kernels()
    if rank is not None:
        require("peft", extra="lora", purpose="train --lora")
    from training.finetune import FinetuneSettings
    from training.lora import LoraSettings
    from training.train import train

    settings = FinetuneSettings(
        epochs=epochs,
        tokens=batch_tokens,
        rehearsal=rehearsal,
        to_teacher=to_teacher,
        contrast=contrast,
        seed=seed,
        lora=None if rank is None else LoraSettings(rank=rank),
    )
    metrics = train(data, encoder, out, settings, wide_from=wide)
    print_scores([row for row in metrics["scorecard"] if row["source"] == "all"], f"dev scores of {out}")


@click.command("average", short_help="Average the weights of fine-tunings from one start.")
@click.argument("folders", nargs=-1, required=True, type=FOLDER, metavar="CHECKPOINT CHECKPOINT...")
@click.option("--out", type=OUT, required=True, help="Checkpoint folder to write.")
@click.option(
    "--share",
    "shares",
    type=float,
    multiple=True,
    help="Of each checkpoint, in their order; equal when not given.",
)
def average_command(folders: tuple[Path, ...], out: Path, shares: tuple[float, ...]) -> None:
    """Average the weights of checkpoints that train made from one start with different seeds.

    The average has no wide part and an old calibration: train with no epochs fits both.

    \b
    Examples:
      countervoice train --data rows.parquet --seed 1 --out build/one
      countervoice train --data rows.parquet --seed 2 --out build/two
      countervoice average build/one build/two --out build/average
      countervoice train --data rows.parquet --encoder build/average --epochs 0 --out build/model
    """
    require("torch", extra="train", purpose="average")
    from training.average import average

    average(folders, shares, out)
    click.echo(f"the mean of {len(folders)} checkpoints is in {out}; fit its wide part with train --epochs 0")


@click.command("evaluate", short_help="Score a checkpoint beside a linear baseline.")
@click.option(
    "--data", type=FILE, required=True, help="Labelled rows; the baseline learns from the training rows."
)
@click.option("--model", type=FOLDER, show_default="models/default")
@click.option("--out", type=OUT_FILE, help="Write the whole score card as CSV.")
@click.option("--baseline/--no-baseline", default=True, show_default=True)
@click.option("--card", is_flag=True, help="Write the scores into CARD.md of --model, which has to be named.")
@click.option("--retrieval", type=FILE, help="retrieval.json of the pretrained encoder, for --card.")
def evaluate_command(
    data: Path, model: Path | None, out: Path | None, baseline: bool, card: bool, retrieval: Path | None
) -> None:
    """Print a score card per head and language on the dev rows, beside TF-IDF and logistic regression.

    \b
    Example:
      countervoice evaluate --data build/labelled.parquet --model models/default
    """
    import json

    from models.checkpoint import checkpoint_info
    from training.card import write_card
    from training.evaluate import evaluate, unlearned

    if card and model is None:  # the card that ships is not overwritten by chance
        raise click.UsageError("--card writes into the folder of the model: name it with --model")
    if retrieval and not card:
        raise click.UsageError("--retrieval is told in the card alone: give --card, too")
    model = model or DEFAULT
    if out:  # before the work, which a folder that cannot be made would cost
        out.parent.mkdir(parents=True, exist_ok=True)
    scores = evaluate(data, model, with_baseline=baseline)
    if out:
        with whole_file(out, "w") as file:
            scores.to_csv(file, index=False)
    if card:
        found = json.loads(retrieval.read_text(encoding="utf-8")) if retrieval else None
        write_card(model, checkpoint_info(model), scores, found, data=data)
    for head in unlearned(scores) if baseline else ():
        click.echo(
            f"no baseline for {head}: {data} has no training rows of different classes of it", err=True
        )
    print_scores(scores[scores.source == "all"].to_dict("records"), f"dev scores of {model}")


@click.command("promote", short_help="Put a better checkpoint in the place of the running one.")
@click.argument("candidate", required=False, type=FOLDER)
@click.option(
    "--over",
    "running",
    type=OUT,
    required=True,
    help="The checkpoint that is served: what `serve --model` names.",
)
@click.option(
    "--data", type=FILE, help="Labelled rows, as for train; the two are compared on the dev rows among them."
)
@click.option(
    "--force",
    is_flag=True,
    help="Promote although the candidate is worse, not better, or not compared in all that changes.",
)
@click.option("--dry-run", is_flag=True, help="Compare only; the exit code is that of the promotion.")
@click.option(
    "--back", is_flag=True, help="Change the running checkpoint and the one before it, without a comparison."
)
def promote_command(
    candidate: Path | None, running: Path, data: Path | None, force: bool, dry_run: bool, back: bool
) -> None:
    """Compare CANDIDATE with the checkpoint that is served, and put a copy of it in its place if it is better.

    It is promoted if no head is worse over all languages and at least one is better: the 95 % interval of the
    difference, by bootstrap over groups of translations, lies on one side of 0. A head that the rows cannot compare has
    to be calibrated as in the running one. Otherwise nothing changes, and the exit code is 1. The checkpoint of before
    is kept beside it, with `.previous` behind its name.

    \b
    Examples:
      countervoice promote build/my-model --over models/served --data mine.csv --dry-run
      countervoice promote build/my-model --over models/served --data mine.csv
      countervoice promote --back --over models/served
    """
    from training.promotion import compare
    from training.promotion_report import next_steps, objection, print_comparison
    from training.swap import Place

    if back:
        if candidate or data or force or dry_run:
            raise click.UsageError("--back takes nothing but --over: it compares nothing")
        place = Place.of(running)
        place.back()
        click.echo(next_steps(place))
        return
    if candidate is None or data is None:
        raise click.UsageError("give CANDIDATE and --data to compare it with --over, or --back")
    place = Place.of(running)
    place.check_candidate(candidate)
    comparison = compare(data, place.path, candidate)
    print_comparison(comparison)
    if not comparison.passes and not force:
        raise PromotionError(
            f"{candidate} does not take the place of {running}: {objection(comparison)}; nothing was changed, and "
            "--force would promote it anyway"
        )
    if not comparison.passes:
        click.echo(f"forced: {objection(comparison)}", err=True)
    if dry_run:
        click.echo(f"{candidate} would take the place of {running}; nothing was changed")
        return
    place.take(candidate, comparison.candidate.version)
    click.echo(next_steps(place))
