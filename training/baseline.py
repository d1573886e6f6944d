"""The bar to beat: TF-IDF of character 2-5-grams and logistic regression, trained on the same rows."""

from typing import Any

import numpy as np
import pandas as pd

from data.labels import DEGREES, SENTIMENTS, TOPICS
from models.predictions import Predictions

FEATURES = 200_000


def baseline_predictions(
    train: pd.DataFrame, dev: pd.DataFrame, *, rows_per_head: int = 60_000
) -> Predictions:
    """Predictions for ``dev`` from linear models of ``train`` (columns as in ``training.rows``), no embeddings.

    Every head sees its labelled rows, at most ``rows_per_head`` of them (a seeded sample); without any it gives zeros.
    """
    sentiment = _classes(train, dev, "sentiment", SENTIMENTS, rows_per_head)
    degree = _classes(train, dev, "degree", DEGREES, rows_per_head)
    topics = _topics(train, dev, rows_per_head)
    return Predictions(
        sentiment=sentiment, topics=topics, degree=degree, embeddings=np.zeros((len(dev), 1), np.float32)
    )


def _vectorise(texts: pd.Series, others: pd.Series) -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, max_features=FEATURES, dtype=np.float32
    )
    return vectorizer.fit_transform(texts), vectorizer.transform(others)


def _classes(
    train: pd.DataFrame, dev: pd.DataFrame, head: str, classes: tuple[str, ...], most: int
) -> np.ndarray:
    from sklearn.linear_model import LogisticRegression

    chances = np.zeros((len(dev), len(classes)), np.float32)
    rows = train[train[head].notna()]
    if rows.empty:
        return chances
    rows = rows.sample(min(len(rows), most), random_state=0)
    seen, unseen = _vectorise(rows.text, dev.text)
    model = LogisticRegression(C=4.0, class_weight="balanced", max_iter=300).fit(seen, rows[head])
    chances[:, [classes.index(label) for label in model.classes_]] = model.predict_proba(unseen)
    return chances


def _topics(train: pd.DataFrame, dev: pd.DataFrame, most: int) -> np.ndarray:
    from sklearn.linear_model import SGDClassifier
    from sklearn.multiclass import OneVsRestClassifier

    from training.scorecard import topic_matrix

    rows = train[train.topics.notna()]
    if rows.empty:
        return np.zeros((len(dev), len(TOPICS)), np.float32)
    rows = rows.sample(min(len(rows), most), random_state=0)
    seen, unseen = _vectorise(rows.text, dev.text)
    model = OneVsRestClassifier(SGDClassifier(loss="log_loss", alpha=1e-5, random_state=0))
    model.fit(seen, topic_matrix(rows.topics).astype(int))
    return np.asarray(model.predict_proba(unseen), np.float32).reshape(len(dev), len(TOPICS))
