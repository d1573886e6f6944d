"""What a saved state is of, noted beside it, so that no other training goes on from it or passes for finished."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from torch import nn

from data.errors import CheckpointError
from data.writing import whole_file
from training.resume import STATE

if TYPE_CHECKING:
    from training.distil import DistilSettings
    from training.finetune import FinetuneSettings

PLAN = "plan.json"


def plan_of(
    settings: "FinetuneSettings | DistilSettings", **made_from: str | int | None
) -> dict[str, object]:
    """All that decides the weights: what they are made from, and every setting but how often a state is saved.

    The number of epochs is among them, since the learning rate falls over the steps of all epochs: a state of a
    training of two is none of a training of three, not even at its first step.
    """
    return made_from | {name: value for name, value in asdict(settings).items() if name != "save_every"}


def claim_state(folder: Path, plan: Mapping[str, object], *, made: Sequence[Path] = ()) -> None:
    """See that a saved state in ``folder``, if there is one, is of this ``plan``, and note the plan there.

    Args:
        folder: Of the state; made if it is not there.
        plan: Plain JSON values by name.
        made: Files outside the folder that a training of a plan makes once; those of another or no plan are removed.

    Raises:
        CheckpointError: The state is of another plan, or does not say of which.
    """
    path = folder / PLAN
    wanted: dict[str, Any] = json.loads(json.dumps(plan))
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    names = [name for name in wanted | found if wanted.get(name) != found.get(name)]
    if names and any(folder.rglob(STATE)):
        of = (
            f"with another {', '.join(names)}: call it as before to go on, or" if found else "without a plan:"
        )
        raise CheckpointError(
            f"{folder} holds the state of a training {of} remove that folder or choose another --out to begin anew"
        )
    for stale in made if names else ():
        stale.unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    with whole_file(path, "w") as file:
        file.write(json.dumps(wanted, indent=1) + "\n")


def rows_digest(rows: pd.DataFrame) -> str:
    """Of the cells of ``rows``, in their order: batches go by the number of a row."""
    digest = hashlib.sha256()
    for row in rows.itertuples(index=False, name=None):
        digest.update(json.dumps(row, default=str).encode())
    return digest.hexdigest()


def encoder_digest(encoder: nn.Module, vocabulary: Mapping[str, int]) -> str:
    """Of the weights of an encoder and the pieces of its tokenizer; heads are left out, a seed draws them."""
    digest = hashlib.sha256(json.dumps(sorted(vocabulary.items())).encode())
    for name, value in encoder.named_parameters():
        digest.update(name.encode())
        digest.update(value.detach().float().numpy().tobytes())
    return digest.hexdigest()
