"""Mine feedback: people, subject space, clusters, causes, sides, oppositions, timing, summary."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from data.margins import Margins
from data.records import Feedback, Statement
from mining.causes import describe_causes, tallies_of
from mining.corpus import Corpus, build_corpus
from mining.crowding import crowd_of
from mining.discovery import build_index, cluster, fit_space
from mining.drivers import find_drivers
from mining.edited_index import EditedIndex
from mining.edits import renamed
from mining.listening import listening_of
from mining.misreading import Misreading
from mining.oppositions import find_oppositions
from mining.penalties import with_penalties
from mining.picture import Picture
from mining.ranking.ranks import rank_causes
from mining.readings import as_people_read
from mining.recognition import Identity, recognise
from mining.register import Register
from mining.remembering import remember
from mining.repeated import repeated_statements
from mining.results import Mining
from mining.settings import MiningSettings
from mining.sides import find_sides
from mining.sorted_keys import rows_of
from mining.speaking.speakers import speakers_of
from mining.summary import summary_of, unassigned_of
from mining.themes import find_themes
from models.confusion import Confusion
from models.predictions import Predictions

Ints = NDArray[np.int64]


def mine(
    feedback: Sequence[Feedback],
    statements: Sequence[Statement],
    predictions: Predictions,
    settings: MiningSettings = MiningSettings(),  # noqa: B008  (frozen)
    *,
    rejected: int = 0,
    confusion: Confusion | None = None,
    register: Register | None = None,
    identity: Identity = Identity(model=""),  # noqa: B008  (frozen)
    outcome: str | None = None,
    margins: Margins | None = None,
    on_progress: Callable[[str], None] | None = None,
) -> tuple[Mining, EditedIndex]:
    """Find the causes in the statements of the feedback, and where people pull in opposite directions.

    The result does not depend on the order of ``feedback`` or of ``statements``.

    Args:
        feedback: Messages with distinct ids, in any order.
        statements: Of the given feedback, with distinct ids, in any order.
        predictions: Aligned with ``statements``.
        settings: Thresholds; the defaults are meant to do.
        rejected: Input rows that could not be read, for the summary.
        confusion: How often the model takes one label for another; without it shares stay as counted.
        register: Open for writing: causes are known again by it, statements are read as people say in it, and what was
            found is written into it. Without one, ids are ranks within this mining.
        identity: What the register may compare.
        outcome: Name of ``Feedback.outcome``, against which the causes are held; None for the rating.
        margins: Known shares of the customers, to which people are weighted beside the count; None for the count alone.
        on_progress: Gets the name of each stage as it begins.

    Returns:
        The mined picture, and the index that assigns new statements by the same rule.

    Raises:
        ValueError: If statements, predictions and feedback do not belong together.
        InputError: If margins and people do not have the same values.
    """
    tell = on_progress or (lambda stage: None)
    tell("counting people")
    stance = find_sides(predictions, settings)
    repeated = repeated_statements(feedback, statements, stance.main >= 0)
    heard = np.flatnonzero(~repeated)
    corpus = _corpus_of(feedback, statements, predictions, heard, settings)
    places = heard[corpus.order]
    stance = stance.taken(places)
    tell("erasing sentiment, degree and language")
    texts = fit_space(corpus, settings)
    tell("clustering")
    clusters = cluster(corpus, texts.vectors, stance, settings)
    found, answers = build_index(corpus, texts, clusters, settings)
    index, recognition = EditedIndex.of(found), None
    if register is not None:
        tell("knowing causes again")
        recognition = recognise(
            corpus, texts, found, answers, register=register, identity=identity, settings=settings
        )
        index, answers = recognition.index, recognition.index.listed(recognition.places)
    if index.readings:  # only now: what a statement is about does not depend on how people read its side
        said = as_people_read(corpus.predictions, corpus.statements, index.readings)
        corpus, stance = replace(corpus, predictions=said), find_sides(said, settings)
    tell("describing causes")
    misreading = None if confusion is None else Misreading(confusion, seed=settings.seed)
    picture = Picture(corpus, texts.vectors, stance, settings, misreading)
    members = rows_of(answers, len(index.ids))
    tallies = [tallies_of(corpus, statements) for statements in members]
    causes = describe_causes(picture, index.ids, members, tallies)
    tell("weighing oppositions")
    oppositions = find_oppositions(picture, causes, members)
    causes, oppositions = with_penalties(picture, members, causes, oppositions)
    tell("dividing the outcome among causes")
    assignment = np.full(len(statements), -1, dtype=np.int64)
    assignment[places] = answers
    mining = Mining(
        causes=tuple(causes),
        oppositions=tuple(oppositions),
        unassigned=unassigned_of(corpus, clusters, answers, recognition, repeated=int(repeated.sum())),
        assignment=tuple(index.ids[a] if a >= 0 else None for a in assignment.tolist()),
        people=_people(corpus, statements),
        repeated=tuple(repeated.tolist()),
        template=_template(statements, repeated),
        data=summary_of(corpus, stance, statements=len(statements), rejected=rejected),
        settings=settings.as_dict(),
        drivers=find_drivers(picture, causes, members, outcome=outcome),
        listening=listening_of(corpus, gate=settings.share_people),
        speakers=speakers_of(picture, causes, oppositions, members, margins),
        themes=find_themes(picture, causes, members, tallies),
        crowd=crowd_of(picture, causes, members),
        ranks=rank_causes(picture, causes, members, recognition.standing.costs if recognition else {}),
    )
    if register is not None and recognition is not None:
        remember(register, recognition, corpus, causes)
        mining = renamed(mining, recognition.standing.names)
    return mining, index


def _corpus_of(
    feedback: Sequence[Feedback],
    statements: Sequence[Statement],
    predictions: Predictions,
    heard: Ints,
    settings: MiningSettings,
) -> Corpus:
    """The corpus of the statements at ``heard``; without a copy of the predictions where that is all of them."""
    if len(heard) == len(statements):
        return build_corpus(feedback, statements, predictions, settings)
    return build_corpus(feedback, [statements[i] for i in heard], predictions.taken(heard), settings)


def _people(corpus: Corpus, statements: Sequence[Statement]) -> tuple[int, ...]:
    """Number of the person behind each of the statements."""
    numbers = dict(zip((message.id for message in corpus.feedback), corpus.people.tolist(), strict=True))
    return tuple(numbers[statement.feedback_id] for statement in statements)


def _template(statements: Sequence[Statement], repeated: NDArray[np.bool_]) -> str:
    """The text that most of the repeated statements have, the first of them by the alphabet; "" without any."""
    texts = Counter(statements[i].text for i in np.flatnonzero(repeated).tolist())
    return min(texts, key=lambda text: (-texts[text], text), default="")
