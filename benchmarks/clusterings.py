"""One clustering run in a process of its own, so that its CPU seconds and its peak memory are its own."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.gold import ROOT, Gold, gold, sized

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one process is to cluster.

    Attributes:
        method: "ours" (all of the mining), "stages" (its subject space, clusters and assignment alone, each statement
            of a person of its own) or "bertopic".
        granularity: Of ours; None for the default.
        size: Statements; a smaller set is grown to it, a larger one cut; None for the set as it is.
        width: Dimensions that the embeddings are projected to; None for those that they have.
        cold: Count the whole process, with imports and compilation, as whoever runs it once pays for it.
        turns: (seed of the method, seed of the order of the rows) of each clustering; order 0 is the file's.
    """

    method: str
    corpora: str
    name: str
    granularity: float | None = None
    size: int | None = None
    width: int | None = None
    cold: bool = False
    turns: tuple[tuple[int, int], ...] = ((0, 0),)


@dataclass(frozen=True, slots=True)
class Clustered:
    """Labels of each turn in the order of the file, -1 for unassigned; CPU and wall seconds; peak memory in MB."""

    labels: tuple[Ints, ...]
    cpu: tuple[float, ...]
    wall: tuple[float, ...]
    peak: float


def clustered(run: Run, extras: Path | None = None) -> Clustered:
    """Do a run in a child process; ``extras`` is a folder with packages that are not in the environment."""
    path = os.pathsep.join([str(ROOT), *([str(extras.resolve())] if extras else [])])
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.npz"
        command = [sys.executable, "-m", "benchmarks.clusterings", json.dumps(asdict(run)), str(out)]
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": path})
        with np.load(out) as found:
            return Clustered(
                tuple(found["labels"]), tuple(found["cpu"]), tuple(found["wall"]), float(found["peak"])
            )


def statements_of(run: Run) -> Gold:
    """Grown or cut to the size of the run."""
    found = gold(Path(run.corpora), run.name)
    found = found.narrowed(run.width) if run.width else found
    return found if run.size is None else sized(found, run.size)


def _here(run: Run, out: Path) -> None:
    """Cluster, and measure it from vectors to labelled clusters; imports and compilation come before, unless cold."""
    found = statements_of(run)
    cluster = {"ours": _ours, "stages": _stages, "bertopic": _bertopic}[run.method]
    if not run.cold:
        cluster(found.taken(np.arange(min(len(found), 500))), run, 0)
    labels, cpu, wall = [], [], []
    for seed, order in run.turns:
        rows = np.random.default_rng(order).permutation(len(found)) if order else np.arange(len(found))
        shown = found.taken(rows) if order else found
        started, clock = 0.0 if run.cold else time.process_time(), time.perf_counter()
        answers = cluster(shown, run, seed)
        cpu.append(time.process_time() - started)
        wall.append(time.perf_counter() - clock)
        back = np.empty_like(answers)
        back[rows] = answers
        labels.append(back)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    np.savez(out, labels=np.array(labels), cpu=cpu, wall=wall, peak=peak)


def _ours(found: Gold, run: Run, seed: int) -> Ints:
    from mining.pipeline import mine
    from mining.settings import MiningSettings

    settings = MiningSettings(seed=seed, context=None)
    if run.granularity is not None:
        settings = replace(settings, granularity=run.granularity)
    mining, _ = mine(*found.feedback(), found.predictions, settings)
    return _numbered(mining.assignment)


def _stages(found: Gold, run: Run, seed: int) -> Ints:
    from mining.corpus import Corpus
    from mining.discovery import build_index, cluster, fit_space
    from mining.settings import MiningSettings
    from mining.sides import find_sides

    messages, statements = found.feedback()
    rows = np.arange(len(found))
    corpus = Corpus(
        feedback=tuple(messages),
        statements=tuple(statements),
        order=rows,
        predictions=found.predictions,
        given=found.predictions.embeddings,
        message=rows,
        person=rows,
        people=rows,
        contexts=("",) * len(found),
        distinct=rows,
        copy_of=rows,
    )
    settings = MiningSettings(seed=seed, context=None)
    texts = fit_space(corpus, settings)
    clusters = cluster(corpus, texts.vectors, find_sides(corpus.predictions, settings), settings)
    return build_index(corpus, texts, clusters, settings)[1]


def _bertopic(found: Gold, run: Run, seed: int) -> Ints:
    """BERTopic as it comes, given the same embeddings; its UMAP with a seed, all else as its own default."""
    from bertopic import BERTopic
    from umap import UMAP

    reduce = UMAP(
        n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=seed
    )
    model = BERTopic(language="multilingual", umap_model=reduce)
    topics, _ = model.fit_transform(list(found.texts), embeddings=found.predictions.embeddings)
    return np.array(topics, dtype=np.int64)


def _numbered(causes: Sequence[str | None]) -> Ints:
    numbers = {cause: number for number, cause in enumerate(sorted({cause for cause in causes if cause}))}
    return np.array([-1 if cause is None else numbers[cause] for cause in causes], dtype=np.int64)


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    _here(Run(**{**given, "turns": tuple(map(tuple, given["turns"]))}), Path(sys.argv[2]))
