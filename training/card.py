"""The model card: what a checkpoint is, what it was made from, and how good it is, from a measured score card."""

from collections.abc import Mapping
from math import isnan
from pathlib import Path

import pandas as pd

from models.abstaining import Thresholds
from models.checkpoint import CARD, DEFAULT, read_calibration
from models.confusion import ALL, read_confusion
from models.metrics import metric
from models.predictions import ModelInfo
from models.wide import NAME as WIDE
from training.bootstrap import MIN_GROUPS
from training.evaluate import unlearned
from training.start import KEPT

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
# Of the rows that the default model is scored on.
ROWS = (
    "Own rows are invented texts of this project: read their scores as an upper bound. Rows of the source `degree` are "
    "sentences of public reviews that were drawn and read for it. Rows of the source `read` were picked because an "
    "earlier checkpoint suspected a degree in them: they are harder than what a user would send. Posts and reviews in "
    "one language (`ltec`, `wisesight` and so on) are nearest to what a user would send; those with a degree label are "
    "drawn at random and, a fifth of them, picked among the negative ones, so that their sentiment is harder than that "
    "of the whole set. "
)


def write_card(
    folder: Path, info: ModelInfo, card: pd.DataFrame, retrieval: dict[str, float] | None, *, data: Path
) -> None:
    """Write ``CARD.md`` into a checkpoint folder.

    What a model was made from, and under which licence, is told of the one that ships only: no folder says it.

    Args:
        folder: The checkpoint.
        info: Its name, version and languages.
        card: As ``training.evaluate.evaluate`` returns it, with or without the baseline.
        retrieval: As ``training.pretrain.score`` returns it, if the encoder was pretrained here.
        data: The file whose dev rows were scored.
    """
    ships = folder.resolve() == DEFAULT
    licence = " · licence: Apache-2.0" if ships else ""
    parts = [
        f"# Model card: {info.name}",
        f"Version {info.version} · languages: {', '.join(info.languages)}{licence}",
        _what(folder, ships=ships),
        "## What it is made from",
        *(_sources() if ships else [_unknown_sources(data)]),
        "## Scores on the dev rows",
        _reading(card, ships=ships),
        *(_section(head, card) for head in ("degree", "sentiment", "topics")),
        "## Calibration",
        calibration_told(folder),
    ]
    if retrieval:
        parts += ["## Retrieval", _retrieval(retrieval)]
    parts += ["## Limits", _limits(ships=ships)]
    (folder / CARD).write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _what(folder: Path, *, ships: bool) -> str:
    wide = "; beside it a linear model of character n-grams" if (folder / WIDE).exists() else ""
    made = "Made by `countervoice pretrain`, `graft`, `train`, `average` and `evaluate`; "
    return (
        f"{'A small multilingual' if ships else 'An'} encoder with three heads (sentiment, topics, degree) and an "
        f"embedding, for statements of customer feedback{wide}. "
        + (
            made + "this card is written by the last."
            if ships
            else "This card is written by `countervoice evaluate`."
        )
    )


def _sources() -> list[str]:
    return [
        _markdown(pd.DataFrame(SOURCES, columns=["source", "used for", "licence"])),
        "Only rows whose licence lets weights ship were used. No sentence of a third party is in this repository.",
    ]


def _unknown_sources(data: Path) -> str:
    return (
        f"Whoever trained it knows; this card does not. What it tells was measured on rows of `{data.name}`, and it "
        "states no licence."
    )


def _reading(card: pd.DataFrame, *, ships: bool) -> str:
    """How the columns of the tables are to be read, and what the rows are."""
    return (
        f"Macro-F1 for sentiment and degree, micro-F1 for topics. {_baseline(card)}`low` and `high` are a 95 % "
        "interval of the score, by bootstrap over groups of translations; draws that lack a class of the rows are left "
        f"out, and fewer than {MIN_GROUPS} groups have none (–). `flips` is the share of degree "
        "complaints that are called the opposite, `false_degrees` the share of rows without a degree that are called "
        "one. `answered` is the share of rows from whose call the model does not abstain, `wrong_of_answered` the "
        f"share of those calls that are wrong. {ROWS if ships else ''}One factor and one temperature a head were "
        "chosen on dev rows, too."
    )


def _baseline(card: pd.DataFrame) -> str:
    if "baseline" not in card:
        return ""
    without = unlearned(card)
    none = (
        f"; for {' and '.join(without)} there are no training rows that it could learn from"
        if without
        else ""
    )
    return (
        "The baseline is TF-IDF of character 2-5-grams with logistic regression, trained on the same rows in the same "
        f"run{none}. "
    )


def _limits(*, ships: bool) -> str:
    where = "in irony, and in languages with little own text" if ships else "and in irony"
    noisy = "Sentiment of subtitles (XED) is a noisy label. " if ships else ""
    return (
        f"Degree is hard where nobody says the degree word, {where}. {noisy}Not for judging single people, nor for "
        "text that is not feedback."
    )


def _section(head: str, card: pd.DataFrame) -> str:
    rows = card[(card["head"] == head) & card.source.isin(LISTED)]
    rows = rows.assign(part=rows.source != "all").sort_values(["part", "source", "language"])
    rows = rows.drop(columns=["head", "part"]).dropna(axis=1, how="all")
    return f"### {head}\n\n" + _markdown(rows)


def calibration_told(folder: Path) -> str:
    """The paragraph of the card on temperatures, thresholds and errors, and of which rows and weights they are."""
    calibration = read_calibration(folder)
    return (
        f"Temperatures: {_listed(calibration.temperatures)}. Topics are reported from {calibration.topic_threshold}. "
        f"The model abstains below: {_listed(calibration.abstain_below)}; {_abstaining(calibration.abstain_below)}. "
        f"Expected calibration error in 15 bins: {_listed(_errors(folder))}.{_counted(folder)}"
    )


def _abstaining(thresholds: Thresholds) -> str:
    """What the thresholds promise: those at either end were not chosen by the errors of the calls above them."""
    chosen = [head for head, threshold in thresholds.items() if 0 < threshold < 1]
    of = "" if len(chosen) == len(thresholds) else f" of {' and '.join(chosen)}"
    told = {
        f"from there on at most one call{of} in ten is wrong, over all dev rows together": bool(chosen),
        "at 0.0 none was chosen, and it stands by every call": 0 in thresholds.values(),
        "at 1.0 none kept wrong calls to one in ten, and it stands by hardly any": 1 in thresholds.values(),
    }
    return "; ".join(words for words, holds in told.items() if holds)


def _counted(folder: Path) -> str:
    """Of which rows and weights the metrics are, since the scores above are of others; empty where they are missing."""
    kept: dict[str, str] = metric(folder, KEPT) or {}
    found = read_confusion(folder) or {}
    rows = {
        head: sum(map(sum, found[head][ALL]))
        for head in ("sentiment", "degree")
        if head in found and head not in kept
    }
    older = "".join(
        f" Calibration and confusion matrix of {head} were not measured with these weights: they are those of "
        f"{version}, from which it was trained."
        for head, version in kept.items()
    )
    if not rows:
        return older
    return (
        " The confusion matrix of each language is in `metrics.json`; it and the calibration error are as `train` "
        f"measured them before the weights were rounded, on its dev rows: {_listed(rows)}.{older}"
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
        lines.append("| " + " | ".join(map(_cell, row)) + " |")
    return "\n".join(lines)


def _cell(value: object) -> str:
    """Three digits of a number, a dash where there is none (NaN)."""
    if not isinstance(value, float):
        return str(value)
    return "–" if isnan(value) else f"{value:.3f}"
