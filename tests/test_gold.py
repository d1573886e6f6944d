"""What the benchmarks on gold sets keep of predictions."""

from pathlib import Path

import pytest

from benchmarks import gold
from tests.fakes import KeywordPredictor


def test_other_texts_of_one_name_are_predicted_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    predictor, asked = KeywordPredictor(), []
    predict = predictor.predict
    monkeypatch.setattr(predictor, "predict", lambda texts: asked.append(texts) or predict(texts))
    monkeypatch.setattr("models.checkpoint.load_predictor", lambda: predictor)
    monkeypatch.setattr(gold, "CACHE", tmp_path)
    some, others = ["too few examples", "too many examples"], ["too few examples", "the courier was rude"]
    first, again, other = (gold.predicted_once("few", texts) for texts in (some, some, others))
    assert asked == [some, others]
    assert (first.degree == again.degree).all()
    assert (other.degree == predict(others).degree).all()
