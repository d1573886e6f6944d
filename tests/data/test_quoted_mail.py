"""The mail that a message answers goes, in any language; what only looks like a mark stays; no text takes long."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import data.quoted_mail
from data.language import LANGUAGES
from data.quoted_mail import without_quoted_mail

OWN = "It came too late.\n\nAnna"
QUOTED = [
    "On Mon, Mar 3, 2026 at 14:20, Care Team <care@shop.example> wrote:\n\n> We are sorry.\n> Very.",
    "On Mon, Mar 3, 2026 at 14:20, Care Team With A Long Name\n<care@shop.example> wrote:\nWe are sorry.",
    "Am 3.03.2026 um 14:20 schrieb Petra Vogel:\n> Es tut uns leid.\n>\n> --\n> Ihr Laden",
    "Le mar. 3 mars 2026 à 14:20, Shop <a@shop.example> a écrit :\n\nNous sommes désolés.",
    "El mar, 3 mar 2026 a las 14:20, Shop (<a@shop.example>) escribió:\nLo sentimos.",
    "Vào Th 2, 3 thg 3, 2026 vào lúc 14:20 Shop đã viết:\n> Rất tiếc.",
    "ในวันที่ จ. 3 มี.ค. 2026 เวลา 14:20 ร้านค้า เขียนว่า:\n> ขออภัย",
    "Pirmd., 2026. g. 3. marts 14:20 Ilze Bērziņa rakstīja:\nAtvainojamies.",
    "王芳 于2026年3月3日周一 14:20写道：\n> 非常抱歉",
    "2026年3月3日(火) 14:20 Shop <a@shop.example>:\n> 申し訳ありません。",
    "вт, 3 мар. 2026 г. в 14:20, Shop <a@shop.example> пишет:\n\nПриносим извинения.",
    "3 mar 2026 o 14:20 Sklep napisał(a):\n> Przepraszamy.",
    "Von: Petra Vogel <service@shop.example>\nGesendet: Montag\nAn: kunde@mail.example\nBetreff: AW: x\n\nLeider.",
    "________________________________\nFrom: Care <care@shop.example>\nDate: 2026-03-03\nSubject: x\n\nSorry.",
    "*From:* Care Team\n*Sent:* Monday, March 3, 2026 2:20 PM\n*To:* Anna\n*Subject:* RE: x\n\nSorry.",
    "发件人：客服 <a@shop.example>\n发送时间：2026年3月3日\n收件人：王芳\n主题：回复\n\n抱歉",
    "No: Ilze Bērziņa\n\nNosūtīts: pirmdien, 2026. gada 3. martā 14.20\n\nKam: Anna\n\nTēma: Atb.\n\nAtvainojamies.",
    "De : Shop <a@shop.example>\r\nEnvoyé : mardi\r\nObjet : x\r\n\r\nDésolés.",
    "-----Original Message-----\nFrom: Care\nSent: Monday\nTo: Anna\nSubject: x\n\nSorry.",
    "-------- Ursprüngliche Nachricht --------\nLeider.",
    "------------------ 原始邮件 ------------------\n抱歉",
    "---------- Forwarded message ---------\nSorry.",
    "##- Please type your reply above this line -##\nSorry.",
]  # fmt: skip
STAYS = [
    "My wife wrote:\nit was late",
    "In 2019 I wrote:\nit was late",
    "Late.\nFrom: Riga\nTo: Jelgava\nDate: 3 March\nThe driver was rude.",  # a trip
    "Late.\nFrom: 10 o'clock on nobody came\nand nobody cared",
    "Late.\n>:(\n>3 hours",
    "Late.\n> one line that is quoted",
    "Late.\n\n> We are sorry.\n>> It was late.\n>",
    "Problems:\n> lid leaks\n> no refund\n> rude staff",
    "Timeline:\n> 3 May ordered\n> 9 May nothing",
    "Bad\n> 3 weeks late\n> 2 calls",
    "Log:\n> On 3 March 2026 at 14:20 the shop wrote:\n> no",
    'No answer!\nOn 3 May 2026 your agent John wrote:\n"We do not care."\nThis is unacceptable, I want my money back',
    "Keine Lösung.\nAm 3.5.2026 schrieb Ihr Mitarbeiter:\nWir haben keine Zeit.\nDas ist eine Frechheit!",
    "Keine Lösung.\nAm 03.05.2026 schrieb Ihr Mitarbeiter:\nWir haben keine Zeit.\nDas ist eine Frechheit!",
    "Le 12 mai 2026 le vendeur m'a écrit :\nrupture de stock.\nHonteux !",
    "Bad.\nLe 12 mai 2026 le vendeur m'a écrit :\nrupture de stock.\nHonteux !",
    "Bad.\nOn 05/12 the seller wrote:\nno refund.\nScam!",
    "Bad.\nAm 12.05 schrieb der Laden zum 2. Mal:\nNein.\nBetrug!",
    "Ticket problem.\nFrom: London\nTo: Paris\nDate: 3 May 2026\nSubject: refund",
    "Ticket problem.\nFrom: London\nTo: Paris\nDate: 3 May 2026\nSubject: refund\nIt left at 14:20 on 3 May 2026.",
    "Ticket problem.\nFrom: London\nTo: Paris\nDate: 3 May 2026\nSubject: refund\nMy address is a@b.example",
    "They said\n> one\n> two\nand I do not believe it",
    "Late.\n-- Original\n----\n- - -",
    "Late.\n---\nSo late.",
    "I waited 45 minutes for 2 meals\nand my wife wrote:\nlate",
    "Write to me at anna@example.com, as I wrote:\nlate",
    "Ratings: 1 2 3:\nfood: 5\nservice: 4",
    "On Mon, Mar 3, 2026 at 14:20, Care Team <care@shop.example> wrote: sorry",
]


@pytest.mark.parametrize("quoted", QUOTED)
def test_what_is_quoted_below_goes(quoted: str) -> None:
    assert without_quoted_mail(f"{OWN}\n\n{quoted}").replace("\r", "") == OWN


@pytest.mark.parametrize("quoted", QUOTED)
def test_a_message_that_begins_with_what_is_quoted_keeps_it(quoted: str) -> None:
    assert without_quoted_mail(quoted) == quoted
    assert without_quoted_mail(f"\n \u200b\n{quoted}") == f"\n \u200b\n{quoted}"


@pytest.mark.parametrize("text", STAYS)
def test_what_only_looks_like_a_mark_stays(text: str) -> None:
    assert without_quoted_mail(text) == text


def test_answers_between_and_below_the_quoted_lines_stay() -> None:
    mark = "On Mon, Mar 3, 2026 at 14:20, Care <care@shop.example> wrote:"
    assert without_quoted_mail(f"{mark}\n> How was it?\n\nToo late.") == "Too late."
    mixed = f"Hello,\n{mark}\n\n> How was the food?\nCold.\n> And the rider?\nKind."
    assert without_quoted_mail(mixed) == "Hello,\n\nCold.\nKind."


def test_lines_with_a_bracket_go_behind_any_attribution_and_the_writer_goes_on_below() -> None:
    text = "Bad.\nOn 05/12 the seller wrote:\n\n> no refund.\n> Bye.\nScam!"
    assert without_quoted_mail(text) == "Bad.\n\nScam!"


def test_the_first_of_several_marks_counts() -> None:
    assert without_quoted_mail("\n".join([OWN, *QUOTED])) == OWN


def test_every_language_has_its_words() -> None:
    sections = yaml.safe_load(
        Path(data.quoted_mail.__file__).with_name("quoted_mail.yaml").read_text(encoding="utf-8")
    )
    for name, languages in sections.items():
        assert set(languages) <= set(LANGUAGES), name
        assert name == "above" or set(languages) == set(LANGUAGES), name
        assert all(isinstance(words, str) for words in languages.values()), name


LINES = st.sampled_from(
    [*(line for quoted in QUOTED for line in quoted.split("\n")), "Late.", "", " ", ">", "____", "a: b"]
)


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_what_is_left_was_there_and_is_not_blank(text: str) -> None:
    left = without_quoted_mail(text)
    assert left == text or left.strip()
    written = text.split("\n")
    assert all(
        line in written or line in map(str.strip, written) for line in left.strip().split("\n") if line
    )


HOSTILE = [
    *(
        "a\n",
        ">\n",
        "> a\n",
        ">:\n",
        ":\n",
        "：\n",
        "From:\n",
        "From: a@b\n",
        "From: a\nDate: b\n",
        "From:\n____ ",
    ),
    *(
        "wrote:\n",
        "1 2 wrote:\n",
        "1 2 wrote:\n> a\n",
        "On 1 2\n",
        "1 2 wrote ",
        "@>:\n",
        "1 ",
        "1:\n",
        "\n",
        " \n",
    ),
    *("--", "--\n", "-- a ", "-- Original\n", "##\n", "_", "_ ", "*", "* \n"),
]


@pytest.mark.parametrize("part", HOSTILE)
@pytest.mark.parametrize("before", ["a\n", "a\nFrom: a@b\nSent: b\n_", "a@b\n"])
def test_a_hostile_text_of_400_000_characters_comes_to_an_end(part: str, before: str) -> None:
    text = before + part * (400_000 // len(part))
    assert len(without_quoted_mail(text)) <= len(text)
