"""What the checkpoint that ships has to be able to do, in five languages, on texts that it was never trained on.

Capabilities as in Ribeiro et al. (2020), Beyond accuracy: behavioral testing of NLP models with CheckList (ACL). The
texts are in ``behaviour.tsv``: plain statements whose words carry the degree, pairs in which the degree word alone
changes (flip), praise in the same words, negated complaints, plain faults, wishes for more or less, praise in words
of size, number, price and speed as shoppers type it (bounty), and plain badness with an intensifier (cross). Those in
``ends.tsv`` are of properties whose two ends the thing decides (tight and loose, raw and burnt; docs/degree.md).
"""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from data.labels import DEGREES
from models.calls import calls
from models.checkpoint import load_predictor
from models.predictions import Predictor
from training.corpora import glossary, own_statements

pytestmark = pytest.mark.slow

TEXTS = pd.read_csv(Path(__file__).with_name("behaviour.tsv"), sep="\t")
ENDS = pd.read_csv(Path(__file__).with_name("ends.tsv"), sep="\t")
FLOOR = {
    "plain": 0.93,
    "flip": 0.96,
    "praise": 0.95,
    "bounty": 0.8,
    "negated": 0.9,
    "fault": 0.9,
    "cross": 0.95,
    "wish": 0.85,
}
FLOOR_OF_A_LANGUAGE = {"en": 0.9, "vi": 0.9, "th": 0.9, "lv": 0.8, "zh": 0.9}
RETYPED: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "exclamation": lambda text: text.rstrip(" .!?") + "!!!",
    "full stop": lambda text: text.rstrip(" .!?") + ".",
    "emoji": lambda text: text + " 🤷",
    "spaces": lambda text: f"  {text} ",
}


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    return load_predictor(runtime="onnx-fp32")


@pytest.fixture(scope="module")
def read(predictor: Predictor) -> pd.DataFrame:
    return TEXTS.assign(read=degrees(predictor, TEXTS.text))


def degrees(predictor: Predictor, texts: "pd.Series[str]") -> list[str]:
    return [DEGREES[place] for place in calls("degree", predictor.predict(list(texts)).degree)]


def passed(read: pd.DataFrame, by: str) -> "pd.Series[float]":
    return (read["read"] == read.degree).groupby(read[by]).mean()


def failures(read: pd.DataFrame) -> str:
    return read[read["read"] != read.degree].to_string()


@pytest.mark.parametrize("capability", sorted(FLOOR))
def test_each_capability(read: pd.DataFrame, capability: str) -> None:
    assert passed(read, "capability")[capability] >= FLOOR[capability], failures(read)


@pytest.mark.parametrize("language", sorted(FLOOR_OF_A_LANGUAGE))
def test_each_language(read: pd.DataFrame, language: str) -> None:
    assert passed(read, "lang")[language] >= FLOOR_OF_A_LANGUAGE[language], failures(read)


def test_the_opposite_is_rarely_called(read: pd.DataFrame) -> None:
    complaints = read[read.degree != "none"]
    opposite = (complaints["read"] != "none") & (complaints["read"] != complaints.degree)
    assert opposite.mean() <= 0.06, failures(read)


def test_the_ends_of_properties_are_told_apart(predictor: Predictor) -> None:
    # The seventeenth checkpoint: .70 and .125 (the sixteenth, the first that read labels of one table, decision 58:
    # .66 and .125). Which end is the more probable is asked here; what is called (decision 63) is .64 and .108.
    most = predictor.predict(list(ENDS.text)).degree.argmax(axis=1)
    said = ENDS.assign(read=[DEGREES[place] for place in most])
    opposite = (said["read"] != "none") & (said["read"] != said.degree)
    assert (said["read"] == said.degree).mean() >= 0.68, failures(said)
    assert opposite.mean() <= 0.14, failures(said)


@pytest.mark.parametrize("typed", sorted(RETYPED))
def test_how_it_is_typed_changes_little(predictor: Predictor, read: pd.DataFrame, typed: str) -> None:
    again = degrees(predictor, read.text.map(RETYPED[typed]))
    assert (read["read"] == again).mean() >= 0.9


def test_nothing_of_it_was_trained_on() -> None:
    known = {text.lower().strip(" .!?") for text in (*own_statements().text, *glossary().text)}
    assert not [text for text in (*TEXTS.text, *ENDS.text) if text.lower().strip(" .!?") in known]
