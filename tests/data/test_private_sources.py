"""Which sources only the company reads."""

import json
import unicodedata
from pathlib import Path

import pytest
import yaml

import models
from data.private_sources import _NAMES_FILE, only_the_company_reads


@pytest.mark.parametrize(
    "name",
    [
        "email",
        "E-Mail",
        "support_tickets",
        "CSAT survey 2026",
        "Phiếu góp ý",
        "Khảo sát khách hàng",
        unicodedata.normalize("NFD", "Điện thoại"),
        "โทรศัพท์",
        "แบบสอบถามลูกค้า",
        "Klientu aptauja",
        "e-pasts",
        "客服电话",
        "满意度调查",
        "お客様アンケート",
        "고객상담",
        "Kontaktformular",
        "Anruf (Hotline)",
        "опрос клиентов",
        "Kundenumfrage",
        "Kundenmails",
        "Webformular",
        "klantonderzoek",
        "kundundersökning",
        "telefonsamtal",
        "SurveyMonkey",
        "WhatsApp",
        "Zendesk",
        "CustomerSurvey",
        "emailSupport",
    ],
)
def test_a_word_of_the_list_is_enough(name: str) -> None:
    assert only_the_company_reads(name)


@pytest.mark.parametrize(
    "name",
    [
        "app_store",
        "Google Play",
        "web_shop",
        "social",
        "Forum",
        "Facebook posts",
        "diễn đàn",
        "พันทิป",
        "小红书",
        "Trustpilot",
        "informer",
        "Callisto reviews",
        "Support forum",
        "support community",
        "Kundenforum (Hotline)",
        "diễn đàn hỗ trợ",
        "ฟอรัมซัพพอร์ต",
        "客服论坛",
        "iPhone App Store",
        "platform",
        "",
    ],
)
def test_other_names_are_public(name: str) -> None:
    assert not only_the_company_reads(name)


def test_every_language_of_the_model_has_its_words() -> None:
    lists = yaml.safe_load(_NAMES_FILE.read_text(encoding="utf-8"))
    card = json.loads((Path(models.__file__).parent / "default" / "countervoice.json").read_text())
    assert set(lists) - {"tools", "public"} == set(card["languages"])
