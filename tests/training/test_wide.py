"""How the wide part is fitted and weighed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.labels import TOPICS
from models.ngrams import ngrams
from models.wide import NO_WIDE, Wide
from training.examples import MISSING, Examples
from training.scorecard import topic_matrix
from training.wide import best_factor, fit_wide, with_kept

WORDS = {"too_little": "too few", "too_much": "too many", "none": "quite right"}


def frame(rows: int) -> pd.DataFrame:
    texts = [(f"{words} of {number}", degree) for number in range(rows) for degree, words in WORDS.items()]
    table = pd.DataFrame(texts, columns=["text", "degree"])
    return table.assign(lang="en", source="own", sentiment=None, topics=None, weight=1.0)


def dev_of(table: pd.DataFrame) -> Examples:
    numbers = [list(WORDS).index(degree) for degree in table.degree]
    unknown = np.full(len(table), MISSING)
    topics = np.full((len(table), 18), -1, np.float32)
    return Examples(
        ids=[[]] * len(table), sentiment=unknown, degree=np.asarray(numbers), topics=topics, frame=table
    )


def test_it_learns_word_forms_that_the_deep_part_does_not_know() -> None:
    table = frame(40)
    dev = dev_of(frame(60)[120:])
    deep = {"degree": np.zeros((len(dev), 3), np.float32), "sentiment": np.zeros((len(dev), 3), np.float32)}
    found = ngrams(list(dev.frame.text))
    wide = fit_wide(table, dev, found, deep)
    assert set(wide.weights) == {"degree"}
    assert wide.logits(list(dev.frame.text))["degree"].argmax(axis=1).tolist() == dev.degree.tolist()


def test_topics_are_scored_each_for_itself_and_one_without_rows_is_left_to_the_deep_part() -> None:
    table = frame(40)
    names = {"too_little": ["content"], "too_much": ["content", "price"], "none": []}
    table = table.assign(topics=[names[degree] for degree in table.degree], degree=None)
    truth = topic_matrix(table.topics).astype(np.float32)
    dev = replace(dev_of(frame(40)), degree=np.full(len(table), MISSING), topics=truth, frame=table)
    found = ngrams(list(table.text))
    wide = fit_wide(table, dev, found, {"topics": np.zeros((len(dev), 18), np.float32)})
    scores = wide.logits(list(table.text))["topics"]
    assert ((scores > 0) == (truth > 0)).all()
    assert not wide.weights["topics"][:, TOPICS.index("billing")].any()


def test_the_order_of_the_rows_changes_nothing() -> None:
    table, dev = frame(20), dev_of(frame(30)[60:])
    deep = {"degree": np.zeros((len(dev), 3), np.float32), "sentiment": np.zeros((len(dev), 3), np.float32)}
    found = ngrams(list(dev.frame.text))
    shuffled = table.sample(frac=1, random_state=3).reset_index(drop=True)
    one, two = fit_wide(table, dev, found, deep), fit_wide(shuffled, dev, found, deep)
    np.testing.assert_array_equal(one.weights["degree"], two.weights["degree"])


@pytest.mark.parametrize(("rows", "lacks"), [(30, None), (80, "too_much")])
def test_what_it_started_from_is_kept_where_rows_or_classes_are_too_few(rows: int, lacks: str | None) -> None:
    table, dev = frame(20), dev_of(frame(20 + rows)[60:])
    start = Wide(weights={"degree": np.ones((64, 3), np.float32)}, bias={"degree": np.ones(3, np.float32)})
    deep = {"degree": np.zeros((len(dev), 3), np.float32)}
    wide = fit_wide(table[table.degree != lacks], dev, ngrams(list(dev.frame.text)), deep, start=start)
    assert wide == start


def test_a_start_without_a_head_keeps_it_out_where_rows_are_too_few() -> None:
    table, dev = frame(20), dev_of(frame(50)[60:])
    found = ngrams(list(dev.frame.text))
    unsure = {"degree": np.zeros((len(dev), 3), np.float32)}
    assert "degree" in fit_wide(table, dev, found, unsure).weights
    assert fit_wide(table, dev, found, unsure, start=NO_WIDE) == NO_WIDE
    other = Wide(weights={"degree": np.ones((64, 3), np.float32)}, bias={"degree": np.ones(3, np.float32)})
    assert with_kept(other, NO_WIDE, ["degree"]) == NO_WIDE
    assert with_kept(NO_WIDE, other, ["degree"]) == other


def test_a_start_gives_way_to_what_enough_rows_say() -> None:
    table, dev = frame(20), dev_of(frame(100)[60:])
    start = Wide(weights={"degree": np.ones((64, 3), np.float32)}, bias={"degree": np.ones(3, np.float32)})
    found = ngrams(list(dev.frame.text))
    unsure = {"degree": np.zeros((len(dev), 3), np.float32)}
    fitted = fit_wide(table, dev, found, unsure, start=start)
    assert fitted.weights["degree"].shape != (64, 3)


def test_noise_gets_no_say() -> None:
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 3, 400)
    deep = (4 * np.eye(3)[labels] + rng.normal(size=(400, 3))).astype(np.float32)
    noise = rng.normal(size=(400, 3)).astype(np.float32)
    assert best_factor(deep, noise, labels) <= 0.2
    assert best_factor(noise, deep, labels) == pytest.approx(1.2)
