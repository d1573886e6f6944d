"""The model card: what a checkpoint is, what it was made from, and how good it is, from a measured score card."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from models.checkpoint import read_calibration
from models.metrics import metric
from models.predictions import ModelInfo

SOURCES = (
    ("all-MiniLM-L6-v2", "teacher and body of the encoder", "Apache-2.0"),
    ("this project's own texts (data/corpus)", "distillation, all heads, subjects", "Apache-2.0"),
    ("M-ABSA", "distillation, sentiment, topics, degree (read for this project), subjects", "Apache-2.0"),
    ("XED", "distillation, sentiment, degree (praise, as without one)", "CC-BY-4.0"),
    ("NSMC (raw reviews)", "sentiment, degree (read for this project)", "CC0-1.0"),
    ("Wisesight Sentiment", "sentiment, degree (read for this project)", "CC0-1.0"),
    (
        "IndoNLU SmSA, CASA, HoASA",
        "sentiment, topics, degree (read for this project), subjects",
        "Apache-2.0",
    ),
    ("CsRest-M", "sentiment, topics, degree (read for this project), subjects", "MIT"),
    ("AfriSenti (Swahili)", "sentiment, degree (read for this project)", "CC-BY-4.0"),
    ("Latvian Twitter Eater Corpus", "sentiment, degree (read for this project)", "MIT"),
    ("CLINC150", "subjects", "CC-BY-3.0"),
    ("DSTC11 insurance intents", "subjects", "CDLA-Permissive-2.0"),
    ("interface translations of BookStack, Wekan", "distillation", "MIT"),
    (
        "interface translations of Matrix, Wikipedia for Android, Open Food Facts",
        "distillation",
        "Apache-2.0",
    ),
    ("interface translations of the OpenStreetMap tagging schema", "distillation", "ISC"),
)
# The sets whose scores the card tells one by one, beside the sums.
LISTED = (
    "all",
    "own",
    "degree",
    "read",
    "afrisenti-sw",
    "casa",
    "csrest-m",
    "hoasa",
    "ltec",
    "nsmc-raw",
    "smsa",
    "wisesight",
)


def write_card(folder: Path, info: ModelInfo, card: pd.DataFrame, retrieval: dict[str, float] | None) -> None:
    """Write ``CARD.md`` into a checkpoint folder.

    Args:
        folder: The checkpoint.
        info: Its name, version and languages.
        card: As ``training.evaluate.evaluate`` returns it, with or without the baseline.
        retrieval: As ``training.pretrain.score`` returns it, if the encoder was pretrained here.
    """
    parts = [
        f"# Model card: {info.name}",
        f"Version {info.version} · languages: {', '.join(info.languages)} · licence: Apache-2.0",
        "A small multilingual encoder with three heads (sentiment, topics, degree) and an embedding, for "
        "statements of customer feedback; beside it a linear model of character n-grams. "
        "Made by `countervoice pretrain`, `graft`, `train`, `average` and `evaluate`; "
        "this card is written by the last.",
        "## What it is made from",
        _markdown(pd.DataFrame(SOURCES, columns=["source", "used for", "licence"])),
        "Only rows whose licence lets weights ship were used. No sentence of a third party is in this repository.",
        "## Scores on the dev rows",
        "Macro-F1 for sentiment and degree, micro-F1 for topics. The baseline is TF-IDF of character 2-5-grams with "
        "logistic regression, trained on the same rows in the same run. `low` and `high` are a 95 % "
        "interval of the score, by bootstrap over groups of translations. `flips` is the share of degree "
        "complaints that are called the opposite, `false_degrees` the share of rows without a degree that are called "
        "one. `answered` is the share of rows from whose call the model does not abstain, `wrong_of_answered` the "
        "share of those calls that are wrong. Own rows are invented texts of this project: read their scores "
        "as an upper bound. "
        "Rows of the source `degree` are sentences of public reviews that were drawn and read for it. Rows of the "
        "source `read` were picked because an earlier checkpoint suspected a degree in them: they are "
        "harder than what a user would send. Posts and reviews in one language (`ltec`, `wisesight` and so on) are "
        "nearest to what a user would send; those with a degree label are drawn at random and, a fifth of them, "
        "picked among the negative ones, so that their sentiment is harder than that of the whole set. One factor and "
        "one temperature a head were chosen on dev rows, too.",
        *(_section(head, card) for head in ("degree", "sentiment", "topics")),
        "## Calibration",
        _calibration(folder),
    ]
    if retrieval:
        parts += ["## Retrieval", _retrieval(retrieval)]
    parts += [
        "## Limits",
        "Degree is hard where nobody says the degree word, in irony, and in languages with little own text. Sentiment "
        "of subtitles (XED) is a noisy label. Not for judging single people, nor for text that is not feedback.",
    ]
    (folder / "CARD.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _section(head: str, card: pd.DataFrame) -> str:
    rows = card[(card["head"] == head) & card.source.isin(LISTED)]
    rows = rows.assign(part=rows.source != "all").sort_values(["part", "source", "language"])
    rows = rows.drop(columns=["head", "part"]).dropna(axis=1, how="all")
    return f"### {head}\n\n" + _markdown(rows)


def _calibration(folder: Path) -> str:
    calibration = read_calibration(folder)
    return (
        f"Temperatures: {_listed(calibration.temperatures)}. Topics are reported from {calibration.topic_threshold}. "
        f"The model abstains below: {_listed(calibration.abstain_below)}; from there on at most one call in ten is "
        f"wrong, over all dev rows together. Expected calibration error in 15 bins: {_listed(_errors(folder))}. The "
        "confusion matrix of each language is in `metrics.json`."
    )


def _errors(folder: Path) -> dict[str, float]:
    """Head to its expected calibration error, as `train` measured it; empty where the metrics are missing."""
    found: dict[str, float] = metric(folder, "calibration_error") or {}
    return found


def _listed(values: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items()) or "not measured"


def _retrieval(scores: dict[str, float]) -> str:
    languages = {name: value for name, value in scores.items() if name != "candidates"}
    listed = ", ".join(f"{name} {value:.2f}" for name, value in sorted(languages.items()))
    return (
        f"The right one of {scores['candidates']:.0f} unseen English sentences is the nearest (before fine-tuning) "
        f"for: {listed}."
    )


def _markdown(frame: pd.DataFrame) -> str:
    lines = ["| " + " | ".join(frame.columns) + " |", "|" + " --- |" * len(frame.columns)]
    for row in frame.itertuples(index=False):
        lines.append("| " + " | ".join(f"{v:.3f}" if isinstance(v, float) else str(v) for v in row) + " |")
    return "\n".join(lines)
