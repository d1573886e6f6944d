"""Multilingual knowledge distillation into a transplanted body.

Every translation of a sentence must land on the teacher's vector of the English sentence (Reimers & Gurevych 2020,
arXiv:2004.09813). The body is the teacher's own; its token embeddings are new (see ``training.transplant``). The
first part of the steps trains the embeddings under the frozen body, the rest trains everything.
"""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.batching import padded, shuffled_batches
from models.network import Network
from training.optimizer import build_optimizer
from training.progress import track
from training.resume import load_state, save_state


@dataclass(frozen=True, slots=True, kw_only=True)
class DistilSettings:
    """How the encoder is distilled.

    Attributes:
        epochs: Passes over the pairs; a fraction is fine.
        frozen: Share of the steps with a frozen body, in [0, 1].
        tokens: Padded tokens of a batch.
        embedding_rate, body_rate: Peak learning rates of AdamW.
        temperature: Of the in-batch contrastive loss.
        save_every: Steps between two saved states.
    """

    epochs: float = 1.0
    frozen: float = 0.4
    tokens: int = 6144
    embedding_rate: float = 1.5e-3
    body_rate: float = 1e-4
    temperature: float = 0.05
    max_length: int = 72
    save_every: int = 200
    seed: int = 7

    @classmethod
    def further(cls, epochs: float, seed: int) -> "DistilSettings":
        """Of a pass over an encoder distilled before: nothing frozen, embeddings at a third of the rate."""
        return cls(epochs=epochs, frozen=0.0, embedding_rate=5e-4, body_rate=1e-4, seed=seed)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Token ids of n texts and the index of the teacher vector that each must reach."""

    ids: list[list[int]]
    targets: NDArray[np.int64]
    vectors: NDArray[np.float32]


def distillation_loss(student: Tensor, vectors: Tensor, same: Tensor, temperature: float) -> Tensor:
    """Cosine distance to the teacher plus in-batch contrast (InfoNCE), both per row, averaged.

    Args:
        student: (b, d) unit vectors.
        vectors: (b, d) unit vectors of the teacher.
        same: (b, b) true where two rows share their English sentence, which are no negatives of each other.
    """
    distance = 1 - (student * vectors).sum(dim=1)
    return 2 * distance.mean() + 0.5 * told_apart(student, vectors, vectors, same, temperature)


def told_apart(student: Tensor, own: Tensor, others: Tensor, same: Tensor, temperature: float) -> Tensor:
    """InfoNCE (van den Oord et al. 2018, arXiv:1807.03748): how each row's own vector stands out, mean over rows.

    Args:
        student: (b, d) unit vectors.
        own: (b, d) unit vectors that the rows must reach.
        others: (m, d) unit vectors from which they are told.
        same: (b, m) true where one of the others is a row's own one, which is no negative of it.
    """
    right = (student * own).sum(dim=1, keepdim=True)
    wrong = (student @ others.T).masked_fill(same, float("-inf"))
    logits = torch.cat([right, wrong], dim=1) / temperature
    return torch.nn.functional.cross_entropy(logits, torch.zeros(len(student), dtype=torch.long))


def distil(network: Network, pairs: Pairs, settings: DistilSettings, folder: Path, pad: int) -> None:
    """Train ``network.encoder`` in place; state is kept in ``folder`` and picked up after an interruption.

    That a state is of this distillation is for the caller to see (``training.plan``).
    """
    batches = _plan(pairs, settings)
    optimizer = build_optimizer(network, embedding_rate=settings.embedding_rate, body_rate=settings.body_rate)
    first = load_state(folder, network, optimizer)
    scale = _schedule(len(batches))
    bf16 = supports_bf16()
    folder.mkdir(parents=True, exist_ok=True)
    log = (folder / "distil.jsonl").open("a", encoding="utf-8")
    log.write(
        json.dumps({"settings": asdict(settings), "steps": len(batches), "from": first, "bf16": bf16}) + "\n"
    )
    running = 0.0
    network.train()
    for step in track(range(first, len(batches)), "distillation"):
        _freeze_body(network, frozen=step < settings.frozen * len(batches))
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * scale(step)
        rows = batches[step]
        ids, mask = pad_batch([pairs.ids[row] for row in rows], pad)
        targets = torch.from_numpy(pairs.targets[rows])
        vectors = torch.from_numpy(pairs.vectors[pairs.targets[rows]])
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
            _, embedding = network.embed(ids, mask)
        loss = distillation_loss(embedding, vectors, targets[:, None] == targets[None], settings.temperature)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        running += loss.item()
        if (step + 1) % 50 == 0:
            log.write(json.dumps({"step": step + 1, "loss": round(running / 50, 4)}) + "\n")
            log.flush()
            running = 0.0
        if (step + 1) % settings.save_every == 0 or step + 1 == len(batches):
            save_state(folder, network, optimizer, step=step + 1)
    log.close()


def pad_batch(ids: list[list[int]], pad: int) -> tuple[Tensor, Tensor]:
    """(b, t) token ids and mask, padded on the right in whole steps (``models.batching.padded``)."""
    rows, mask = padded(ids, pad, few_shapes=True)
    return torch.from_numpy(rows), torch.from_numpy(mask)


def supports_bf16() -> bool:
    """Whether this processor multiplies bfloat16 matrices in hardware; elsewhere it would only be slower."""
    return bool(torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported())


def _plan(pairs: Pairs, settings: DistilSettings) -> list[list[int]]:
    lengths = [len(row) for row in pairs.ids]
    batches: list[list[int]] = []
    for epoch in range(math.ceil(settings.epochs)):
        batches += shuffled_batches(lengths, tokens=settings.tokens, seed=settings.seed + epoch)
    return batches[: round(len(batches) / math.ceil(settings.epochs) * settings.epochs)]


def _freeze_body(network: Network, *, frozen: bool) -> None:
    for parameter in network.body().parameters():
        parameter.requires_grad_(not frozen)


def _schedule(steps: int, warmup: float = 0.04) -> "Schedule":
    return Schedule(steps, max(1, round(steps * warmup)))


@dataclass(frozen=True, slots=True)
class Schedule:
    """Linear warm-up, then a cosine down to a twentieth."""

    steps: int
    warmup: int

    def __call__(self, step: int) -> float:
        """Factor of the peak rate at ``step``, in (0, 1]."""
        if step < self.warmup:
            return (step + 1) / self.warmup
        done = (step - self.warmup) / max(1, self.steps - self.warmup)
        return 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * done))
