"""``countervoice mine`` over a scored file: the labels and embeddings in it are taken, not made again."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from data.errors import InputError
from data.fields import as_outcome
from data.margins import Margins, check_margins, told_of
from data.records import Feedback
from mining.settings import MiningSettings
from models.predictions import ModelInfo, Predictions, Predictor
from serving.analysis import Analysis, predicted
from serving.mining_run import Found, Mined, check_target, mine_found
from serving.progress import Stages, silent
from serving.scored_input import ScoredInput, read_scored


def mine_scored(
    source: Path,
    out: Path,
    load: Callable[[], Predictor],
    *,
    settings: MiningSettings | None = None,
    register: Path | None = None,
    outcome: str | None = None,
    margins: Margins | None = None,
    say: Callable[[str], None] = lambda line: None,
    stages: Stages = silent,
) -> Mined:
    """Mine a scored Parquet file, or a folder of them, into the folder ``out``, as ``mine_file`` mines feedback.

    ``load`` is called only where the model is needed: for a file without embeddings, or one that does not say
    which model scored it. ``outcome`` names a segment of the messages.

    Raises:
        InputError: The file is no scored file, or has no such segment, or ``out`` is a file, or the margins speak of
            others than it does.
        StateError: The register cannot be read, or is in use.
    """
    check_target(out, register)
    stages(f"Reading {source.name}")
    scored = read_scored(source)
    if outcome is not None:
        scored = replace(scored, feedback=_with_outcome(scored.feedback, outcome, source))
    if margins is not None:
        check_margins(margins, map(told_of, scored.feedback))
    if not scored.has_context:
        say(
            f"{source.name} does not tell who wrote, when and where, so each message counts as a person; "
            f"`countervoice score --embeddings` keeps that"
        )
    if scored.embeddings is None or scored.topics is None:
        found = _embedded_again(scored, load(), source, say, stages)
    else:
        model = scored.model or _assumed(load().info, source, say)
        predictions = Predictions(
            sentiment=scored.sentiment,
            topics=scored.topics,
            degree=scored.degree,
            embeddings=scored.embeddings,
        )
        found = _found(scored, predictions, model)
    found = replace(found, outcome=outcome)
    return mine_found(
        found,
        out,
        settings=settings,
        register=register,
        margins=margins,
        say=say,
        stages=stages,
    )


def _with_outcome(feedback: Sequence[Feedback], outcome: str, source: Path) -> tuple[Feedback, ...]:
    if not any(outcome in message.segments for message in feedback):
        known = ", ".join(sorted({name for message in feedback for name in message.segments})) or "none"
        raise InputError(
            f"{source.name} was scored without a segment {outcome!r} (it has: {known}): "
            f"for another --outcome mine the file that was scored"
        )
    return tuple(replace(message, outcome=as_outcome(message.segments.get(outcome))) for message in feedback)


def _embedded_again(
    scored: ScoredInput, predictor: Predictor, source: Path, say: Callable[[str], None], stages: Stages
) -> Found:
    """Embeddings and topics of the model at hand; sentiment and degree as the file has them."""
    say(f"{source.name} was scored without --embeddings: embedding its statements again")
    if scored.model is not None and scored.model.version != predictor.info.version:
        say(
            f"{source.name} was scored with model {scored.model.name} {scored.model.version}, "
            f"the embeddings are of {predictor.info.name} {predictor.info.version}"
        )
    on_progress = stages("Embedding statements", len(scored.statements))
    analysis = predicted(scored.feedback, scored.statements, predictor, on_progress=on_progress)
    kept = replace(analysis.predictions, sentiment=scored.sentiment, degree=scored.degree)
    return _found(scored, kept, predictor.info)


def _assumed(model: ModelInfo, source: Path, say: Callable[[str], None]) -> ModelInfo:
    say(f"{source.name} does not say which model scored it: taken for {model.name} {model.version}")
    return model


def _found(scored: ScoredInput, predictions: Predictions, model: ModelInfo) -> Found:
    analysis = Analysis(feedback=scored.feedback, statements=scored.statements, predictions=predictions)
    return Found(analysis=analysis, model=model, rejected=scored.rejected, own_ids=scored.own_ids)
