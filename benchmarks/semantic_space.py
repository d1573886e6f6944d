"""How k-means clusters of the embedding agree with known causes, better than TF-IDF's, and near the teacher's.

    python -m benchmarks.semantic_space --corpora ../shared/corpora

Normalised mutual information (arithmetic mean) of k-means, k being the number of gold causes, mean over seeds, per
source and language of ``causes.parquet``. Training rows are left out where the shipped checkpoint was trained on them.
TF-IDF is of character 2- to 5-grams, reduced to 256 dimensions by SVD and normalised. The teacher reads English.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.gold import SEEN, predicted_once

SEEDS = 5
FEWEST = 200  # statements
MOST = 3000
_WIDTH = 256

Floats = NDArray[np.float32]


def main() -> None:
    """Print one line per source and language."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--corpora", type=Path, required=True)
    chosen = arguments.parse_args()
    print(
        "| source | language | n | k | ours | TF-IDF + SVD | teacher |\n| --- | --- | --- | --- | --- | --- | --- |"
    )
    for (source, language), (texts, causes) in sets(chosen.corpora).items():
        k = len(set(causes))
        spaces = {
            "ours": predicted_once(f"space-{source}-{language}", texts).embeddings,
            "tfidf": reduced_tfidf(texts),
        }
        if language == "en":
            from training.teacher import teacher_vectors

            spaces["teacher"] = teacher_vectors(texts)
        found = {name: f"{agreement(vectors, causes, k):.3f}" for name, vectors in spaces.items()}
        print(
            f"| {source} | {language} | {len(texts):,} | {k} | {found['ours']} | {found['tfidf']} | "
            f"{found.get('teacher', '')} |",
            flush=True,
        )


def sets(corpora: Path) -> dict[tuple[str, str], tuple[list[str], list[str]]]:
    """Source and language to distinct texts and their causes, in the order of their ids."""
    import pandas as pd

    rows = pd.read_parquet(corpora / "causes.parquet")
    rows = rows[~(rows.source.isin(SEEN) & rows.shippable & (rows.split == "train"))]
    rows = rows.sort_values("id").drop_duplicates(["source", "lang", "text"])
    return {
        (str(source), str(language)): (part.text.tolist(), part.cause.tolist())
        for (source, language), whole in rows.groupby(["source", "lang"])
        if len(part := whole.sample(min(len(whole), MOST), random_state=0).sort_values("id")) >= FEWEST
    }


def reduced_tfidf(texts: Sequence[str]) -> Floats:
    """(n, 256) normalised, of character n-grams as the linear baseline reads them."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True)
    vectors = grams.fit_transform(texts)
    width = min(_WIDTH, vectors.shape[1] - 1)
    reduced: Floats = normalize(TruncatedSVD(width, random_state=0).fit_transform(vectors))
    return reduced


def agreement(vectors: Floats, causes: Sequence[str], k: int) -> float:
    """Mean NMI of k-means with the causes over ``SEEDS`` seeds."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import normalized_mutual_info_score

    labels = [KMeans(k, n_init=3, random_state=seed).fit_predict(vectors) for seed in range(SEEDS)]
    return float(np.mean([normalized_mutual_info_score(causes, found) for found in labels]))


if __name__ == "__main__":
    main()
