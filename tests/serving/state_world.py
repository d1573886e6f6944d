"""The state of the small mining, written and put in the place of another."""

from pathlib import Path

from serving.state import write_state
from serving.work_folder import put_in_place
from tests.fakes import KeywordPredictor
from tests.serving.small_world import example_embeddings, small_feedback, small_index, small_mining


def write(folder: Path, created_at: str) -> None:
    """Write the state of the small mining into the new folder ``folder``."""
    write_state(
        folder,
        small_mining(),
        small_index(),
        model=KeywordPredictor().info,
        created_at=created_at,
        own_ids=True,
        feedback=small_feedback(),
        embeddings=example_embeddings(),
    )


def renew(out: Path, created_at: str) -> None:
    """Put it in the place of the state in ``out``, if there is one."""
    work = out / f"work-{created_at}"
    work.mkdir(parents=True)
    write(work / "state", created_at)
    put_in_place(work / "state", out)
    work.rmdir()
