"""A mail that a program wrapped says what it says on one line; line breaks that people type are borders."""

from itertools import pairwise
from textwrap import fill

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.records import Feedback
from data.splitting import split_statements
from data.wrapped_lines import unwrapped

MAILS = {
    "en": [
        "The delivery came two hours late and the soup was cold when it finally arrived at my door. I called your "
        "hotline and waited for twenty minutes, but nobody answered. The app itself is nice and easy to use, although "
        "there are too many messages every evening.",
        "We ordered the large table for our kitchen in March. It wobbles on every floor that we have tried so far, "
        "and the screws that hold the legs are far too short.",
        "The instructor explained the first chapters patiently, but the last three weeks were much too fast for "
        "anybody who has a job. I would gladly pay more for a course that takes twice as long.",
    ],
    "vi": [
        "Hàng giao trễ hai tiếng và món súp đã nguội ngắt khi đến nhà tôi. Tôi gọi tổng đài chờ hai mươi phút nhưng "
        "không ai bắt máy. Ứng dụng thì dễ dùng, tuy nhiên tối nào cũng có quá nhiều thông báo làm tôi khó chịu.",
        "Sách in đẹp và giấy dày, nhưng phần bài tập quá ít so với số chương lý thuyết. Tôi mong lần tái bản sau có "
        "thêm lời giải cho từng bài.",
    ],
    "lv": [
        "Piegāde kavējās divas stundas, un zupa bija auksta, kad to beidzot atveda līdz manām durvīm. Zvanīju uz jūsu "
        "tālruni un gaidīju divdesmit minūtes, bet neviens neatbildēja. Pati lietotne ir ērta, tomēr katru vakaru tā "
        "sūta pārāk daudz paziņojumu.",
        "Kursa sākums bija ļoti labs, bet piemēru grāmatā ir par maz, lai uzdevumus varētu atrisināt bez skolotāja "
        "palīdzības. Cena par tik īsu kursu ir krietni par augstu.",
    ],
    "de": [
        "Die Lieferung kam zwei Stunden zu spät und die Suppe war kalt, als sie endlich bei mir ankam. Ich habe Ihre "
        "Hotline angerufen und zwanzig Minuten gewartet, aber niemand ging ans Telefon. Die App ist übersichtlich und "
        "leicht zu bedienen, allerdings kommen jeden Abend viel zu viele Nachrichten.",
        "Der Akku hält bei mir kaum einen halben Tag und wird beim Laden so heiß, dass ich ihn nachts nicht mehr am "
        "Netz lassen will. Das Gehäuse finde ich dagegen sehr schön verarbeitet.",
    ],
    "es": [
        "El pedido llegó dos horas tarde y la sopa estaba fría cuando por fin me la entregaron en la puerta. Llamé a "
        "su teléfono y esperé veinte minutos, pero nadie contestó. La aplicación es bonita y fácil de usar, aunque "
        "cada noche manda demasiados avisos.",
        "El curso empieza muy bien, pero las últimas clases son demasiado cortas para lo que cuestan. Me gustaría que "
        "hubiera más ejemplos resueltos y menos teoría.",
    ],
    "ru": [
        "Доставка опоздала на два часа, и суп был холодным, когда его наконец привезли. Я звонила на горячую линию и "
        "ждала двадцать минут, но никто не ответил. Само приложение удобное, однако каждый вечер приходит слишком "
        "много сообщений.",
    ],
    "ar": [
        "وصل الطلب متأخرا ساعتين وكانت الشوربة باردة عندما وصلت أخيرا إلى باب بيتي. اتصلت بالخط الساخن وانتظرت عشرين "
        "دقيقة لكن لم يرد علي أحد. التطبيق جميل وسهل الاستعمال لكن تصلني كل مساء رسائل كثيرة جدا. أتمنى أن تحلوا هذه "
        "المشكلة قريبا، فأنا أطلب منكم كل أسبوع منذ سنة تقريبا، ولم يحدث هذا من قبل.",
    ],
}  # fmt: skip
LETTERS = {
    "en": ("Dear support team,", "Kind regards,\nAnna Smith"),
    "vi": ("Kính gửi quý công ty,", "Trân trọng,\nNguyễn Văn An"),
    "lv": ("Labdien!", "Ar cieņu,\nJānis Bērziņš"),
    "de": ("Sehr geehrte Damen und Herren,", "Mit freundlichen Grüßen\nMax Müller"),
    "es": ("Estimados señores:", "Un cordial saludo,\nMaría López"),
    "ru": ("Здравствуйте!", "С уважением,\nИван Петров"),
    "ar": ("السلام عليكم", "مع خالص التحية،\nأحمد"),
}
WIDTHS = (60, 65, 72, 76, 78)
TYPED = [
    # One thing a line.
    "Too slow\nToo expensive\nUgly",
    "The delivery was quick and the box was not damaged at all\nThe price is much too high for such a small machine",
    "The delivery was quick and the box was not damaged at all.\nThe price is much too high for such a small machine.",
    "the delivery was quick and the box was not damaged in any way\nthe price is much too high for such a small machine"
    " anyway\nthe manual is only in german and far too short to be of use",
    "Lovely place with friendly people and a garden for the kids\nwould come again",
    "Food was great, the portions a bit small for a dinner\nwaiter was rude\nMusic too loud, we could not talk at all. "
    "Never again",
    "Giao hàng nhanh, đóng gói cẩn thận, shop tư vấn rất nhiệt tình\nsẽ ủng hộ shop lần sau\nchất lượng tạm ổn",
    "Chất lượng sản phẩm rất kém, dùng được hai ngày thì hỏng mất\nmở nắp ra thì không đóng lại được nữa",
    "Das Essen war lecker und die Bedienung überaus freundlich\nPreise sind leider viel zu hoch geworden\nParkplätze "
    "fehlen",
    "La comida estaba muy rica y el camarero fue muy amable\nel baño sucio\nlos precios demasiado altos para lo que es",
    # Lists, labels, addresses.
    "Pros: light, quiet, and the battery lasts for a whole weekend\nCons: far too expensive, and it scratches easily.",
    "pros: light, quiet, and the battery lasts for a whole weekend\ncons: far too expensive, and it scratches easily.",
    "What I would change in the next version of your little app:\n- fewer messages in the evening, they wake up my "
    "children\n- a larger font for people who are as old as I am myself.",
    "What I would change in the next version of your little app\n1. fewer messages in the evening, they wake up my "
    "kids\n2. a larger font for people who are as old as I am myself.",
    "I found the manual of the little red drill machine on your page\nhttps://shop.example/manuals/drill.pdf, but the "
    "page is empty.",
    "Anna Smith\n12 Long Street\nOldtown\n+44 20 7946 0018",
    # Poems, and thoughts that somebody broke where they liked.
    "Roses are red,\nyour parcels are late,\nI sat on the doorstep\nfrom seven to eight.",
    "The room was clean and quiet, with a view over the whole bay\nand a terrace.\nThe people at the desk were kind\n"
    "when we asked for towels.",
    "We liked the room, the terrace and the view over the whole bay with its many little boats\nin the evening.",
    "We had the soup and the fish. The waiter was friendly and quick\n"
    "and the music quiet. We were there with our parents and aunts\nand friends",
    "the room was nice and quiet and clean\nwe tried the soup, the fish and the cake with our friends here\n"
    "and it was all fine. the people at the desk were kind to all\nof us. we shall come again.",
    # Scripts that put no space between words.
    "อาหารอร่อยมากค่ะ พนักงานบริการดีและสุภาพกับลูกค้าทุกคนเลยค่ะ\nที่จอดรถน้อยไปหน่อย ต้องวนหาที่จอดอยู่นานเกือบชั่วโมง\nราคาแพงเกินไป",
    "外卖送得很快而且包装完好没有任何破损汤也还是热的味道也不错就是分量稍微少了一点点希望下次能多给一些\n价格太贵了对于这么小的一份来说完全不值得而且送餐费也涨了一倍多让人很难接受以后不会再点了",
    "อาหารอร่อยมากค่ะ พนักงานบริการดีและสุภาพกับลูกค้าทุกคนเลยค่ะ!\nที่จอดรถน้อยไปหน่อย! ต้องวนหาที่จอดอยู่นานเกือบชั่วโมงเต็ม\n"
    "ราคาแพงเกินไปสำหรับปริมาณที่ได้ แต่รสชาติดีมากจริง ๆ ค่ะ\nคงไม่กลับมาอีกแล้วค่ะ!",
    # A mail whose paragraphs are one line each.
    "Hello,\nThe delivery came two hours late and the soup was cold when it finally arrived at my door, and nobody "
    "at your hotline picked up the phone\nThe app is fine\nBye",
]  # fmt: skip


def split(text: str, language: str) -> list[str]:
    """Statements of a text, each on one line."""
    return [
        " ".join(statement.text.split())
        for statement in split_statements(Feedback(id="f", text=text, language=language))
    ]


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """Lexicon and language model are read before Hypothesis looks at the clock."""
    split("Hello. It leaks.", "en")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("language", "mail"), [(tag, mail) for tag, mails in MAILS.items() for mail in mails]
)
def test_a_wrapped_mail_says_what_it_says_on_one_line(language: str, mail: str, width: int) -> None:
    assert split(fill(mail, width), language) == split(mail, language)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("language", MAILS)
def test_a_wrapped_letter_loses_its_courtesies_only(language: str, gap: str, width: int) -> None:
    salutation, closing = LETTERS[language]
    bodies = MAILS[language]
    letter = gap.join([salutation, *(fill(body, width) for body in bodies), closing])
    assert split(letter, language) == split("\n\n".join(bodies), language)


@pytest.mark.parametrize(
    ("found", "replaced"), [("\n", " \n"), ("\n", "\r\n"), ("\n", " \r\n"), ("\n", "\n  "), ("\n", "\t\n")]
)
def test_blanks_around_a_break_do_not_matter(found: str, replaced: str) -> None:
    """Programs leave a blank before a break that they made (format=flowed), and indent replies."""
    (mail, *_) = MAILS["en"]
    assert split(fill(mail, 70).replace(found, replaced), "en") == split(mail, "en")


def test_a_statement_is_the_text_at_its_offsets() -> None:
    text = "The app is nice, although there are too many messages every\r\nevening, and the font is small. It leaks."
    statements = split_statements(Feedback(id="f", text=text, language="en"))
    assert [text[each.start : each.end] for each in statements] == [each.text for each in statements]
    assert [each.text for each in statements] == [
        "The app is nice,",
        "although there are too many messages every\r\nevening, and the font is small.",
        "It leaks.",
    ]


@pytest.mark.parametrize("text", TYPED)
def test_typed_breaks_are_borders(text: str) -> None:
    assert unwrapped(text) is None


def test_a_closing_beneath_a_full_line_stays_apart() -> None:
    letter = (
        "Hello,\nThe booking page crashed after I had paid and nobody at the office could\n"
        "find my name the next morning. Would you consider lowering the monthly fee?\nKind regards,\nAnna"
    )
    assert split(letter, "en") == [
        "The booking page crashed after I had paid and nobody at the office could find my name the next morning.",
        "Would you consider lowering the monthly fee?",
    ]


def test_a_label_beneath_a_full_line_stays_apart() -> None:
    text = (
        "We stayed for three nights in the old house above the harbour and saw\n"
        "the ships come in every morning. The room was clean, the view was the\n"
        "best that we ever had, and the people at the desk were kind to us and\n"
        "to our two dogs, who liked the beach and the garden behind the kitchen\n"
    )
    found = unwrapped(f"{text}Price: too high. Never again.")
    assert found is not None
    assert found.text == f"{text.replace(chr(10), ' ').rstrip()}\nPrice: too high. Never again."


def test_an_address_that_is_longer_than_the_lines_tells_no_width() -> None:
    text = (
        "I found the manual of the little red drill machine that I bought in May on\n"
        "https://shop.example/manuals/machines/drills/red/little/drill-2026-05-manual-en.pdf\n"
        "and it is far too short to be of use. There is not one picture in it, and\nthe letters are too small."
    )
    found = unwrapped(text)
    assert found is not None
    assert found.text.count("\n") == 2  # above and below the address


def test_a_letter_may_go_on_in_small_letters_below_its_salutation() -> None:
    letter = "Hallo zusammen,\n" + fill(
        "die Lieferung kam zwei Stunden zu spät und die Suppe war kalt. Schade!", 60
    )
    assert split(letter, "de") == [
        "die Lieferung kam zwei Stunden zu spät und die Suppe war kalt.",
        "Schade!",
    ]


def test_what_is_typed_below_a_wrapped_paragraph_stays_apart() -> None:
    mail = fill(MAILS["en"][0], 72)
    found = unwrapped(f"{mail}\nPros: quick\nCons: cold\n- late\n- loud\n\nBye\nAnna")
    assert found is not None
    assert found.text == f"{MAILS['en'][0]}\nPros: quick\nCons: cold\n- late\n- loud\n\nBye\nAnna"


def test_a_block_that_fits_the_width_of_another_is_wrapped() -> None:
    """A capital below the break tells nothing by itself."""
    block = "Die Tür schließt seit der Lieferung nicht mehr, und der Techniker aus\nRiga kam nie."
    assert unwrapped(block) is None
    found = unwrapped(f"{fill(MAILS['de'][0], 72)}\n\n{block}")
    assert found is not None
    assert found.text.endswith(block.replace("\n", " "))
    other_width = unwrapped(f"{fill(MAILS['de'][0], 90)}\n\n{block}")
    assert other_width is not None
    assert other_width.text.endswith(block)


# Short, so that lines are nearly full, and of more than a letter: "a. So" would be a point of a list.
WORDS = st.sampled_from(
    ["the", "soup", "was", "cold", "and", "late", "when", "they", "left", "it", "at", "my", "door"]
)
SENTENCES = st.lists(WORDS, min_size=30, max_size=45).map(lambda found: f"{' '.join(found).capitalize()}.")


@given(st.lists(SENTENCES, min_size=1, max_size=2), st.integers(60, 80))
def test_any_wrapped_sentences_are_joined(sentences: list[str], width: int) -> None:
    text = " ".join(sentences)
    found = unwrapped(fill(text, width))
    assert found is not None
    assert found.text.replace(".\n", ". ") == text  # a break behind a stop is a border in any case


BLOCKS = st.one_of(
    st.builds(fill, SENTENCES, st.integers(60, 80)),
    st.sampled_from(
        ["", " ", "and so on.", "- loud", "Cons: loud", "Anna", "12. x", "ไทย", "\u2028", "\ud800"]
    ),
    st.text(st.characters(), max_size=80),
)
MESSAGES = st.lists(BLOCKS, max_size=6).map("\n".join)
BREAKS = st.sampled_from(["\n", "\r\n", " \n ", "\n\n", "\t\n"])


@given(MESSAGES, BREAKS)
def test_the_way_back_leads_to_the_same_characters(message: str, typed: str) -> None:
    text = message.replace("\n", typed)
    found = unwrapped(text)
    if found is not None:
        assert found.text.split() == text.split()
        places = [place for place, char in enumerate(found.text) if not char.isspace()]
        spans = found.written([(place, place + 1) for place in places])
        assert [text[start:end] for start, end in spans] == [found.text[place] for place in places]
        assert all(one < other for (one, _), (other, _) in pairwise(spans))


@given(MESSAGES, BREAKS)
def test_statements_cover_wrapped_texts_exactly(message: str, typed: str) -> None:
    # No courtesy, which would be left out ("OI"), stands within.
    text = f"The lid leaks on one side.\n{message}\nThe lid leaks on one side.".replace("\n", typed)
    statements = split_statements(Feedback(id="f", text=text, language="en"))
    covered = [text[each.start : each.end] for each in statements]
    assert covered == [each.text for each in statements]
    assert "".join("".join(covered).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "unit", ["a b\n", "Ab cd " * 10 + "\n", ". \n", "(1) a\n", "a: b\n", "“”" * 30 + " a\n", "\n "]
)
def test_long_monotonous_texts_are_read_too(unit: str) -> None:
    """Each piece of such a text is looked at a few times, not once for each other piece."""
    text = unit * (20_000 // len(unit))
    found = unwrapped(text)
    assert found is None or found.text.split() == text.split()
