"""Web addresses in texts: they hold no words and no end of a sentence, and adverts name them.

People who speak of what they bought hardly ever do.
"""

import re
from typing import Final

# It ends where a script without spaces or its punctuation begins: "看https://t.cn/a，太差".
WEB_ADDRESS: Final = (
    r"(?:https?://|(?<![a-z0-9])www\.)\S[^\s\u0e00-\u0e7f\u2026\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]*"
)
"""Pattern of a whole address that is told by its beginning, for ``re.IGNORECASE``; in "Awww.Nice" there is none."""

# By its end, too, as "easyincome.example.com" and "t.me/income": not what a missing space joins, as
# "fast.App" and "nice.clean/tidy". An address of mail is none. Bounded or linear, for hostile texts.
_WITH_AND_WITHOUT_SCHEME: Final = re.compile(
    WEB_ADDRESS + r"|(?<![a-z0-9@._-])(?:[a-z0-9-]{1,40}\.){1,4}"
    r"(?:(?-i:com|net|org|io|biz|COM|NET|ORG)(?![a-z0-9@_-])|[a-z]{2}/\S)",
    re.IGNORECASE | re.ASCII,
)


def holds_web_address(text: str) -> bool:
    """Whether a text holds a web address, with or without its scheme."""
    return _WITH_AND_WITHOUT_SCHEME.search(text) is not None
