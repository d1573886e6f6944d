from pathlib import Path
from typing import Any, Literal
from unicodedata import normalize

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

import data.courtesies
from data.courtesies_lexicon import courtesies, read_courtesies
from data.errors import SettingsError
from data.language import LANGUAGES
from data.records import Feedback
from data.splitting import split_statements

LEAKS = {
    "en": "The lid leaks.",
    "vi": "Nắp bị rò nước.",
    "th": "ฝารั่วตลอดเลย",
    "lv": "Vāks tek.",
    "zh": "盖子漏水。",
    "de": "Der Deckel ist undicht.",
    "fr": "Le couvercle fuit.",
    "es": "La tapa gotea.",
    "it": "Il coperchio perde.",
    "pt": "A tampa verte.",
    "nl": "Het deksel lekt.",
    "pl": "Pokrywka przecieka.",
    "cs": "Víčko protéká.",
    "sk": "Veko tečie.",
    "hr": "Poklopac curi.",
    "lt": "Dangtis leidžia vandenį.",
    "et": "Kaas lekib.",
    "sv": "Locket läcker.",
    "da": "Låget er utæt.",
    "ru": "Крышка течёт.",
    "uk": "Кришка протікає.",
    "tr": "Kapak sızdırıyor.",
    "id": "Tutupnya bocor.",
    "sw": "Kifuniko kinavuja.",
    "ar": "الغطاء يسرب الماء.",
    "hi": "ढक्कन से पानी टपकता है।",
    "ja": "蓋から水が漏れます。",
    "ko": "뚜껑에서 물이 새요.",
}
LETTERS = {
    "en": ("Dear support team,", "Kind regards,\nAnna Smith"),
    "vi": ("Kính gửi quý công ty,", "Trân trọng,\nNguyễn Văn An"),
    "th": ("เรียน ทีมงาน", "ขอแสดงความนับถือ\nคุณสมหญิง"),
    "lv": ("Labdien!", "Ar cieņu,\nJānis Bērziņš"),
    "zh": ("您好！", "此致\n敬礼！\n王小明"),
    "de": ("Sehr geehrte Damen und Herren,", "Mit freundlichen Grüßen\nMax Müller"),
    "fr": ("Bonjour Madame, Monsieur,", "Cordialement,\nP. Dupont"),
    "es": ("Estimados señores:", "Un cordial saludo,\nMaría López"),
    "it": ("Buongiorno,", "Cordiali saluti\nPaolo Rossi"),
    "pt": ("Boa tarde,", "Com os melhores cumprimentos,\nRui Costa"),
    "nl": ("Geachte heer/mevrouw,", "Met vriendelijke groet,\nJan de Vries"),
    "pl": ("Dzień dobry,", "Z poważaniem,\nJan Kowalski"),
    "cs": ("Dobrý den,", "S pozdravem\nJana Nováková"),
    "sk": ("Dobrý deň,", "S pozdravom\nPeter Kováč"),
    "hr": ("Poštovani,", "Lijep pozdrav,\nIvan Horvat"),
    "lt": ("Laba diena,", "Pagarbiai\nJonas"),
    "et": ("Tere!", "Lugupidamisega\nMari Tamm"),
    "sv": ("Hej!", "Med vänliga hälsningar\nErik"),
    "da": ("Kære kundeservice", "Med venlig hilsen\nLise"),
    "ru": ("Здравствуйте!", "С уважением,\nИван Петров"),
    "uk": ("Доброго дня!", "З повагою,\nОлена"),
    "tr": ("Merhaba,", "Saygılarımla\nAyşe Yılmaz"),
    "id": ("Selamat pagi,", "Hormat saya,\nBudi Santoso"),
    "sw": ("Habari,", "Wako mwaminifu,\nJuma"),
    "ar": ("السلام عليكم", "مع خالص التحية،\nأحمد"),
    "hi": ("नमस्ते,", "भवदीय,\nराहुल शर्मा"),
    "ja": ("お世話になっております。", "よろしくお願いいたします。\n田中"),
    "ko": ("안녕하세요.", "감사합니다.\n김철수 드림"),
}


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """Lexicon and language model are read before Hypothesis looks at the clock."""
    split_statements(Feedback(id="f", text="Hello. It leaks."))


def split(text: str, language: str) -> list[str]:
    return [statement.text for statement in split_statements(Feedback(id="f", text=text, language=language))]


@pytest.fixture
def sections() -> dict[str, Any]:
    file = Path(data.courtesies.__file__).with_name("courtesies.yaml")
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_says_what_stands_between_its_courtesies(language: str) -> None:
    salutation, closing = LETTERS[language]
    letter = f"{salutation}\n{LEAKS[language]}\n{closing}"
    (statement,) = split_statements(Feedback(id="f", text=letter, language=language))
    assert statement.text == LEAKS[language]
    assert letter[statement.start : statement.end] == statement.text
    assert statement.id == "f#1"


@pytest.mark.parametrize(
    "letter",
    [
        "Hi Anna! {} Kind regards, Bob",
        "hello all\n{}\nregards,\nanna",
        "Hello!\nI hope you are well.\n{}",
        "{} Thanks in advance!",
        "{} Thank you. 🙏",
        "{} Thanks a lot!!! 😀",
        "{}\nThanks in advance!\n\nBest,\nAnna Smith\nHead of Purchasing\n+44 20 7946 0018\nanna@shop.example",
        "{}\nKind regards\nOrder no. 4711",
        "{}\n\nSent from my iPhone",
        "{}\nRegards,\nJB\nSent from my Galaxy",
        "Sehr geehrte Frau Dr. Müller,\n{}\nLG\nTom",
        "Liebes Team!\n{}\nVielen Dank im Voraus und viele Grüße, Tom",
        "Xin chao shop,\n{}\nXin cam on",
        "Labdien\n{}\nAr cienu\nAnna",
        "Chào shop ạ!\n{}\nCảm ơn shop nhiều ạ",
        "{} 谢谢！",
        "尊敬的王经理：\n{}\n谢谢",
        "HELLO TEAM\n{}\nTHANK YOU,\nANNA",
        "Dear Jean-Paul,\n{}\nTrân trọng,\nMinh",
        "Dear all,\n{}\nRegards,\nNguyễn Văn An",
        "เรียน ทีมงาน\n{}\nขอแสดงความนับถือ\nคุณนิดา",
        "السلام عليكم\n{}\nشكرًا",
        "Dear Anna\n{}",
        "Dear Mr Anton Vale\n{}",
        "{}\nThanks,\nAnna Smith",
        "{}\nThanks\nAnna Smith\nanna@shop.example",
        "{}\nThanks\nAnna\n+44 20 7946 0018",
        "{}\nThanks\nOrder no. 4711",
        "{}\n谢谢\n王先生",
        "{}\n감사합니다\n김철수 드림",
        "{}\n此致\n敬礼\n欧阳小明",
        "{}\n敬具\n田中 太郎",
    ],
)
def test_courtesies_are_left_out(letter: str) -> None:
    assert split(letter.format("The lid leaks."), "en") == ["The lid leaks."]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Hello, the lid leaks", ["Hello, the lid leaks"]),
        ("en", "It leaks. Thanks for the quick delivery", ["It leaks.", "Thanks for the quick delivery"]),
        ("en", "It leaks. Thank you for ruining my evening", ["It leaks.", "Thank you for ruining my evening"]),
        ("en", "Thank you. It leaks.", ["Thank you.", "It leaks."]),
        ("en", "Bad food. Thanks. Never again", ["Bad food.", "Thanks.", "Never again"]),
        ("en", "Hi-fi sound is poor. It hums.", ["Hi-fi sound is poor.", "It hums."]),
        ("en", "Hi-Fi!\nIt hums.", ["Hi-Fi!", "It hums."]),
        ("en", "Dear, dear, what a price\nIt leaks.", ["Dear, dear, what a price", "It leaks."]),
        ("en", "Hello?\nNobody answers.", ["Hello?", "Nobody answers."]),
        ("en", "It leaks.\nBest of all\nno refund", ["It leaks.", "Best of all", "no refund"]),
        ("en", "It works. Best!", ["It works.", "Best!"]),
        ("en", 'It works. Regards, Anna" Yes', ["It works.", 'Regards, Anna" Yes']),
        ("en", "It works.\nBest App", ["It works.", "Best App"]),
        ("en", "It leaks. Regards the lid", ["It leaks.", "Regards the lid"]),
        ("en", "It leaks.\nThanks\n5/5", ["It leaks.", "Thanks\n5/5"]),
        ("en", "It leaks.\nThanks!\nNever Again", ["It leaks.", "Never Again"]),
        ("en", "It leaks.\nThanks!\nStill waiting.", ["It leaks.", "Still waiting."]),
        ("en", "Great.\nTerrible\nThanks", ["Great.", "Terrible"]),
        ("en", "HELLO LID LEAKS\nIt leaks.", ["HELLO LID LEAKS", "It leaks."]),
        ("en", "It leaks.\nRegards,\nAnna\nPS: it is hot", ["It leaks.", "Regards,", "Anna", "PS: it is hot"]),
        ("fr", "Cher ! Le couvercle fuit.", ["Cher !", "Le couvercle fuit."]),
        ("nl", "Beste koop ooit\nHet lekt.", ["Beste koop ooit", "Het lekt."]),
        ("de", "Beste Pizza\nSie war heiß.", ["Beste Pizza", "Sie war heiß."]),
        ("ru", "Дорогой ремонт.\nТечёт.", ["Дорогой ремонт.", "Течёт."]),
        ("th", "สวัสดีค่ะ\nฝารั่ว\nขอบคุณค่ะ", ["ฝารั่ว"]),
        ("zh", "你好老板太贵了\n盖子漏水。", ["你好老板太贵了", "盖子漏水。"]),
        ("zh", "盖子漏水。感谢你的帮助", ["盖子漏水。", "感谢你的帮助"]),
    ],
)  # fmt: skip
def test_what_says_something_stays(language: str, text: str, expected: list[str]) -> None:
    assert split(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Hallo, Akku Schrott.| Nie wieder."),
        ("de", "Guten Tag, Service Katastrophe!| Essen kalt."),
        ("de", "Sehr geehrte Damen und Herren, Lieferung Verspätet.| Ware defekt."),
        ("en", "Hello, Battery Dead.| Never again."),
        ("vi", "Chào shop, Hàng Giả.| Giao chậm"),
        ("de", "Hallo Akku Schrott\n|Display gut."),
        ("de", "Hallo Team Akku Schrott\n|Display gut."),
        ("en", "Dear Anton Vale\n|A great show"),
        ("en", "Hello Crispy.| Bad food"),
        ("en", "Hello Battery Dead!| Never again."),
        ("fr", "Monsieur Bricole\n|ne marche plus"),
        ("en", "Hello team Scammers!| Never again."),
        ("zh", "您好，高。|漏水"),
    ],
)
def test_a_complaint_behind_a_greeting_stays(language: str, text: str) -> None:
    assert split(text.replace("|", ""), language) == [part.strip() for part in text.split("|")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Das Gerät ist laut.| Danke, Akku Schrott"),
        ("en", "Good value\n|Thanks\n|Late Delivery\n|Broken Lid\n|Rude Driver"),
        ("en", "Good value\n|Thanks,\n|Late Delivery\n|Broken Lid"),
        ("fr", "Ne marche pas.\n|Merci\n|Livraison En Retard"),
        ("de", "Das Essen war kalt.\n|Danke\n|Preis Wucher"),
        ("vi", "Giao hàng chậm.\n|Cảm ơn\n|Shop Lừa Đảo"),
        ("pl", "Nie działa.\n|Dziękuję\n|Złodzieje"),
        ("en", "They lied.\n|Thanks\n|Scammers"),
        ("en", "Bad.\n|Thanks,\n|broken"),
        ("en", "It rings.\n|Best\n|Phone Ever"),
        ("en", "Bad.\n|Thanks\n|Broken Lid\n|Order 4711"),
        ("zh", "质量差\n|谢谢\n|严重漏水"),
        ("zh", "质量差\n|谢谢\n|白跑一趟"),
        ("zh", "质量差\n|谢谢\n|龙头漏水"),
        ("zh", "质量差\n|谢谢\n|金属味"),
        ("zh", "质量差\n|谢谢\n|方便面难吃"),
        ("zh", "质量差\n|此致\n|敬礼\n|龙头漏水"),
        ("zh", "质量差\n|以上\n|毛病多"),
        ("ko", "별로예요\n|감사합니다\n|배송 늦음"),
        ("ko", "별로예요\n|감사합니다\n|고장남"),
        ("ko", "별로예요\n|감사합니다\n|배송지연"),
        ("ko", "별로예요\n|감사합니다\n|주문취소"),
        ("ko", "별로예요\n|감사합니다\n|하자있음"),
        ("ja", "味がひどい\n|ありがとう\n|清水臭い"),
        ("ja", "味がひどい\n|敬具\n|清水臭い"),
        ("th", "สินค้าแย่\n|ขอบคุณ\n|ส่งช้า"),
        ("th", "สินค้าแย่\n|ขอบคุณ\n|คุณภาพแย่"),
        ("th", "สินค้าแย่\n|ขอแสดงความนับถือ\n|คุณภาพแย่"),
        ("ar", "المنتج سيئ\n|شكرا\n|توصيل متأخر"),
        ("hi", "सेवा खराब\n|धन्यवाद\n|महंगा"),
        ("vi", "Phòng sạch.| Cảm ơn ban quản lý"),
        ("vi", "Phòng sạch.| Cảm ơn Xelana rất nhiều"),
        ("pt", "Aprendi muito.| Bom trabalho, equipe!"),
        ("en", "It was great.| Thank you Osric!"),
        ("en", "Train cancelled again.| Thanks Nordal Rail"),
        ("de", "Der Zug fiel aus.| Danke, Blaue Bahn!"),
        ("en", "It leaks.| Goodbye Telvora!"),
        ("es", "No funciona.| Adiós Telvora"),
        ("de", "Es geht nicht.| Tschüss Telvora!"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_what_follows_thanks_stays(language: str, text: str, form: Literal["NFC", "NFD"]) -> None:
    """Thanks above one short line may go, the line may not."""
    text = normalize(form, text)
    pieces = [piece.strip() for piece in text.split("|")]
    assert split(text.replace("|", ""), language) in (pieces, [pieces[0], *pieces[2:]])


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("The lid leaks.\nThank you!\nAnna", ["The lid leaks.", "Anna"]),
        ("They lied.\nThanks\nScammers", ["They lied.", "Scammers"]),
        ("The lid leaks.\nThanks\nAnd the handle fell off", None),
        ("The lid leaks.\nThanks Scammers", None),
        ("Thank you!\nAnna", None),
    ],
)
def test_thanks_above_a_short_line_go_without_it(text: str, kept: list[str] | None) -> None:
    assert split(text, "en") == (kept or text.split("\n"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_are_read_alike_in_both_forms(language: str) -> None:
    salutation, closing = LETTERS[language]
    letter = f"{salutation}\n{LEAKS[language]}\n{closing}"
    assert split(normalize("NFD", letter), language) == [normalize("NFD", LEAKS[language])]


@pytest.mark.parametrize(
    "text", ["Thank you!", "Hello,\nKind regards,\nAnna", "您好！谢谢！", "Labdien! Paldies."]
)
def test_courtesies_alone_are_one_statement(text: str) -> None:
    assert split(text, "en") == [text]


PIECES = st.sampled_from(
    ["Hello,", "Dear Anna!", "Labdien!", "สวัสดีค่ะ", "您好！", "the lid leaks", "Bad.", "盖子漏水。", "Kind regards,",
     "Best,", "Thanks", "谢谢！", "Ar cieņu", "Anna", "王小明", "สมหญิง", "+44 20 7946 0018", "a@b.example", "5/5", "😀",
     "Sent from my iPhone", "\n", "\n", " ", "\u0301", "\ud800"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join), st.sampled_from(["en", "zh", "th", "lv", "und"]))
@example("Hello,\nBest,\nAnna", "en")
@example("谢谢！สวัสดีค่ะ\nHello,", "en")
@example("Bad.\nBad.\nThanks\n Anna", "en")
def test_only_the_ends_of_a_message_are_left_out(text: str, language: str) -> None:
    """And thanks above a last line, which stays: so the last statement alone may have a gap before it."""
    statements = split_statements(Feedback(id="f", text=text, language=language))
    assert bool(statements) == bool(text.strip())
    if len(statements) > 1:
        *others, last = statements
        covered = {place for each in others for place in range(each.start, each.end)}
        between = range(others[0].start, others[-1].end)
        assert all(place in covered or text[place].isspace() for place in between)
        gap = text[others[-1].end : last.start]
        assert not gap.strip() or gap.rstrip(" ").endswith("\n")
    assert all(text[each.start : each.end] == each.text for each in statements)


@given(st.text(st.characters(), max_size=60), st.sampled_from(LANGUAGES))
def test_any_text_between_courtesies_is_split_as_without_them(text: str, language: str) -> None:
    """Where it is no courtesy itself, and nothing that could join its neighbours."""
    body = f"the lid {text} leaks" if text.isprintable() else "the lid leaks"
    assert split(f"Hello,\n{body}\nKind regards,\nAnna", language) == split(body, language)


@pytest.mark.parametrize("unit", ["Hello ", "Thanks ", "hi\n", "谢谢", "Anna\n", "dear dear ", "và ", "1\n"])
def test_long_monotonous_courtesies_are_read_quickly(unit: str) -> None:
    text = unit * (20_000 // len(unit))
    assert "".join("".join(split(text, "en")).split()) in "".join(text.split())


def test_it_is_read_once_and_holds_every_language(sections: dict[str, Any]) -> None:
    assert courtesies() is courtesies()
    for name in ("salutations", "closings", "thanks", "devices", "addressees", "signatures"):
        assert set(sections[name]) == set(LANGUAGES)


@pytest.mark.parametrize("name", ["salutations", "thanks", "pronouns", "joiners", "surnames"])
def test_a_missing_section_is_refused(sections: dict[str, Any], name: str) -> None:
    del sections[name]
    with pytest.raises(SettingsError, match="must be salutations"):
        read_courtesies(sections)


@pytest.mark.parametrize("name", ["salutations", "addressees", "signatures"])
def test_a_missing_language_is_refused(sections: dict[str, Any], name: str) -> None:
    del sections[name]["lv"]
    with pytest.raises(SettingsError, match=f"{name} must be in"):
        read_courtesies(sections)


@pytest.mark.parametrize(
    ("name", "entries", "reason"),
    [
        ("closings", "regards, , cheers", "'' cannot be one of the closings"),
        ("closings", "regards, ☺", "'☺' cannot be one of the closings"),
        ("addressees", "team, madam +", "'madam .' cannot be one of the addressees"),
        ("salutations", "hi, hello, hi", "salutations, en: hi stands there twice"),
    ],
)
def test_an_entry_that_cannot_be_one_is_refused(
    sections: dict[str, Any], name: str, entries: str, reason: str
) -> None:
    sections[name]["en"] = entries
    with pytest.raises(SettingsError, match=reason):
        read_courtesies(sections)
