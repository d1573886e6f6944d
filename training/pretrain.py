"""From corpora to an encoder: tokenizer, warm start, distillation, and a retrieval score on unseen sentences.

countervoice pretrain --corpora path/to/corpora --out build/encoder
countervoice pretrain --corpora path/to/corpora --start build/encoder --out build/encoder2
"""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from data.words import without_marks
from models.checkpoint import CALIBRATION, read_calibration, save_checkpoint
from models.encoding import load_encoder
from training import corpora
from training.dev_rows import folded
from training.distil import DistilSettings, Pairs, distil
from training.plan import claim_state, encoder_digest, plan_of, rows_digest
from training.retrieval import retrieval_at_1
from training.teacher import KEPT, kept_teacher_vectors, teacher_folder
from training.teacher_body import POSITIONS, put_on_body, token_embeddings

TEXTS_PER_LANGUAGE = 20_000
if TYPE_CHECKING:
    from models.network import Network

UNACCENTED = {"vi": 0.12, "lv": 0.12}
OWN_TIMES, WORD_TIMES = 4, 2


def pretrain(
    corpora_folder: Path, out: Path, *, pieces: int, settings: DistilSettings, start: Path | None = None
) -> dict[str, float]:
    """Make the encoder in ``out`` (config, weights, tokenizer); returns retrieval at rank 1 per language.

    Everything slow is kept in ``out``: a second call goes on where the first was interrupted. One with other settings
    or corpora, where no state is left of the first, makes a tokenizer of its own.

    Args:
        corpora_folder: Of the public corpora.
        out: Encoder folder.
        pieces: Size of the vocabulary of a new tokenizer.
        settings: Of the distillation.
        start: An encoder or checkpoint with our tokenizer: a further pass over the pairs from its weights.

    Raises:
        CheckpointError: ``out`` holds the state of another pretraining.
    """
    frame = parallel_rows(corpora_folder)
    begun = load_encoder(str(start)) if start else None
    of_start = encoder_digest(begun[0].encoder, begun[1].get_vocab()) if begun else None
    plan = plan_of(settings, corpora=rows_digest(frame), start=of_start, pieces=None if start else pieces)
    vocabulary = out / "tokenizer.json"
    # With a start the copy replaces it, and the start may be this very folder.
    claim_state(out / "state", plan, made=() if start else (vocabulary,))
    if start is not None and start.resolve() != out.resolve():
        shutil.copy(start / "tokenizer.json", vocabulary)
    tokenizer = _tokenizer(corpora_folder, vocabulary, pieces)
    english = list(dict.fromkeys(frame.en))
    vectors = kept_teacher_vectors(english, out / KEPT)
    position = {text: number for number, text in enumerate(english)}
    train = with_unaccented(frame[frame.split == "train"], seed=settings.seed)
    texts, targets = _pairs(train, position)
    encoded = [e.ids[: settings.max_length] for e in tokenizer.encode_batch(texts)]
    network = begun[0] if begun else _transplant(tokenizer, encoded, [english[t] for t in targets])
    pairs = Pairs(ids=encoded, targets=np.asarray(targets), vectors=vectors)
    distil(network, pairs, settings, out / "state", tokenizer.token_to_id("[PAD]"))
    save_like(start, network, tokenizer, out)
    return score(out, frame[frame.split == "dev"])


def parallel_rows(folder: Path) -> pd.DataFrame:
    """Every shippable pair: en, xx, lang, split. Own pairs and words count several times: they are of feedback.

    No English sentence of the dev pairs is trained on, in any case, spacing and form of a letter: ``score`` counts on
    that.
    """
    public = corpora.public(folder, "parallel")[["en", "xx", "lang", "split"]]
    own = corpora.own_parallel()
    repeated = [own[own.split == "train"]] * OWN_TIMES + [own[own.split == "dev"]]
    words = corpora.glossary().query("lang != 'en'").rename(columns={"text": "xx"}).assign(split="train")
    repeated += [words[["en", "xx", "lang", "split"]]] * WORD_TIMES
    pairs = pd.concat([public, *repeated], ignore_index=True)
    english, is_dev = folded(pairs.en), pairs.split == "dev"
    return pairs[is_dev | ~english.isin(set(english[is_dev]))].reset_index(drop=True)


def with_unaccented(frame: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Add copies without diacritics, as many people type on a phone, for a share of some languages."""
    extra = [
        frame[frame.lang == lang].sample(frac=share, random_state=seed) for lang, share in UNACCENTED.items()
    ]
    copies = pd.concat(extra)
    return pd.concat(
        [frame, copies.assign(xx=[without_marks(text) for text in copies.xx])], ignore_index=True
    )


def score(folder: Path, dev: pd.DataFrame, *, queries: int = 3000) -> dict[str, float]:
    """Retrieval at rank 1 per language: unseen translations against all unseen English sentences."""
    from models.encoding import embed_texts

    english = list(dict.fromkeys(dev.en))
    answers = embed_texts(folder, english)
    position = {text: number for number, text in enumerate(english)}
    scores = {"candidates": float(len(english))}
    for language, rows in dev.groupby("lang"):
        rows = rows.sample(min(len(rows), queries), random_state=0)
        right = np.asarray([position[text] for text in rows.en])
        scores[str(language)] = retrieval_at_1(embed_texts(folder, list(rows.xx)), answers, right)
    (folder / "retrieval.json").write_text(json.dumps(scores, indent=1), encoding="utf-8")
    return scores


def _pairs(train: pd.DataFrame, position: dict[str, int]) -> tuple[list[str], list[int]]:
    english = list(dict.fromkeys(train.en))
    texts = list(train.xx) + english * 2
    targets = [position[text] for text in train.en] + [position[text] for text in english] * 2
    return texts, targets


def _tokenizer(folder: Path, path: Path, pieces: int) -> Any:
    from tokenizers import Tokenizer

    from training.tokenizer import train_tokenizer

    if path.exists():
        return Tokenizer.from_file(str(path))
    tokenizer = train_tokenizer(_tokenizer_texts(folder), pieces=pieces)
    tokenizer.save(str(path))
    return tokenizer


def _tokenizer_texts(folder: Path) -> list[str]:
    """Train texts of all shippable sources, capped per language so that none crowds the others out."""
    parallel, sentiment = corpora.public(folder, "parallel"), corpora.public(folder, "sentiment")
    parallel, sentiment = parallel[parallel.split == "train"], sentiment[sentiment.split == "train"]
    own = corpora.own_statements().query("split == 'train'")
    english = pd.DataFrame({"lang": "en", "text": parallel.en.drop_duplicates()})
    others = parallel.rename(columns={"xx": "text"})
    frame = pd.concat(
        [english, *(part[["lang", "text"]] for part in (others, sentiment, own))]
    ).drop_duplicates()
    capped = [
        rows.sample(min(len(rows), TEXTS_PER_LANGUAGE), random_state=0) for _, rows in frame.groupby("lang")
    ]
    return list(pd.concat(capped).text)


def _transplant(tokenizer: Any, encoded: list[list[int]], english: list[str]) -> "Network":
    """The teacher's body over warm-started embeddings of the new pieces."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    from models.network import Network
    from training.transplant import occurrences, warm_embeddings

    folder = teacher_folder()
    teacher = AutoModel.from_pretrained(folder)
    old_tokenizer = AutoTokenizer.from_pretrained(folder)
    weights = teacher.embeddings.word_embeddings.weight.detach().numpy()
    size = tokenizer.get_vocab_size()
    distinct = list(dict.fromkeys(english))
    old_ids = dict(zip(distinct, old_tokenizer(distinct, truncation=True)["input_ids"], strict=True))
    new = occurrences(encoded, size)
    old = occurrences([old_ids[text] for text in english], len(weights))
    warm = warm_embeddings(new, old, weights)
    for token in ("[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]"):
        warm[tokenizer.token_to_id(token)] = weights[old_tokenizer.convert_tokens_to_ids(token)]
    config = replace_config(teacher.config, size, tokenizer.token_to_id("[PAD]"))
    student = Network(AutoModel.from_config(config))  # type: ignore[no-untyped-call]
    put_on_body(student, teacher.state_dict())
    token_embeddings(student).data.copy_(torch.from_numpy(warm))
    return student


def replace_config(config: Any, size: int, pad: int) -> Any:
    """The teacher's configuration for another vocabulary, shorter positions and no dropout in the body."""
    values = config.to_dict() | {
        "vocab_size": size,
        "pad_token_id": pad,
        "max_position_embeddings": POSITIONS,
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
    }
    return type(config)(**values)


def save_like(start: Path | None, network: "Network", tokenizer: Any, out: Path) -> None:
    """Write a checkpoint, whose heads are kept, where ``start`` is one, and otherwise an encoder."""
    if start is not None and (start / CALIBRATION).exists():
        save_checkpoint(out, network, wrapped(tokenizer), read_calibration(start))
    else:
        save_encoder(network, tokenizer, out)


def save_encoder(network: "Network", tokenizer: Any, out: Path) -> None:
    """Write the encoder and its ``tokenizer`` (of the library tokenizers) as a folder that ``AutoModel`` loads."""
    network.encoder.save_pretrained(out)
    wrapped(tokenizer).save_pretrained(out)


def wrapped(tokenizer: Any) -> Any:
    """A tokenizer of the library tokenizers as one of transformers."""
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        unk_token="[UNK]",
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=POSITIONS,
    )
