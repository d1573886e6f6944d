import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.language import LANGUAGES, identify, identify_together


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
