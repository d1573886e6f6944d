"""Teaches the embedding what a subject is: statements of one subject meet, whichever way and language they pull.

Supervised contrastive learning (Khosla et al. 2020, arXiv:2004.11362) on groups of rows that speak of one subject:
the contrast triplets of the own corpus ("too few examples", "too many case studies", "just enough of them", in every
language) and the labelled causes of the public sets.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import torch
from torch import Tensor


def subject_batches(subjects: pd.Series, *, groups: int, rows: int, seed: int) -> Iterator[list[int]]:
    """Endless batches of about ``groups`` x ``rows`` row numbers, all groups of one batch from one family.

    A family is what stands before the colon of a subject key ("own:portion", "clinc150:translate"): subjects that
    must be told from each other are drawn together. Families are drawn by the square root of their subjects; a family
    of few subjects gives more rows of each.

    Args:
        subjects: (n,) subject keys, null where unknown.
        groups: Most subjects of a batch.
        rows: Rows of each subject in a batch of so many, at least 2.
    """
    rng = np.random.default_rng(seed)
    families: dict[str, list[list[int]]] = {}
    known = subjects.dropna()
    for key, members in known.groupby(known).groups.items():
        if len(members) > 1:
            families.setdefault(str(key).split(":")[0], []).append(sorted(members))
    names = sorted(families)
    if not names:
        return
    chances = np.sqrt([len(families[name]) for name in names])
    while True:
        family = families[names[rng.choice(len(names), p=chances / chances.sum())]]
        chosen = rng.choice(len(family), min(groups, len(family)), replace=False)
        each = groups * rows // len(chosen)
        batch: list[int] = []
        for number in chosen:
            members = family[number]
            batch += rng.choice(members, min(each, len(members)), replace=False).tolist()
        yield batch


def subject_loss(embeddings: Tensor, keys: list[str], temperature: float = 0.1) -> Tensor:
    """Mean over rows of the contrastive loss against all other rows of the batch (L_out of the paper).

    Args:
        embeddings: (b, d) unit vectors.
        keys: b subject keys.
    """
    numbers = torch.tensor([sorted(set(keys)).index(key) for key in keys])
    same = numbers[:, None] == numbers[None]
    itself = torch.eye(len(keys), dtype=torch.bool)
    logits = (embeddings @ embeddings.T / temperature).masked_fill(itself, -1e4)
    log_chance = logits - logits.logsumexp(dim=1, keepdim=True)
    positives = same & ~itself
    counts = positives.sum(dim=1)
    per_row = -(log_chance * positives).sum(dim=1) / counts.clamp(min=1)
    return per_row[counts > 0].mean()
