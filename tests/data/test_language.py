import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.language import LANGUAGES, identify, identify_parts, identify_together


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The delivery was late again and nobody answered"),
        ("vi", "Giao hàng trễ quá, gọi không ai nghe máy"),
        ("vi", "giao hang tre qua, goi khong ai nghe may"),
        ("th", "ส่งของช้ามาก โทรไปก็ไม่มีใครรับ"),
        ("lv", "Piegāde atkal kavējās, un neviens neatbildēja"),
        ("lv", "kurjers nokavejas stundu un neviens neatbild"),
        ("lt", "Pristatymas vėl vėlavo, ir niekas neatsiliepė"),
        ("et", "Tarne hilines jälle ja keegi ei vastanud"),
        ("zh", "又送晚了，打电话也没人接"),
        ("ja", "また配達が遅れて、電話にも出ない"),
        ("ko", "배달이 또 늦었고 전화도 안 받아요"),
        ("de", "Die Lieferung kam schon wieder zu spät"),
        ("es", "El pedido llegó tarde otra vez y nadie contesta"),
        ("pt", "O pedido chegou atrasado outra vez e ninguém atende"),
        ("fr", "La livraison était encore en retard, personne ne répond"),
        ("id", "Pengiriman terlambat lagi dan tidak ada yang menjawab"),
        ("uk", "Доставка знову запізнилася, і ніхто не відповідає"),
        ("ru", "Доставка снова опоздала, и никто не отвечает"),
        ("pl", "Dostawa znowu się spóźniła i nikt nie odbiera"),
        ("tr", "Teslimat yine geç kaldı ve kimse telefona bakmıyor"),
        ("hi", "डिलीवरी फिर देर से आई और किसी ने फोन नहीं उठाया"),
        ("ar", "تأخر التوصيل مرة أخرى ولم يرد أحد"),
        ("th", "battery หมดเร็วมาก ต้อง charge ทุกวัน"),
        ("zh", "iPhone 15 上的 app 老是闪退"),
        ("ja", "新製品の説明書"),
        ("th", "รอนานเจ้าค่ะ #lemonclub #nightmarketclub #openthesky #mooncourier"),
        ("und", "😀😀 5/5 !!!"),
        ("und", ""),
        ("und", "Πολύ καλό"),
    ],
)
def test_identify(language: str, text: str) -> None:
    assert identify([text]) == [language]


@given(st.lists(st.text(st.characters(), max_size=60), max_size=4))
def test_each_text_is_judged_by_itself(texts: list[str]) -> None:
    found = identify(texts)
    assert found == [identify([text])[0] for text in texts]
    assert set(found) <= {*LANGUAGES, "und"}


def test_a_long_text_stays_in_a_language_that_is_rare_in_its_file() -> None:
    english = [f"The courier of order {number} was late and nobody answered" for number in range(300)]
    rare = [
        "Cuốn sách này có quá ít ví dụ so với số công ty trong nước",
        "Die Lieferung kam schon wieder viel zu spät an",
        "Piegāde atkal kavējās, un neviens mums neatbildēja",
    ]
    assert identify_together(english + rare)[-3:] == ["vi", "de", "lv"]


def test_a_few_words_are_taken_for_a_language_that_is_common_in_their_file() -> None:
    english = [f"The courier of order {number} was late and nobody answered" for number in range(300)]
    assert identify(["so dull"]) != ["en"]
    assert identify_together([*english, "so dull"])[-1] == "en"


def test_an_address_makes_no_text_long() -> None:
    vietnamese = [f"Đơn hàng {number} giao trễ quá, gọi mãi không ai nghe máy" for number in range(300)]
    advert = "thue xe 16 cho gia re Ha Noi, dat: xe-re.example.com"
    assert identify([advert]) != ["vi"]
    assert identify_together([*vietnamese, advert])[-1] == "vi"


@pytest.mark.parametrize(
    ("language", "parts", "expected"),
    [
        ("ru", ["Par maz garšvielu.", "Мы сидели у окна, пахло пряностями."], ["lv", "ru"]),
        ("vi", ["Giao hàng nhanh, đóng gói cẩn thận, dùng được lâu.", "Доставка!"], ["vi", "ru"]),
        ("lv", ["Piegāde atkal kavējās, un neviens neatbildēja.", "又送晚了。"], ["lv", "zh"]),
        (
            "zh",
            ["又送晚了，打电话也没人接。", "The delivery was late again and nobody answered."],
            ["zh", "en"],
        ),
        ("th", ["ภาพชัดมากค่ะ", "iPhone 15 Pro Max."], ["th", "th"]),
        ("zh", ["Sản phẩm tốt.", "太差了."], ["vi", "zh"]),
        ("zh", ["Ｇｏｏｄ　Ｐｈｏｎｅ", "又送晚了，打电话也没人接。"], ["zh", "zh"]),
        ("th", ["ภาพชัดมากค่ะ", "Not bad.", "5/5", "ใช้ app Shopee"], ["th", "en", "th", "th"]),
        (
            "th",
            ["เสียดายที่รอนานเหลือเกินค่ะ คนส่งก็หลงทาง", "#MoonCourier #LemonBrew #OpenTheNightSky"],
            ["th", "th"],
        ),
        ("th", ["เสียดายที่รอนานเหลือเกินค่ะ คนส่งก็หลงทาง", "#LemonBrew It is not for us."], ["th", "en"]),
        (
            "th",
            ["เสียดายที่รอนานเหลือเกินค่ะ คนส่งก็หลงทาง", "North River Lemon Brew Terrace Collection"],
            ["th", "th"],
        ),
        ("ja", ["最高！", "配達は速いです。", "Too slow."], ["ja", "ja", "en"]),
        (
            "zh",
            ["又送晚了，打电话也没人接，客服也不回复我的消息，再也不买了，真的太失望了。", "ありがとう"],
            ["zh", "ja"],
        ),
        ("en", ["The app is slow.", "Uzlabojiet to!"], ["en", "en"]),
    ],
)
def test_a_part_in_another_script_has_its_own_language(
    language: str, parts: list[str], expected: list[str]
) -> None:
    assert identify_parts(" ".join(parts), parts, language) == expected


def test_a_language_that_is_named_against_the_script_holds_for_all_parts() -> None:
    parts = ["Khana accha tha.", "Delivery late thi.", "बहुत बढ़िया"]
    assert identify_parts(" ".join(parts), parts, "hi") == ["hi", "hi", "hi"]
    assert identify_parts("Πολύ αργό. Too slow.", ["Πολύ αργό.", "Too slow."], "el") == ["el", "el"]


@given(
    st.lists(st.text(st.characters(), max_size=30), max_size=4), st.sampled_from([*LANGUAGES, "und", "el"])
)
def test_a_part_has_a_language_that_is_known_or_that_of_the_text(parts: list[str], language: str) -> None:
    found = identify_parts(" ".join(parts), parts, language)
    assert len(found) == len(parts)
    assert set(found) <= {*LANGUAGES, language}
