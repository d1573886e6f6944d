from hypothesis import given
from hypothesis import strategies as st

from tests.training.tiny import TEXTS
from training.tokenizer import train_tokenizer

TOKENIZER = train_tokenizer(TEXTS * 20, pieces=600)


def test_keeps_the_marks_of_thai_vietnamese_and_latvian() -> None:
    for text in ("น้ำเกินไป", "quá nhiều ví dụ", "pārāk daudz piemēru", "案例太多"):
        ids = TOKENIZER.encode(text).ids[1:-1]
        assert TOKENIZER.decode(ids, skip_special_tokens=False) == text


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=40)
)
def test_bytes_stand_in_for_whatever_was_never_seen(text: str) -> None:
    assert TOKENIZER.token_to_id("[UNK]") not in TOKENIZER.encode(text).ids


def test_every_text_is_framed() -> None:
    tokens = TOKENIZER.encode("too few").tokens
    assert (tokens[0], tokens[-1]) == ("[CLS]", "[SEP]")
