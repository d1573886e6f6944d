"""The bar to beat: TF-IDF of character 2-5-grams and logistic regression, trained on the same rows, all of them.

It is cheap enough for all rows since n-grams are hashed, which needs no vocabulary of many languages, and since the
regression is fitted by stochastic gradient descent (docs/decisions/0059-the-baseline-reads-all-rows.md).
"""

from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.labels import DEGREES, SENTIMENTS, TOPICS
from models.predictions import Predictions
from training.examples import is_labelled
from training.regression import each_by_itself, logistic_regression

FEATURES: Final = 2**20
INVERSE_PENALTY: Final = 4.0


class _Texts(NamedTuple):
    """(n, ``FEATURES``) weights of the n-grams of the training texts, and (m, ``FEATURES``) of those to judge."""

    seen: Any
    unseen: Any


def baseline_predictions(train: pd.DataFrame, dev: pd.DataFrame) -> Predictions:
    """Predictions for ``dev`` from linear models of ``train`` (columns as in ``training.rows``), no embeddings.

    Every head learns from all of its labelled rows; without any it gives zeros.
    """
    rows = train[is_labelled(train)].reset_index(drop=True)
    texts = _vectorised(rows.text, dev.text)
    return Predictions(
        sentiment=_classes(texts, rows.sentiment, SENTIMENTS),
        topics=_topics(texts, rows.topics),
        degree=_classes(texts, rows.degree, DEGREES),
        embeddings=np.zeros((len(dev), 1), np.float32),
    )


def _vectorised(texts: pd.Series, others: pd.Series) -> _Texts:
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

    hashed = HashingVectorizer(
        analyzer="char_wb",
        ngram_range=(2, 5),
        n_features=FEATURES,
        alternate_sign=False,
        norm=None,
        dtype=np.float32,
    )
    if texts.empty:
        nothing = csr_matrix((len(others), FEATURES), dtype=np.float32)
        return _Texts(nothing[:0], nothing)
    seen, unseen = hashed.transform(texts), hashed.transform(others)
    weighed = TfidfTransformer(sublinear_tf=True).fit(seen)
    return _Texts(weighed.transform(seen, copy=False), weighed.transform(unseen, copy=False))


def _classes(texts: _Texts, labels: pd.Series, classes: tuple[str, ...]) -> NDArray[np.float32]:
    """(m, classes) probabilities."""
    chances = np.zeros((texts.unseen.shape[0], len(classes)), np.float32)
    known = labels.notna().to_numpy()
    found = labels[known].unique()
    if len(found) < 2:  # nothing to tell apart
        chances[:, [classes.index(label) for label in found]] = 1.0
        return chances
    model = logistic_regression(int(known.sum()), inverse_penalty=INVERSE_PENALTY, balanced=True)
    model.fit(texts.seen[known], labels[known])
    chances[:, [classes.index(label) for label in model.classes_]] = model.predict_proba(texts.unseen)
    return chances


def _topics(texts: _Texts, topics: pd.Series) -> NDArray[np.float32]:
    """(m, topics) probabilities, of each topic by itself."""
    from training.scorecard import topic_matrix

    known = topics.notna().to_numpy()
    chances = np.zeros((texts.unseen.shape[0], len(TOPICS)), np.float32)
    if not known.any():
        return chances
    truth = topic_matrix(topics[known]).astype(bool)
    chances[:, truth.all(axis=0)] = 1.0  # nothing to tell apart
    models = each_by_itself(texts.seen[known], truth, inverse_penalty=INVERSE_PENALTY, balanced=False)
    for topic, model in models.items():
        chances[:, topic] = model.predict_proba(texts.unseen)[:, 1]
    return chances
