"""A multilingual BPE tokenizer: lower-cased, marks kept, bytes for whatever it has never seen."""

from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
ALPHABET = 6_000
BYTES = tuple(f"<0x{byte:02X}>" for byte in range(256))


def train_tokenizer(texts: Iterable[str], *, pieces: int = 40_000) -> Tokenizer:
    """Train on ``texts`` (Sennrich et al. 2016, byte-pair encoding, arXiv:1508.07909).

    BPE and not Unigram: at 40,000 pieces for 26 languages the Unigram trainer of ``tokenizers`` left most words as
    a lone space mark and a rest (37 pieces for a Vietnamese sentence of 70 characters, BPE: see docs/training-log).
    NFC and not NFKC: the compatibility forms take the Thai vowel sara am apart. Lower-casing spends the pieces on
    words instead of on capitals, and matches the uncased teacher.

    Args:
        texts: Any number of texts, already balanced over languages.
        pieces: Size of the vocabulary, special tokens and the 256 bytes included.
    """
    tokenizer = Tokenizer(models.BPE(unk_token="[UNK]", byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFC(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(),
            pre_tokenizers.Punctuation(behavior="isolated"),
            pre_tokenizers.Digits(individual_digits=True),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=pieces,
        min_frequency=4,
        limit_alphabet=ALPHABET,
        special_tokens=[*SPECIALS, *BYTES],
        max_token_length=16,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace()])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B [SEP]",
        special_tokens=[(token, SPECIALS.index(token)) for token in ("[CLS]", "[SEP]")],
    )
    return tokenizer
