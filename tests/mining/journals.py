"""Journals of planted worlds."""

from mining.journal import Journal, journal_of
from mining.pipeline import mine
from mining.settings import MiningSettings
from models.predictions import Predictions
from tests.mining.worlds import World

SETTINGS = MiningSettings()


def mined_journal(
    world: World, predictions: Predictions | None = None, *, topic_threshold: float = 0.5
) -> Journal:
    """The journal of a mining of ``world``, with other predictions than its own where they are given."""
    said = predictions or world.predictions
    mining, _ = mine(world.feedback, world.statements, said, SETTINGS)
    return journal_of(
        world.feedback, world.statements, said, mining, SETTINGS, topic_threshold=topic_threshold
    )
