"""Labels name the subject, in each main language."""

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from mining.labels import Tally, joined, label_causes, main_label, tallied

EXAMPLES = {
    "en": [
        "far too few examples from small shops",
        "I wanted more examples in chapter two",
        "so many examples that I skipped half",
        "where are the examples of local firms?",
    ],
    "vi": [
        "quá ít ví dụ so với số công ty",
        "cần thêm ví dụ thực tế",
        "ví dụ nào cũng của Mỹ",
        "nhiều ví dụ quá đọc mệt",
    ],
    "th": ["ตัวอย่างน้อยไป", "อยากได้ตัวอย่างเพิ่ม", "ตัวอย่างเยอะเกินไป", "มีแต่ตัวอย่างต่างประเทศ"],
    "zh": ["例子太少了", "希望有更多本地例子", "例子太多，看累了", "书里的例子很旧"],
    "lv": [
        "pārāk maz piemēru",
        "gribētos vairāk piemēru no Latvijas",
        "piemēru ir par daudz",
        "trūkst piemēru",
    ],
}
BATTERY = {
    "en": [
        "the battery dies in a day",
        "battery is empty again",
        "charging the battery every night",
        "dead battery",
    ],
    "vi": ["pin yếu quá", "pin sụt nhanh trong một ngày", "sạc pin mỗi tối", "hết pin hoài"],
}


def by_strangers(texts: Mapping[str, Sequence[str]]) -> dict[str, Tally]:
    """The tallies of texts that a person each wrote."""
    return tallied({tag: {text: [hash(text)] for text in own} for tag, own in texts.items()})


def labels_of(causes: Sequence[Mapping[str, Sequence[str]]]) -> list[dict[str, str]]:
    return label_causes([by_strangers(texts) for texts in causes])


def test_the_subject_in_every_main_language_and_not_the_degree() -> None:
    examples, battery = labels_of([EXAMPLES, BATTERY])
    assert set(examples) == {"en", "lv", "th", "vi", "zh"}
    assert "examples" in examples["en"]
    assert "ví dụ" in examples["vi"]
    assert "ตัวอย่าง" in examples["th"]
    assert "例子" in examples["zh"]
    assert "piemēru" in examples["lv"]
    assert "battery" in battery["en"]
    assert "pin" in battery["vi"]


def test_main_label_is_in_the_main_language_where_the_cause_speaks_it() -> None:
    assert main_label({"en": "examples", "vi": "ví dụ"}, "vi") == "ví dụ"
    assert main_label({"th": "ตัวอย่าง", "zh": "例子"}, "vi") == "ตัวอย่าง"
    assert main_label({}, "") == ""


def test_chinese_words_made_of_stop_words_name_no_subject() -> None:
    glued = ["很喜欢", "都没", "不想", "挺好的"]
    assert not set(by_strangers({"zh": glued})["zh"].terms)
    assert "大小" in by_strangers({"zh": ["大小刚好"]})["zh"].terms


def test_a_thai_stop_word_that_icu_cuts_is_not_put_together_again() -> None:
    asked = ["ใช้ได้เหรอ", "ใช้ยากเหรอ", "แบตใช้จริงเหรอ", "ใช้แบบนี้เหรอ"]
    terms = by_strangers({"th": asked})["th"].terms
    assert "ใช้" in terms
    assert not {"เห", "รอ", "เห รอ"} & set(terms)


POOL = ["สระว่ายน้ำเล็กมาก", "สระว่ายน้ำปิดเร็ว", "อยากให้สระว่ายน้ำใหญ่กว่านี้", "สระว่ายน้ำไม่มีร่ม"]
DESK = ["สิ่งอำนวยความสะดวกเก่า", "สิ่งอำนวยความสะดวกเสีย", "สิ่งอำนวยความสะดวกครบ", "ไม่มีสิ่งอำนวยความสะดวก"]


def test_a_thai_compound_of_three_words_is_shown_whole() -> None:
    pool, desk = labels_of([{"th": POOL}, {"th": DESK}])
    assert pool["th"] == "สระว่ายน้ำ"
    assert desk["th"] == "อำนวยความสะดวก"


def test_a_thai_term_that_other_words_follow_too_stays_short() -> None:
    others = ["ห้องเล็กมาก", "ห้องน้ำเหม็น", "ห้องเก็บของรก", "ห้องนอนมืด"]
    assert labels_of([{"th": others}, {"th": POOL}])[0]["th"].split(", ")[0] == "ห้อง"


def test_no_compound_is_made_with_latin_words() -> None:
    branded = [f"แบต lemonphone หมดเร็ว {word}" for word in ("วันนี้", "ทุกวัน", "ตลอด", "บ่อย")]
    assert all("lemonphone" not in compound for compound in by_strangers({"th": branded})["th"].compounds)


def test_two_causes_do_not_share_a_label() -> None:
    loud = {
        "en": ["chime downstairs is loud", "chime wakes the baby", "chime volume downstairs", "chime baby"]
    }
    quiet = {"en": ["chime in the attic", "attic chime unheard", "chime attic basement", "basement chime"]}
    first, second = labels_of([loud, quiet])
    assert first["en"] != second["en"]


def test_what_everybody_says_names_nobody() -> None:
    common = [f"ordered on monday, {word}" for word in ("glue", "glue", "glue pages", "glue binding")]
    other = [f"ordered on monday, {word}" for word in ("ink", "ink", "ink print", "ink smell")]
    (first, second) = labels_of([{"en": common}, {"en": other}])
    assert "glue" in first["en"]
    assert "ink" in second["en"]


def test_causes_joined_say_what_their_texts_say_together() -> None:
    halves = [{"en": EXAMPLES["en"][:2]}, {"en": EXAMPLES["en"][2:], "vi": EXAMPLES["vi"]}]
    assert joined(map(by_strangers, halves)) == by_strangers({"en": EXAMPLES["en"], "vi": EXAMPLES["vi"]})


def test_of_many_texts_a_sample_tells_the_label() -> None:
    many = [f"{number} {text}" for number in range(500) for text in EXAMPLES["en"]]
    tally = by_strangers({"en": many})["en"]
    assert tally.texts == 2000
    assert tally.read <= 1000
    assert "examples" in labels_of([{"en": many}, BATTERY])[0]["en"]


# One person signs each of three messages; the others speak of the lid, no two in the same words but for "lid".
SIGNED = [
    f"盖子{what}，身份证11010519491231002X，电话13800138000，markzha" for what in ("裂了", "太紧", "关不上")
]
UNSIGNED = ["盖子漏水", "盖子掉漆", "新盖子呢", "杯子的盖子"]


def test_what_one_person_signs_every_message_with_is_in_no_label() -> None:
    said = {text: [1] for text in SIGNED}
    assert label_causes([tallied({"zh": said})]) == [{}]
    (label,) = label_causes([tallied({"zh": {**said, **{text: [hash(text)] for text in UNSIGNED}}})])
    assert label == {"zh": "盖子"}


def test_a_person_of_two_causes_is_one_person_in_their_theme() -> None:
    said = {text: [1] for text in ("lid broke, yours markzha", "cup cracked, yours markzha")}
    halves = [tallied({"en": {text: people}}) for text, people in said.items()]
    assert label_causes([joined(halves)]) == [{}]
    echoed = tallied({"en": {"ask markzha": [2]}})
    assert label_causes([joined([*halves, echoed])]) == [{"en": "markzha"}]


def test_a_text_that_several_people_wrote_is_no_ones_own() -> None:
    assert label_causes([tallied({"en": {"lid leaks": [1, 2]}})]) == [{"en": "lid leaks"}]


def test_no_number_or_address_of_somebody_names_a_cause_however_many_write_it() -> None:
    told = ["11010519491231002x", "b1234567", "mark_zha", "anna.berzina", "١٢٣٤٥x"]
    for word in told:
        assert labels_of([{"en": [f"{word} lid", f"lid {word}", f"a lid, {word}"]}]) == [{"en": "lid"}]
    assert labels_of([{"en": ["wh1000xm4", "wh1000xm4 again"]}]) == [{"en": "wh1000xm4"}]


def test_a_cause_in_which_no_two_people_share_a_word_has_no_label_of_its_own() -> None:
    assert labels_of([{"und": ["👍👍"]}, {}, {"en": ["the lid leaks", "a broken cup"]}]) == [{}, {}, {}]


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["en", "vi", "th", "zh", "lv", "und", "ar"]),
            st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=6),
            max_size=3,
        ),
        max_size=3,
    )
)
def test_any_text_gives_one_bounded_label_per_language(causes: list[dict[str, list[str]]]) -> None:
    labels = labels_of(causes)
    assert len(labels) == len(causes)
    for cause, found in zip(causes, labels, strict=True):
        assert set(found) <= set(cause)
        assert all(0 < len(label) <= 130 for label in found.values())
