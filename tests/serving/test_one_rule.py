"""One rule of assignment: a statement gets the same cause from ``mine``, from ``score`` and ``mine``, and over HTTP."""

import asyncio
from pathlib import Path

from data.reading import read_feedback
from mining.results import Mining
from serving.engine import Engine
from serving.mining_run import mine_file
from serving.score_output import ScoreSettings
from serving.scored_mining import mine_scored
from serving.scoring import score_file
from serving.state import read_state
from tests.fakes import KeywordPredictor
from tests.serving.files import rows, write_csv


def causes_of(mining: Mining) -> dict[str, set[str]]:
    """Feedback id to the causes that its statements are in."""
    found: dict[str, set[str]] = {}
    for cause in mining.causes:
        for member in cause.members:
            found.setdefault(member, set()).add(cause.id)
    return found


def test_mining_batch_and_http_give_one_statement_one_cause(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", rows())
    raw = mine_file(source, tmp_path / "raw", KeywordPredictor(), columns={})
    settings = ScoreSettings(chunk_rows=32, embeddings=True)
    score_file(source, tmp_path / "scored.parquet", KeywordPredictor(), columns={}, settings=settings)
    batch = mine_scored(tmp_path / "scored.parquet", tmp_path / "batch", KeywordPredictor)
    assert causes_of(batch.mining) == causes_of(raw.mining)
    assert len(causes_of(raw.mining)) > 50

    feedback = read_feedback(source).feedback[::5]
    engine = Engine(read_state(tmp_path / "raw"), KeywordPredictor())
    answers = asyncio.run(engine.classify([message.text for message in feedback]))
    told = {
        message.id: {said["cause"]["id"] for said in answer["statements"] if said["cause"]}
        for message, answer in zip(feedback, answers, strict=True)
    }
    assert told == {message.id: causes_of(raw.mining).get(message.id, set()) for message in feedback}
