"""From labelled rows and an encoder to a checkpoint folder that can be served.

countervoice train --data build/labelled.parquet --encoder build/encoder --out build/model
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.errors import CheckpointError, SettingsError
from data.labels import CLASSES
from models.calibration import expected_calibration_error, sigmoid
from models.checkpoint import Calibration, save_checkpoint
from models.encoding import load_encoder
from models.network import Network
from models.ngrams import ngrams
from models.predictions import HEADS, Predictions
from models.wide import Wide, load_wide
from training.calibrating import calibrate, calibrated, silenced
from training.columns import unread
from training.dev_rows import doubts, tell
from training.examples import (
    MISSING,
    Examples,
    build_examples,
    in_their_own_order,
    is_labelled,
    read_labelled,
)
from training.finetune import EpochLog, FinetuneSettings, finetune
from training.fitness import both_sides, check_tokenizer, pace, readable_length
from training.languages import taught
from training.learning_curve import draw_learning_curve
from training.plan import claim_state, encoder_digest, plan_of, rows_digest
from training.rehearsal import start_embeddings, teacher_embeddings
from training.scorecard import best_topic_threshold, confusion, macro_f1, micro_f1, scorecard
from training.start import KEPT, Start
from training.teacher import teacher_width
from training.wide import fit_wide, with_kept

# What training reads of a row: the other columns may change while it rests.
LEARNT = ["text", "sentiment", "topics", "degree", "subject", "english", "weight", "split"]


def train(
    data: Path, encoder: str, out: Path, settings: FinetuneSettings, *, wide_from: Path | None = None
) -> dict[str, Any]:
    """Fine-tune, calibrate and write ``out``; returns the metrics that were written to ``metrics.json``.

    All of it is the same for any order of the rows. What the dev rows cannot tell is said on standard error before
    the training; a head without any keeps what it had, where ``encoder`` is a checkpoint of ours.

    Args:
        data: Labelled rows (see ``training.examples.read_labelled``).
        encoder: A folder, a checkpoint of ours, or any hub name that ``AutoModel`` loads.
        wide_from: Checkpoint whose wide part is kept; None fits one.

    Raises:
        InputError: The file holds no training rows with a weight above 0, or no dev rows with a label.
        CheckpointError: The encoder cannot be loaded or has no tokenizer that a checkpoint can hold, ``wide_from`` has
            no wide part, or the state beside ``out`` is of another training.
        SettingsError: ``out`` is a file, or the teacher is to be rehearsed by an encoder that is not as wide or without
            English sentences.
    """
    import torch

    if out.is_file():
        raise SettingsError(f"--out {out} is a file: name a folder, new or of a checkpoint")
    frame = in_their_own_order(read_labelled(data))
    origin = Start.of(encoder)
    kept = _kept_wide(wide_from) if wide_from else None  # read before hours of training, not after
    torch.manual_seed(settings.seed)  # new heads are drawn
    network, tokenizer = load_encoder(encoder)
    check_tokenizer(encoder, tokenizer)
    settings = replace(settings, max_length=readable_length(network, settings.max_length))
    train_rows, dev_rows = both_sides(data, frame)
    tell([*unread(frame), *doubts(train_rows, dev_rows), *origin.remarks(train_rows, dev_rows)])
    examples = build_examples(train_rows, tokenizer, settings.max_length)
    dev = build_examples(dev_rows, tokenizer, settings.max_length)
    tell(pace(examples, settings))
    pad = tokenizer.pad_token_id
    state = out.with_name(out.name + ".state")
    of_encoder = encoder_digest(network.encoder, tokenizer.get_vocab())
    claim_state(state, plan_of(settings, data=rows_digest(frame[LEARNT]), encoder=of_encoder))
    start = _rehearsed(network, examples, tokenizer, settings, state)
    judged = _subset(dev, most=6000)
    logs = finetune(
        network,
        examples,
        start,
        settings,
        state,
        pad=pad,
        mask_token=tokenizer.mask_token_id,
        judge=lambda net: judge(net, judged, pad),
    )
    logits, embeddings = predict_logits(network, dev, pad)
    found = ngrams(list(dev.frame.text))
    unjudged = origin.kept(dev_rows)
    wide = (
        fit_wide(train_rows, dev, found, logits, start=origin.wide if origin.versions else None)
        if kept is None
        else with_kept(kept, origin.wide, unjudged)
    )
    for head, scores in wide.scores(found).items():
        logits[head] += scores
    languages = {*taught(train_rows), *origin.calibration.languages}
    before = origin.calibration_before(train_rows)
    calibration = calibrate(dev, logits, before, languages, settings.max_length)
    calibration = silenced(calibration, origin.untrained(train_rows))
    predictions = calibrated(logits, embeddings, calibration)
    save_checkpoint(out, network, tokenizer, calibration, wide)
    draw_learning_curve(state, state)
    metrics = _metrics(dev, predictions, calibration, logs)
    metrics["confusion"] |= origin.kept_confusion(unjudged)
    metrics[KEPT] = unjudged
    (out / "metrics.json").write_text(
        json.dumps(metrics, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return metrics


def _kept_wide(folder: Path) -> Wide:
    wide = load_wide(folder)
    if not wide.weights:
        raise CheckpointError(f"{folder} has no wide part to keep: leave out --wide, and one is fitted")
    return wide


def _rehearsed(
    network: Network, examples: Examples, tokenizer: Any, settings: FinetuneSettings, state: Path
) -> NDArray[np.float32]:
    """(n, width) where the rehearsal pulls each row's embedding, zeros where it does not."""
    if not (settings.rehearsal and settings.epochs):
        return np.zeros((len(examples), network.width), np.float32)
    if settings.to_teacher and network.width != teacher_width():
        raise SettingsError(
            f"--to-teacher needs an encoder as wide as the teacher ({teacher_width()}); this one has {network.width}"
        )
    if settings.to_teacher and examples.frame.english.isna().all():
        raise SettingsError(
            "--to-teacher needs English sentences in the column english, and no training row has one: leave it out"
        )
    if settings.to_teacher:
        return teacher_embeddings(examples, state)
    return start_embeddings(network, examples, tokenizer, settings.max_length)


def judge(network: Network, dev: Examples, pad: int) -> dict[str, float]:
    """Macro-F1 of sentiment and degree, micro-F1 of topics; "score" is their mean with degree twice."""
    logits, _ = predict_logits(network, dev, pad)
    scores: dict[str, float] = {}
    for head, classes in CLASSES.items():
        labels = getattr(dev, head)
        known = labels != MISSING
        if known.any():
            scores[head] = macro_f1(labels[known], logits[head][known].argmax(axis=1), len(classes))
    known = dev.topics[:, 0] >= 0
    if known.any():
        truth, said = dev.topics[known] > 0, sigmoid(logits["topics"][known])
        scores["topics"] = micro_f1(truth, said >= best_topic_threshold(said, truth))
    weights = {"degree": 2.0}
    total = sum(weights.get(head, 1.0) for head in scores)
    scores["score"] = sum(weights.get(head, 1.0) * value for head, value in scores.items()) / total
    return {head: round(value, 4) for head, value in scores.items()}


def predict_logits(
    network: Network, examples: Examples, pad: int
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Logits per head and embeddings of all rows, in fp32."""
    import torch

    from models.batching import sorted_batches
    from training.distil import pad_batch

    network.eval()
    logits = {head: np.zeros((len(examples), classes), np.float32) for head, classes in HEADS.items()}
    embeddings = np.zeros((len(examples), network.width), np.float32)
    lengths = [len(ids) for ids in examples.ids]
    with torch.inference_mode():
        for rows in sorted_batches(lengths, list(examples.frame.text), tokens=8192):
            output = network(*pad_batch([examples.ids[row] for row in rows], pad))
            embeddings[rows] = output.embedding.numpy()
            for head, values in output.logits.items():
                logits[head][rows] = values.numpy()
    return logits, embeddings


def _subset(dev: Examples, most: int) -> Examples:
    """A seeded sample of the labelled dev rows for judging epochs; those of degree first, they are the fewest."""
    labelled = is_labelled(dev.frame).to_numpy()
    order = [row for row in np.random.default_rng(0).permutation(len(dev)).tolist() if labelled[row]]
    half = [row for row in order if dev.degree[row] != MISSING][: most // 2]
    rest = [row for row in order if dev.degree[row] == MISSING][: most - len(half)]
    rows = sorted(half + rest)
    return Examples(
        ids=[dev.ids[row] for row in rows],
        sentiment=dev.sentiment[rows],
        degree=dev.degree[rows],
        topics=dev.topics[rows],
        frame=dev.frame.iloc[rows].reset_index(drop=True),
    )


def _metrics(
    dev: Examples, predictions: Predictions, calibration: Calibration, logs: list[EpochLog]
) -> dict[str, Any]:
    card = scorecard(predictions, dev.frame, calibration.topic_threshold, calibration.abstain_below)
    errors = {}
    for head in ("sentiment", "degree"):
        labels = getattr(dev, head)
        known = labels != MISSING
        if known.any():
            errors[head] = round(
                expected_calibration_error(getattr(predictions, head)[known], labels[known]), 4
            )
    rows = json.loads(card.round(4).to_json(orient="records"))
    return {
        "scorecard": rows,
        "calibration_error": errors,
        "confusion": confusion(predictions, dev.frame),
        "epochs": [{"epoch": log.epoch, "losses": log.losses, "dev": log.dev} for log in logs],
    }
