"""Journals of planted worlds."""

from mining.journal import Journal, journal_of
from mining.pipeline import mine
from mining.settings import MiningSettings
from models.predictions import ModelInfo, Predictions
from tests.mining.worlds import World

SETTINGS = MiningSettings()


MODEL = ModelInfo(name="planted", version="0" * 12, languages=("en",))


def mined_journal(world: World, predictions: Predictions | None = None, model: ModelInfo = MODEL) -> Journal:
    """The journal of a mining of ``world``, with other predictions or another model where they are given."""
    said = predictions or world.predictions
    mining, _ = mine(world.feedback, world.statements, said, SETTINGS)
    return journal_of(world.feedback, world.statements, said, mining, SETTINGS, model)
