"""Reads the training corpora: the public sets in a folder of their own, and the project's own texts in data/corpus."""

from pathlib import Path

import pandas as pd

from data.errors import InputError
from data.parquet import read_parquet

OWN = Path(__file__).resolve().parent.parent / "data" / "corpus"
READ = OWN / "read_degree.csv"
READ_POSTS = OWN / "read_posts.csv"
GLOSSARY = OWN / "glossary.csv"
LABELS = ("group", "sentiment", "topic", "degree", "axis", "subject")
DEV_ONE_IN = 12
# A member of a contrast: a letter for what it says, and a number where several people say it.
_MEMBER = r"[abcd]+\d?$"


def public(folder: Path, name: str, *, shippable: bool = True) -> pd.DataFrame:
    """One public set, ``<folder>/<name>.parquet``; by default only the rows whose licence lets weights ship.

    Raises:
        InputError: The file is not there.
    """
    path = folder / f"{name}.parquet"
    if not path.exists():
        raise InputError(f"{path} is missing: give the folder of the training corpora with --corpora")
    frame = read_parquet(path).to_pandas()
    return frame[frame.shippable].reset_index(drop=True) if shippable else frame


def own_statements() -> pd.DataFrame:
    """Every own statement in one language a row.

    Columns: file, group, stem, lang, text, sentiment, topic, degree, axis, subject, parallel, split. Files hold
    either a column per language (parallel) or the columns lang and text. ``stem`` is what the members of a contrast
    share: ``x1-001`` of ``x1-001a`` to ``x1-001d``, ``p101p-1`` of ``p101p-1a1`` to ``p101p-1d1``. The split is by
    stem, so that a contrast and all translations stay on one side. Two files may use one id for different things.
    """
    frames = [
        _long(pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False, quoting=3)).assign(file=path.name)
        for path in own_files()
    ]
    frame = pd.concat(frames, ignore_index=True)
    frame = frame[frame.text.str.strip() != ""]
    frame["stem"] = frame.group.str.replace(_MEMBER, "", regex=True)
    frame["split"] = ["dev" if _bucket(stem) == 0 else "train" for stem in frame.stem]
    return frame.reset_index(drop=True)


def own_parallel() -> pd.DataFrame:
    """Own translations in pairs: en, xx, lang, split, only from files with an English column."""
    frame = own_statements()
    frame = frame[frame.parallel]
    english = frame.loc[frame.lang == "en", ["file", "group", "text"]].rename(columns={"text": "en"})
    pairs = frame[frame.lang != "en"].merge(english, on=["file", "group"], validate="m:1")
    return pairs.rename(columns={"text": "xx"})[["en", "xx", "lang", "split"]].reset_index(drop=True)


def read_labels() -> pd.DataFrame:
    """Our labels for sentences of the public aspect sets: group, sentiment, degree, axis, subject, unique by group."""
    return pd.read_csv(READ, dtype=str, keep_default_na=False)


def read_posts() -> pd.DataFrame:
    """Our degree labels for rows of the public sentiment sets: id, degree, axis, drawn, unique by id.

    ``drawn`` is "random" for a random draw (of dev rows, and of XED's praise), and "picked" where the seventh
    checkpoint saw a degree or the set says that the post is negative.
    """
    return pd.read_csv(READ_POSTS, dtype=str, keep_default_na=False)


def glossary() -> pd.DataFrame:
    """Our words and short phrases of feedback, one translation a row: en, lang, text, degree (empty for a word).

    Rows in English are among them. Sentences teach the words that they happen to hold; these are the words between.
    """
    frame = pd.read_csv(GLOSSARY, dtype=str, keep_default_na=False)
    languages = [column for column in frame.columns if column != "degree"]
    frame["english"] = frame.en
    long = frame.melt(id_vars=["english", "degree"], value_vars=languages, var_name="lang", value_name="text")
    return long.rename(columns={"english": "en"})


def own_files() -> list[Path]:
    """The files of the own corpus, in a fixed order."""
    return sorted(OWN.glob("*.tsv"))


def _long(frame: pd.DataFrame) -> pd.DataFrame:
    if {"lang", "text"} <= set(frame.columns):
        return frame.assign(parallel=False)
    languages = [column for column in frame.columns if column not in LABELS]
    long = frame.melt(id_vars=list(LABELS), value_vars=languages, var_name="lang", value_name="text")
    return long.assign(parallel=True)


def _bucket(stem: str) -> int:
    """A stable number for the stem of a group id."""
    import zlib

    return zlib.crc32(stem.encode()) % DEV_ONE_IN
