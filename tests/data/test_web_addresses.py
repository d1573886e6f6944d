"""What is a web address, and what only looks like one."""

import time

import pytest

from data.web_addresses import holds_web_address


@pytest.mark.parametrize(
    "text",
    [
        "Work from home and make $4,000 a week, no skills needed! easyincome.example.com",
        "加V领优惠券，戳youhui-daquan.example.com",
        "看https://t.cn/a，太差",
        "HTTP://SHOP.INVALID",
        "see www.shop.lv",
        "ask me how: t.me/income",
        "Join bit.ly/3xY today",
        "Slot gacor: gacor77.example.com.",
    ],
)
def test_a_web_address_is_found_with_and_without_its_scheme(text: str) -> None:
    assert holds_web_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Kind riders, always on time.",
        "Too slow.The app hangs, e.g. on start and/or stop",
        "4.5/5, better than v2.1/v2.2",
        "I wrote to help@shop.example.com twice",
        "The .com boom",
        "it works...completely",
        "Riders are nice.clean/tidy, so fast.Easy/cheap",
        "It is good.App works, more.Info please",
    ],
)
def test_what_only_looks_like_an_address_is_none(text: str) -> None:
    assert not holds_web_address(text)


@pytest.mark.parametrize("text", ["a." * 50_000, "a-" * 50_000, "www." * 25_000 + " ", "h" * 100_000])
def test_hostile_texts_take_no_time(text: str) -> None:
    began = time.perf_counter()
    holds_web_address(text)
    assert time.perf_counter() - began < 1
