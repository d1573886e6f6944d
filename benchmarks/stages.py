"""Where the time and the memory of ``mine`` go as files grow: CPU seconds of each stage, and the peak.

    for n in 1000 10000 100000 300000 1000000; do
        python -m benchmarks.stages --corpora ../shared/corpora --size $n
    done

One size is one process, so that the peak is its own. A set of known causes is grown to the size
(``benchmarks.gold.grown``). The peak covers the whole process, from Python and the libraries to the records of the
messages and the embeddings, which the caller holds. Set OMP_NUM_THREADS=1 to count one core.
"""

import argparse
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.gold import Gold, gold, sized
from mining import causes, clusters, corpus, discovery, pipeline
from mining.settings import MiningSettings

# Stage to the module and the function in it that is the stage; a stage does not count what stages within it count.
STAGES: Mapping[str, tuple[Any, str]] = {
    "people": (corpus, "find_people"),
    "sorting": (pipeline, "build_corpus"),
    "subject space": (pipeline, "fit_space"),
    "neighbours": (clusters, "nearest_by_block"),
    "graph": (clusters, "_overlap_edges"),
    "Leiden": (clusters, "_leiden"),
    "merging": (clusters, "merge_near"),
    "voting": (clusters, "join_by_vote"),
    "clusters, rest": (pipeline, "cluster"),
    "assignment": (pipeline, "build_index"),
    "words": (pipeline, "tallies_of"),
    "causes": (pipeline, "describe_causes"),
    "timing": (causes, "trends_of"),
    "oppositions": (pipeline, "find_oppositions"),
    "themes": (pipeline, "find_themes"),
    "mapping": (discovery, "_mapped"),
}


def main() -> None:
    """Measure and print one row for each stage."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=Path, required=True, help="Folder with causes.parquet.")
    parser.add_argument("--grown-from", default="clinc150")
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--width", type=int, help="Project the embeddings to so many dimensions first.")
    given = parser.parse_args()
    start = gold(given.corpora, given.grown_from)
    settings = MiningSettings(context=None)
    few = start.taken(np.arange(500))
    pipeline.mine(*few.feedback(), few.predictions, settings)
    start = start.narrowed(given.width) if given.width else start
    measured(sized(start, given.size), settings)


def measured(found: Gold, settings: MiningSettings) -> None:
    """Mine, and print CPU seconds and the peak after each stage, the sum, and how well the causes agree."""
    from sklearn.metrics import adjusted_rand_score, v_measure_score

    feedback, statements = found.feedback()
    print(f"{len(found):,} statements; before mining {_peak():,.0f} MB", flush=True)
    started = time.process_time()
    with counted() as seconds:
        mining, _ = pipeline.mine(feedback, statements, found.predictions, settings)
    whole = time.process_time() - started
    for stage in STAGES:
        print(f"| {stage} | {seconds[stage]:.1f} |")
    print(f"| rest | {whole - sum(seconds.values()):.1f} |")
    labels = [cause or "" for cause in mining.assignment]
    print(
        f"{whole:.1f} CPU s, peak {_peak():,.0f} MB, {len(mining.causes)} causes, "
        f"V {v_measure_score(found.causes, labels):.3f}, ARI {adjusted_rand_score(found.causes, labels):.3f}, "
        f"{labels.count('') / len(labels):.3f} unassigned"
    )


@contextmanager
def counted() -> Iterator[Mapping[str, float]]:
    """Count the CPU seconds of the stages, each without those of the stages within it."""
    seconds: dict[str, float] = defaultdict(float)
    inner = [0.0]
    originals = {stage: getattr(module, name) for stage, (module, name) in STAGES.items()}

    def timed(stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            started = time.process_time()
            inner.append(0.0)
            result = function(*args, **kwargs)
            whole = time.process_time() - started
            seconds[stage] += whole - inner.pop()
            inner[-1] += whole
            if whole > 1:
                print(f"  {stage}: {whole:.1f} s, peak {_peak():,.0f} MB", flush=True)
            return result

        return wrapped

    for stage, (module, name) in STAGES.items():
        setattr(module, name, timed(stage, originals[stage]))
    try:
        yield seconds
    finally:
        for stage, (module, name) in STAGES.items():
            setattr(module, name, originals[stage])


def _peak() -> float:
    """Largest resident memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
