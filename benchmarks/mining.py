"""Causes against gold sets and beside BERTopic: agreement, CPU seconds, memory, stability, and growth.

    pip install --target build/bench --no-deps bertopic umap-learn hdbscan pynndescent numba llvmlite plotly pandas
    python -m benchmarks.mining --corpora ../shared/corpora --extras build/bench gold
    python -m benchmarks.mining --corpora ../shared/corpora --extras build/bench growth --sizes 1000 10000 100000
    python -m benchmarks.mining --corpora ../shared/corpora --extras build/bench growth --cold --sizes 10000
    python -m benchmarks.mining --corpora ../shared/corpora growth --methods stages --width 256 --sizes 10000 1000000

Both methods get the same statements and the same embeddings, those of the shipped checkpoint. Ours is the whole of
``mining.pipeline.mine``, from people to oppositions; BERTopic's is ``fit_transform`` with its defaults. Imports and
compilation are not counted, except with ``--cold``; UMAP compiles what it needs above 4,096 rows in the first turn,
so that only the median of several turns leaves that out. V-measure and the adjusted Rand index are over all
statements, with those in no cause as one cluster. Each row of a table is a process of its own. Set OMP_NUM_THREADS=1
to count one core.
"""

import argparse
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np

from benchmarks.clusterings import Clustered, Ints, Run, clustered, statements_of
from benchmarks.gold import SEEN, SETS, TUNED_ON

DIAL = (None, 0.3, 0.6)
SEEDS = ((0, 0), (1, 0), (2, 0), (3, 0), (4, 0))
ORDERS = ((0, 1), (0, 2), (0, 3), (0, 4))
SMALL = 2_000


def main() -> None:
    """Measure and print tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", choices=("gold", "growth"))
    parser.add_argument("--corpora", required=True, help="Folder with causes.parquet.")
    parser.add_argument(
        "--extras", type=Path, help="Folder where BERTopic is installed; without it, ours alone."
    )
    parser.add_argument("--sets", nargs="*", default=SETS)
    parser.add_argument("--sizes", nargs="*", type=int, default=(1_000, 10_000, 100_000))
    parser.add_argument("--grown-from", default="clinc150")
    parser.add_argument("--width", type=int, help="Project the embeddings to so many dimensions first.")
    parser.add_argument("--cold", action="store_true", help="Of growth: count imports and compilation too.")
    parser.add_argument("--methods", nargs="*", default=("ours", "bertopic"))
    given = parser.parse_args()
    methods = [method for method in given.methods if method != "bertopic" or given.extras]
    table = gold_rows(given, methods) if given.part == "gold" else growth_rows(given, methods)
    for row in table:
        print("| " + " | ".join(map(str, row)) + " |", flush=True)


def gold_rows(given: argparse.Namespace, methods: Sequence[str]) -> Iterator[tuple[object, ...]]:
    """A row for each set and method; the dial of ours at three places."""
    yield (
        "set",
        "n",
        "method",
        "clusters/gold",
        "V",
        "ARI",
        "unassigned",
        "CPU s",
        "MB",
        "ARI seeds",
        "ARI orders",
    )
    yield ("---",) * 11
    for name in given.sets:
        for method, dial in [("ours", dial) for dial in DIAL if "ours" in methods] + [
            ("bertopic", None) for _ in range("bertopic" in methods)
        ]:
            run = Run(method=method, corpora=given.corpora, name=name, granularity=dial)
            truth = statements_of(run).causes
            run = Run(
                method=method,
                corpora=given.corpora,
                name=name,
                granularity=dial,
                turns=_turns(run, len(truth)),
            )
            found = clustered(run, given.extras)
            shown = method if dial is None else f"{method}, dial {dial}"
            marks = ("*" if name in SEEN else "") + ("" if name in TUNED_ON else " (check)")
            yield (name + marks, len(truth), shown, *_quality(truth, found), *_stability(run, found))


def growth_rows(given: argparse.Namespace, methods: Sequence[str]) -> Iterator[tuple[object, ...]]:
    """A row for each size and method."""
    yield "n", "method", "clusters/gold", "V", "ARI", "unassigned", "CPU s", "MB", "wall s"
    yield ("---",) * 9
    for size in given.sizes:
        for method in methods:
            run = Run(
                method=method,
                corpora=given.corpora,
                name=given.grown_from,
                size=size,
                width=given.width,
                cold=given.cold,
            )
            found = clustered(run, given.extras)
            yield (size, method, *_quality(statements_of(run).causes, found), f"{found.wall[0]:.1f}")


def _turns(run: Run, size: int) -> tuple[tuple[int, int], ...]:
    """Five seeds and five orders; for a large set two of each, so that it does not take an hour."""
    if run.granularity is not None:
        return ((0, 0),)
    if size > SMALL:
        return (SEEDS[0], SEEDS[1], ORDERS[0])
    return (*SEEDS, *ORDERS)


def _quality(truth: Sequence[str], found: Clustered) -> tuple[str, ...]:
    from sklearn.metrics import adjusted_rand_score, v_measure_score

    labels = found.labels[0]
    clusters = len(set(labels.tolist()) - {-1})
    return (
        f"{clusters}/{len(set(truth))}",
        f"{v_measure_score(truth, labels):.3f}",
        f"{adjusted_rand_score(truth, labels):.3f}",
        f"{(labels < 0).mean():.2f}",
        f"{np.median(found.cpu):.1f}",
        f"{found.peak:.0f}",
    )


def _stability(run: Run, found: Clustered) -> tuple[str, str]:
    """Mean adjusted Rand index between the runs of different seeds, and between those of different orders."""
    turns = dict(zip(run.turns, found.labels, strict=True))
    seeds = [labels for (_, order), labels in turns.items() if order == 0]
    orders = [labels for (seed, _), labels in turns.items() if seed == 0]
    return _agreement(seeds), _agreement(orders)


def _agreement(labels: Sequence[Ints]) -> str:
    from sklearn.metrics import adjusted_rand_score

    pairs = [adjusted_rand_score(a, b) for a, b in combinations(labels, 2)]
    return f"{np.mean(pairs):.3f}" if pairs else "-"


if __name__ == "__main__":
    main()
