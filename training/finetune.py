"""Fine-tunes the three heads and the encoder together, with the old embedding kept as a rehearsal.

The rehearsal pulls the new embedding towards the one that the encoder had at the start (Li & Hoiem 2016, learning
without forgetting, arXiv:1606.09282), so that it stays a semantic space while the heads learn.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from data.errors import SettingsError
from models.batching import shuffled_batches
from models.network import Network, NetworkOutput
from models.predictions import HEADS
from training.distil import Schedule, pad_batch, supports_bf16
from training.examples import MISSING, Examples
from training.lora import DROPOUT, LoraSettings, adapters, frozen
from training.optimizer import build_optimizer
from training.places import Places
from training.progress import track
from training.resume import load_state, save_state, saved_losses
from training.run_log import RunLog, whole_lines
from training.subjects import subject_batches, subject_loss

EPOCHS = "finetune.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class FinetuneSettings:
    """How the heads are trained.

    Attributes:
        epochs: Passes over the rows, each row as often as its weight says.
        tokens: Padded tokens of a batch.
        embedding_rate, body_rate, head_rate: Peak learning rates of AdamW.
        rehearsal: Weight of the distance to the start embedding, or to the teacher's.
        contrast: Weight of telling each row's own start embedding from those of other sentences.
        to_teacher: Rehearse the teacher's vectors of English sentences instead of the embeddings before training.
        subject: Weight of the loss that draws statements of one subject together.
        dropout: Of the encoder while training, in [0, 1).
        word_dropout: Share of the tokens hidden behind the mask token while training, in [0, 1).
        patience: Epochs without a better dev score before training stops.
        save_every: Batches between two saved states; an interrupted training loses at most so many.
        lora: Adapters to train in the encoder instead of its weights; None trains the weights.
    """

    epochs: int = 2
    tokens: int = 4096
    embedding_rate: float = 2e-4
    body_rate: float = 1.5e-4
    head_rate: float = 1e-3
    rehearsal: float = 1.0
    contrast: float = 0.0
    to_teacher: bool = False
    subject: float = 1.0
    degree_weight: float = 2.0
    max_length: int = 96
    dropout: float = 0.1
    word_dropout: float = 0.08
    patience: int = 2
    save_every: int = 25
    seed: int = 7
    lora: LoraSettings | None = None

    def __post_init__(self) -> None:
        given = {
            "--lora": self.lora is not None,
            "--contrast": self.contrast,
            "--to-teacher": self.to_teacher,
        }
        idle = [name for name, is_given in given.items() if is_given]
        if idle and self.epochs == 0:
            raise SettingsError(f"nothing is trained with --epochs 0: leave it out, or {' and '.join(idle)}")
        if self.contrast and not self.rehearsal:
            raise SettingsError("--contrast tells apart what is rehearsed: give --rehearsal more than 0, too")
        if self.to_teacher and not self.rehearsal:
            raise SettingsError("--to-teacher says what is rehearsed: give --rehearsal more than 0, too")


@dataclass(frozen=True, slots=True)
class EpochLog:
    """One epoch: mean training loss per part, and the dev score that decides."""

    epoch: int
    losses: dict[str, float]
    dev: dict[str, float]


def finetune(
    network: Network,
    examples: Examples,
    start: NDArray[np.float32],
    settings: FinetuneSettings,
    folder: Path,
    *,
    pad: int,
    mask_token: int | None,
    judge: Callable[[Network], dict[str, float]],
) -> list[EpochLog]:
    """Train in place and keep the weights of the epoch with the best dev score; adapters end merged into them.

    Args:
        network: Encoder and untrained heads.
        examples: Training rows.
        start: (n, hidden) embeddings of the rows before training; a row of zeros is not rehearsed.
        folder: For state and logs; an interrupted training goes on from its last saved state. That a state is of
            this training is for the caller to see (``training.plan``).
        pad: Token id of the padding.
        mask_token: Token id that hides words; None hides none.
        judge: Dev scores of a network; the key "score" decides.
    """
    folder.mkdir(parents=True, exist_ok=True)
    plans = _plans(examples, settings)
    with adapters(network, settings.lora):
        lesson = _Lesson(
            network=network,
            examples=examples,
            start=start,
            settings=settings,
            optimizer=build_optimizer(
                network,
                embedding_rate=settings.embedding_rate,
                body_rate=settings.lora.rate if settings.lora else settings.body_rate,
                head_rate=settings.head_rate,
            ),
            schedule=Schedule(sum(map(len, plans)), max(1, sum(map(len, plans)) // 16)),
            weights=class_weights(examples),
            places=Places.of(start) if settings.contrast else None,
            pad=pad,
            mask_token=mask_token,
            folder=folder,
            fixed=frozen(network),
        )
        logs = _epochs(lesson, plans, judge)
        load_state(folder / "best", network, fixed=lesson.fixed)
    return logs


def count_steps(examples: Examples, settings: FinetuneSettings) -> int:
    """Steps of the optimiser over all epochs, as far as the dev score does not stall."""
    return sum(map(len, _plans(examples, settings)))


def class_weights(examples: Examples) -> dict[str, Tensor]:
    """Per head, weights that lift rare classes: inverse square root of their weighted frequency, mean 1."""
    frequency = examples.frame.weight.to_numpy()
    weights = {}
    for head in ("sentiment", "degree"):
        labels = getattr(examples, head)
        counts = np.bincount(labels[labels != MISSING], frequency[labels != MISSING], minlength=HEADS[head])
        raw = 1 / np.sqrt(np.maximum(counts, 1))
        weights[head] = torch.tensor(raw / raw.mean(), dtype=torch.float32)
    return weights


def joint_loss(
    output: NetworkOutput,
    labels: dict[str, Tensor],
    start: Tensor,
    weights: dict[str, Tensor],
    settings: FinetuneSettings,
) -> dict[str, Tensor]:
    """Losses of one batch by part; a part without labelled rows is left out."""
    losses: dict[str, Tensor] = {}
    for head, factor in (("sentiment", 1.0), ("degree", settings.degree_weight)):
        if (labels[head] != MISSING).any():
            losses[head] = factor * _class_loss(output.logits[head], labels[head], weights[head])
    labelled = labels["topics"][:, 0] >= 0
    if labelled.any():
        loss = torch.nn.functional.binary_cross_entropy_with_logits(
            output.logits["topics"][labelled], labels["topics"][labelled], reduction="sum"
        )
        losses["topics"] = loss / labelled.sum() / 2
    rehearsed = start.abs().sum(dim=1) > 0
    if rehearsed.any():
        cosine = (output.embedding[rehearsed] * start[rehearsed]).sum(dim=1)
        losses["rehearsal"] = settings.rehearsal * 5 * (1 - cosine).mean()
    return losses


def _class_loss(logits: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
    """Mean of the smoothed losses of the labelled rows, each weighed by the class of its label.

    The weights of ``cross_entropy`` weigh the smoothing, too: every row then pulls towards the rarest class, most of
    all towards one that no row has.
    """
    each = torch.nn.functional.cross_entropy(
        logits, labels, ignore_index=MISSING, label_smoothing=0.05, reduction="none"
    )
    of = weights[labels.clamp(min=0)] * (labels != MISSING)
    return (each * of).sum() / of.sum()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lesson:
    """What every step of one training needs."""

    network: Network
    examples: Examples
    start: NDArray[np.float32]
    settings: FinetuneSettings
    optimizer: torch.optim.Optimizer
    schedule: Schedule
    weights: dict[str, Tensor]
    places: Places | None
    pad: int
    mask_token: int | None
    folder: Path
    fixed: frozenset[str]


def _epochs(
    lesson: _Lesson, plans: list[list[list[int]]], judge: Callable[[Network], dict[str, float]]
) -> list[EpochLog]:
    """Train on the batches of each epoch that is not done yet, until the dev score stalls."""
    network, settings, folder = lesson.network, lesson.settings, lesson.folder
    done = load_state(folder, network, lesson.optimizer, fixed=lesson.fixed)
    logs = _read_logs(folder)
    best = max((log.dev["score"] for log in logs), default=-1.0)
    with RunLog(folder, done) as run:
        for epoch in range(len(logs), settings.epochs):
            if _has_stalled(logs, settings.patience):
                break
            first = sum(map(len, plans[:epoch]))
            losses = _epoch(lesson, plans[epoch], first, max(0, done - first), run)
            log = EpochLog(epoch=epoch + 1, losses=losses, dev=judge(network))
            if log.dev["score"] > best:
                best = log.dev["score"]
                save_state(folder / "best", network, step=epoch + 1, fixed=lesson.fixed)
            run.judged(first + len(plans[epoch]), log.dev)
            logs.append(log)
            with (folder / EPOCHS).open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(log)) + "\n")
    return logs


def _epoch(lesson: _Lesson, batches: list[list[int]], first: int, done: int, run: RunLog) -> dict[str, float]:
    """Train on ``batches[done:]``; the step number of ``batches[0]`` is ``first``.

    Every step draws its dropout and hidden words from a seed of its own, so that a training that was interrupted ends
    with the same weights as one that was not.

    Returns:
        Mean losses by part over all ``batches``, those of an earlier call included.
    """
    settings, network = lesson.settings, lesson.network
    network.train()
    _set_dropout(network, settings.dropout)
    subjects = subject_batches(lesson.examples.frame.subject, groups=24, rows=3, seed=settings.seed + first)
    for _ in range(done):
        next(subjects, None)
    sums = saved_losses(lesson.folder) if done else {}
    for number in track(range(done, len(batches)), "fine-tuning"):
        step = first + number
        together = next(subjects, None) if settings.subject else None
        losses = _step(lesson, step, batches[number], together)
        run.stepped(step + 1, losses, lesson.optimizer.param_groups[1]["lr"])
        for part, loss in losses.items():
            sums[part] = sums.get(part, 0.0) + loss
        if (number + 1) % settings.save_every == 0 or number + 1 == len(batches):
            save_state(
                lesson.folder, network, lesson.optimizer, step=step + 1, losses=sums, fixed=lesson.fixed
            )
    network.eval()
    return {part: round(value / len(batches), 4) for part, value in sums.items()}


def _step(lesson: _Lesson, step: int, rows: list[int], together: list[int] | None) -> dict[str, float]:
    """One step of the optimiser; returns the losses by part, none where no row of the batch has any to learn from."""
    settings, network, examples = lesson.settings, lesson.network, lesson.examples
    torch.manual_seed(settings.seed * 1_000_003 + step)
    for group in lesson.optimizer.param_groups:
        group["lr"] = group["peak"] * lesson.schedule(step)
    ids, mask = pad_batch([examples.ids[row] for row in rows], lesson.pad)
    if lesson.mask_token is not None:
        ids = hide_words(ids, mask, lesson.mask_token, settings.word_dropout)
    labels = {head: torch.from_numpy(getattr(examples, head)[rows]) for head in HEADS}
    bf16 = supports_bf16()
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
        output = network(ids, mask)
    losses = joint_loss(output, labels, torch.from_numpy(lesson.start[rows]), lesson.weights, settings)
    if lesson.places is not None:
        losses["contrast"] = settings.contrast * lesson.places.loss(output.embedding, rows)
    if together:
        losses["subject"] = settings.subject * _subject_step(network, examples, together, lesson.pad, bf16)
    if not losses:
        return {}
    torch.stack(list(losses.values())).sum().backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    lesson.optimizer.step()
    lesson.optimizer.zero_grad(set_to_none=True)
    return {part: loss.item() for part, loss in losses.items()}


def hide_words(ids: Tensor, mask: Tensor, mask_token: int, share: float) -> Tensor:
    """(b, t) token ids with a random ``share`` behind ``mask_token``; the first token of a row stays."""
    hidden = (torch.rand(ids.shape) < share) & mask.bool()
    hidden[:, 0] = False
    return ids.masked_fill(hidden, mask_token)


def _set_dropout(network: Network, share: float) -> None:
    for name, module in network.encoder.named_modules():
        if isinstance(module, torch.nn.Dropout) and DROPOUT not in name:
            module.p = share


def _subject_step(network: Network, examples: Examples, rows: list[int], pad: int, bf16: bool) -> Tensor:
    ids, mask = pad_batch([examples.ids[row] for row in rows], pad)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
        _, embedding = network.embed(ids, mask)
    return subject_loss(embedding, examples.frame.subject.iloc[rows].tolist())


def _plans(examples: Examples, settings: FinetuneSettings) -> list[list[list[int]]]:
    """The batches of each epoch."""
    return [_epoch_batches(examples, settings, epoch) for epoch in range(settings.epochs)]


def _epoch_batches(examples: Examples, settings: FinetuneSettings, epoch: int) -> list[list[int]]:
    """Each row as often as its weight says, the fraction decided by a seeded coin, then batches of similar length."""
    rng = np.random.default_rng([settings.seed, epoch])
    weight = examples.frame.weight.to_numpy(dtype=float)
    times = np.floor(weight).astype(int) + (rng.random(len(weight)) < weight % 1)
    rows = np.repeat(np.arange(len(weight)), times)
    batches = shuffled_batches(
        [len(examples.ids[row]) for row in rows], tokens=settings.tokens, seed=settings.seed * 1_000 + epoch
    )
    return [rows[batch].tolist() for batch in batches]


def _has_stalled(logs: list[EpochLog], patience: int) -> bool:
    best = max(logs, key=lambda log: log.dev["score"], default=None)
    return best is not None and logs[-1].epoch - best.epoch >= patience


def _read_logs(folder: Path) -> list[EpochLog]:
    return [EpochLog(**line) for line in whole_lines(folder / EPOCHS)]
