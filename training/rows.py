"""Labelled rows for the three heads, from the public corpora and the project's own texts, as one Parquet file.

    countervoice corpora --corpora path/to/corpora --out build/labelled.parquet

Columns: text, lang, sentiment, topics (list), degree, subject, english, weight, split, group, source. An empty label
(null) says that the row does not speak of that head. ``weight`` is how often the row is seen per epoch; ``subject``
is a key ``family:subject`` for ``training.subjects``; ``english`` is the English sentence that the text translates.
"""

import re
from pathlib import Path

import pandas as pd

from data.labels import SENTIMENTS
from data.words import without_marks
from training import corpora
from training.hosts import spread_hosts, with_address
from training.topic_map import topics_of

COLUMNS = [
    "text",
    "lang",
    "sentiment",
    "topics",
    "degree",
    "subject",
    "english",
    "weight",
    "split",
    "group",
    "source",
]
SENTIMENT_ROWS = 4_000
TRANSLATED_WEIGHT = 0.15
OWN_WEIGHT = 1.0
# Of own statements that are no adverts: copies with a web address.
LINKED = 0.03
COMPLAINT_ENGLISH, COMPLAINT_TRANSLATED = 3.0, 0.25
NONE_ENGLISH, NONE_TRANSLATED = 1.0, 0.08
DEV_ROWS = 100
DEGREE_SOURCES = ("own", "degree", "read")
# Where praise, or a neutral line, hardly ever complains of a degree in passing (docs/decisions/0049).
PRAISE = ("afrisenti-sw", "casa", "csrest-m", "hoasa", "ltec", "nsmc-raw", "wisesight", "xed")
NEUTRAL = ("afrisenti-sw", "ltec", "smsa", "wisesight")
OWN_SOURCES = ("own", "glossary")
ASPECT_WEIGHT = 0.12
PAIRS_PER_LANGUAGE, PAIR_WEIGHT = 600, 0.5
PHRASE_WEIGHT, WORD_WEIGHT = 0.3, 0.1


def labelled_rows(folder: Path | None, *, public: float = 1.0, own: float = 1.0) -> pd.DataFrame:
    """All rows; without a corpora folder, the own texts only.

    Args:
        folder: Of the public corpora.
        public: Factor on the weights of the public rows, >= 0; a last pass below 1 lets the own texts lead.
        own: Factor on the weights of the own texts, >= 0; below 1 for a shorter pass.
    """
    frames = [own_rows(), glossary_rows()]
    if folder is not None:
        frames += [degree_rows(folder), read_rows(folder), sentiment_rows(folder)]
        frames += [aspect_rows(folder), cause_rows(folder), pair_rows(folder)]
    rows = pd.concat(frames, ignore_index=True)[COLUMNS]
    dev_texts = set(rows[rows.split == "dev"].text)
    rows["weight"] *= rows.source.isin(OWN_SOURCES).map({True: own, False: public})
    rows = rows[(rows.split == "dev") | ~rows.text.isin(dev_texts)]
    return _few_dev(_one_row_a_text(rows[rows.text.str.strip() != ""])).reset_index(drop=True)


def _one_row_a_text(rows: pd.DataFrame) -> pd.DataFrame:
    """Training rows of one text and language as one, with all of their labels; the first row decides the rest.

    Every look at a text then teaches all heads. Dev rows stay apart, as the score card goes by source.
    """
    train = rows[rows.split == "train"]
    return pd.concat(
        [
            train.groupby(["text", "lang"], sort=False).first().reset_index()[COLUMNS],
            rows[rows.split == "dev"],
        ],
        ignore_index=True,
    )


def _few_dev(rows: pd.DataFrame) -> pd.DataFrame:
    """At most ``DEV_ROWS`` dev rows of a set and language: more of them cost minutes and narrow no interval much.

    Rows with a label of degree, "none" included, are the point: all of them stay, beside those.
    """
    many = rows[(rows.split == "dev") & ~rows.source.isin(DEGREE_SOURCES) & rows.degree.isna()]
    kept = many.sample(frac=1, random_state=0).groupby(["source", "lang"]).head(DEV_ROWS)
    return rows.drop(many.index.difference(kept.index))


def own_rows() -> pd.DataFrame:
    """The own statements, every label present, with unaccented copies of some Vietnamese and Latvian ones.

    Their web addresses stand under many endings, and copies of some that are no adverts have one (``training.hosts``).
    """
    own = corpora.own_statements()
    own["text"] = [spread_hosts(text, lang) for text, lang in zip(own.text, own.lang, strict=True)]
    frame = own.assign(
        topics=[[topic] for topic in own.topic],
        weight=OWN_WEIGHT,
        source="own",
        subject=own_subjects(own),
        english=_english(own).where(own.parallel, None),
    )
    plain = frame[(frame.split == "train") & frame.lang.isin(["vi", "lv"])].sample(frac=0.25, random_state=0)
    plain = plain.assign(text=[without_marks(text) for text in plain.text], weight=0.5)
    said = frame[(frame.split == "train") & (frame.topic != "other")].sample(frac=LINKED, random_state=0)
    linked = said.assign(
        text=[with_address(text, lang) for text, lang in zip(said.text, said.lang, strict=True)]
    )
    return pd.concat([frame, plain, linked], ignore_index=True)[COLUMNS]


def glossary_rows() -> pd.DataFrame:
    """Our words of feedback, to keep languages together; phrases of degree teach the heads as well.

    A phrase that complains of a degree is negative, one that says it is right ("not too sweet") positive.
    """
    frame = corpora.glossary().assign(split="train")
    phrase = frame.degree != ""
    sentiment = frame.degree.map({"none": "positive"}).fillna("negative")
    return _fill(
        frame.assign(group="glossary-" + frame.en),
        sentiment=sentiment.where(phrase, None),
        degree=frame.degree.where(phrase, None),
        english=frame.en,
        weight=phrase.map({True: PHRASE_WEIGHT, False: WORD_WEIGHT}),
        source="glossary",
    )


def own_subjects(own: pd.DataFrame) -> list[str]:
    """Subject keys: all rows of a contrast share the subject that one of them names; a group without one stands alone.

    A complaint of a contrast that is not of a degree ("the strap snapped" beside "the strap is too short") is another
    cause than the two degrees: its subject is the one that it names itself, or it stands alone. The ten people of a
    plain fault (eight met it, two praise that it went well) name it alike and share it.

    The groups of a deep file (many statements of a few subjects of one trade, ids that begin with "d") and the scenes
    of one product (ids that begin with "p" and a number) are a family each: what is said of one product in other
    subjects is what a subject is hardest to tell from.
    """
    contrast = own.file + ":" + own.stem
    other = (own.stem != own.group) & (own.degree == "none") & (own.sentiment == "negative")
    named = own[(own.subject != "") & ~other].groupby(contrast).subject.first()
    of_degree = contrast.map(named).fillna("#" + own.stem)
    alone = own.subject.where(own.subject != "", "#" + own.group)
    keys: list[str] = (own.stem.map(_family) + ":" + of_degree.where(~other, alone)).tolist()
    return keys


def _family(stem: str) -> str:
    """Subjects of one family are told from each other while training (see ``training.subjects``)."""
    return f"own-{stem.partition('-')[0]}" if re.match(r"d|p\d", stem) else "own"


def cause_rows(folder: Path) -> pd.DataFrame:
    """Statements with a gold cause: they teach the embedding only and are never seen by the heads."""
    frame = corpora.public(folder, "causes")
    return _fill(
        frame,
        subject=frame.source + ":" + frame.cause.astype(str),
        weight=0.0,
        source=frame.source + "/cause",
    )


def degree_rows(folder: Path) -> pd.DataFrame:
    """Read degree labels; sentences with both complaints carry no single label and are left out."""
    frame = corpora.public(folder, "degree")
    frame = frame[frame.degree != "both"]
    return _fill(frame, degree=frame.degree, english=_english(frame), weight=_views(frame), source="degree")


def _views(frame: pd.DataFrame) -> pd.Series:
    """How often a row of a group of translations is seen per epoch: the group eight times, or three without a degree.

    Seen in each of its 21 languages, a sentence is learned by heart long before what it has in common with others.
    """
    english, none = frame.lang == "en", frame.degree == "none"
    complaint = english.map({True: COMPLAINT_ENGLISH, False: COMPLAINT_TRANSLATED})
    return complaint.where(~none, english.map({True: NONE_ENGLISH, False: NONE_TRANSLATED}))


def read_rows(folder: Path) -> pd.DataFrame:
    """Sentences of the aspect sets that we read ourselves (data/corpus/read_degree.csv), with all their translations.

    The file holds labels by group and no sentence; a row without a sentiment was read for degree alone.
    """
    read = corpora.read_labels()
    frame = corpora.public(folder, "aspects").merge(read, on="group", validate="many_to_one")
    frame = frame[frame.degree != "both"]
    subject = ("read:" + frame.subject).where(frame.subject != "", None)
    sentiment = frame.sentiment.where(frame.sentiment.isin(SENTIMENTS), None)
    return _fill(
        frame,
        degree=frame.degree,
        sentiment=sentiment,
        subject=subject,
        english=_english(frame),
        weight=_views(frame),
        source="read",
    )


def pair_rows(folder: Path) -> pd.DataFrame:
    """Translations without a label, to keep languages together: at most ``PAIRS_PER_LANGUAGE`` of other sets."""
    frame = corpora.public(folder, "parallel")
    frame = frame[(frame.split == "train") & (frame.source != "m-absa")]
    frame = frame.sample(frac=1, random_state=0).groupby("lang").head(PAIRS_PER_LANGUAGE)
    frame = frame.assign(text=frame.xx, group=[f"pair-{number}" for number in range(len(frame))])
    return _fill(frame, english=frame.en, weight=PAIR_WEIGHT, source=frame.source + "/pair")


def sentiment_rows(folder: Path) -> pd.DataFrame:
    """Sentiment labels, at most ``SENTIMENT_ROWS`` training rows seen per language, source and epoch.

    Sets in many languages say the same in each of them and are seen less. Posts that we read carry their degree;
    the others are taught as without one where they praise or are neutral (in training only: nobody has read them),
    but for sets in which such a line may still complain.
    """
    frame = corpora.public(folder, "sentiment").merge(
        corpora.read_posts(), on="id", how="left", validate="m:1"
    )
    size = frame.groupby(["lang", "source", "split"]).text.transform("size")
    many = frame.groupby("source").lang.transform("nunique") > 1
    weight = (SENTIMENT_ROWS / size).clip(upper=many.map({True: TRANSLATED_WEIGHT, False: 1.0}))
    praise = (frame.sentiment == "positive") & frame.source.isin(PRAISE)
    neutral = (frame.sentiment == "neutral") & frame.source.isin(NEUTRAL)
    unread = frame.degree.isna() & (frame.split == "train")
    degree = frame.degree.mask(unread & (praise | neutral), "none")
    return _fill(
        frame,
        sentiment=frame.sentiment,
        degree=degree.where(degree != "both", None),
        weight=weight,
        source=frame.source,
    )


def aspect_rows(folder: Path) -> pd.DataFrame:
    """Topics from aspect categories by the table in data/corpus/aspect_topics.csv; rows without one are left out."""
    frame = corpora.public(folder, "aspects")
    topics = [_topics(domain, aspects) for domain, aspects in zip(frame.domain, frame.aspects, strict=True)]
    frame = frame.assign(topics=topics)
    frame = frame[frame.topics.map(bool)]
    return _fill(frame, topics=frame.topics, weight=ASPECT_WEIGHT, source=frame.source + "/" + frame.domain)


def _topics(domain: str, aspects: list[dict[str, str]]) -> list[str]:
    found = {topic for aspect in aspects for topic in (topics_of(domain, aspect["category"]) or ())}
    return sorted(found)


def _english(frame: pd.DataFrame) -> pd.Series:
    """The English text of each row's group, null where the group has none; for groups of translations.

    Where rows come from several files a group is of its file: two of them may use one id.
    """
    group = frame.file + ":" + frame.group if "file" in frame else frame.group
    english = frame.assign(group=group)[frame.lang == "en"].drop_duplicates("group").set_index("group").text
    return group.map(english)


def _fill(frame: pd.DataFrame, **values: object) -> pd.DataFrame:
    blank = {"sentiment": None, "topics": None, "degree": None, "subject": None, "english": None}
    groups = frame["group"] if "group" in frame else frame["id"]
    return frame.assign(**blank | {"group": groups} | values)[COLUMNS]
