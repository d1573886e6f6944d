"""A service folder with a small mining, and feedback to mine."""

from pathlib import Path

from data.records import Feedback
from serving.database.connection import Database
from serving.database.feedback import Kept, store
from serving.state import write_state
from tests.fakes import KeywordPredictor
from tests.serving.files import rows
from tests.serving.small_world import example_embeddings, small_feedback, small_index, small_mining


def mined_folder(folder: Path, *, own_ids: bool = True) -> Path:
    """A folder as ``countervoice mine`` leaves it, with the mining of ``small_world``."""
    folder.mkdir()
    write_state(
        folder / "state",
        small_mining(),
        small_index(),
        model=KeywordPredictor().info,
        created_at="2026-01-01T00:00:00+00:00",
        own_ids=own_ids,
        feedback=small_feedback(),
        embeddings=example_embeddings(),
    )
    return folder


def keep_feedback(database: Database) -> int:
    """Keep the four hundred messages of ``files``; how many there are."""
    found = [
        Kept(Feedback(id=row[0], author=row[1], text=row[2], rating=float(row[3])), {}) for row in rows()
    ]
    return store(database, found, "test").stored
