import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.transcripts import Transcripts, is_transcript

ARE = [
    "Agent: Hello, how can I help?\nCustomer: It is late.\nAgent: Sorry.",
    "[10:15:32] Bot: Hi!\n[10:16] Nhân viên: Xin chào\n[10:17:01] Khách hàng: Giao trễ\n[10:18] Nhân viên: Xin lỗi",
    "(9:10:39) เจ้าหน้าที่ - สวัสดีค่ะ\n(9:11:02) ลูกค้า - ช้ามาก\n(9:12:40) เจ้าหน้าที่ - ขออภัย",
    "2026-03-03 10:15 客服：您好\n2026-03-03 10:16 客户：太慢了\n2026-03-03 10:17 客服：抱歉",
    "Speaker 1: Hello Speaker 2: It is late Speaker 1: sorry Speaker 2: yes.",
]
ARE_NOT = [
    "It is late.",
    "Food: good\nService: slow\nPrice: high",
    "Q: What could be better?\nA: The price: too high: far too high.",
    "Note: late\nNote: late again\nNote: and again",
    "I came at 10:15, they at 11:20 and the food at 12:30.",
    "https://a.example/x https://b.example/y https://a.example/x",
    "Agent: Hello\nCustomer: Late",
]


@pytest.mark.parametrize("text", ARE)
def test_labels_that_take_turns_are_a_transcript(text: str) -> None:
    assert is_transcript(text)


@pytest.mark.parametrize("text", ARE_NOT)
def test_other_colons_are_none(text: str) -> None:
    assert not is_transcript(text)


@pytest.mark.parametrize(
    ("found", "others", "told"), [(5, 95, True), (4, 0, False), (5, 96, False), (60, 600, True)]
)
def test_a_line_tells_of_at_least_five_and_five_percent(found: int, others: int, told: bool) -> None:
    transcripts = Transcripts()
    for text in [ARE[0]] * found + ["It is late."] * others:
        transcripts.add(text)
    assert [line.split(" texts look like transcripts")[0] for line in transcripts.notes()] == [
        str(found)
    ] * told


@given(st.lists(st.sampled_from([*"a:-： \n(10.", "10:15", "Agent:", "Customer: "])).map("".join))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert is_transcript(text) in {True, False}


@pytest.mark.parametrize(
    "part",
    ["a:", "a: ", "a:\n", "a a a:", "1:11 ", "[1:11] a", "a ", "\n", " \n", "a - ", "1:1", "1-1-1-", " "],
)
@pytest.mark.parametrize("before", ["a:::", "a:::\n"])
def test_a_hostile_text_of_400_000_characters_comes_to_an_end(part: str, before: str) -> None:
    assert is_transcript(before + part * (400_000 // len(part))) in {True, False}
