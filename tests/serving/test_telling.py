"""JSON for programs comes out on terminals, too: nothing in it steers one."""

import json

import pytest

from serving.telling import print_json

STEERING = "\x1b\x7f\x80\x9b\x9d\x9f\u061c\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069"


def test_what_steers_a_terminal_is_escaped_and_read_back(capsys: pytest.CaptureFixture[str]) -> None:
    record = {f"name {char}": [f"text {char}", "\\u009b ví dụ 👩\u200d🌾"] for char in STEERING}
    print_json(record)
    printed = capsys.readouterr().out
    assert not set(printed) & set(STEERING)
    assert "ví dụ 👩\u200d🌾" in printed
    assert json.loads(printed) == record
