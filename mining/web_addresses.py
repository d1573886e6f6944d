"""Web addresses in messages: adverts and spam name one, people who speak of what they bought hardly ever do."""

import re
from typing import Final

# With a scheme, or by its end, as "easyincome.example.com" and "t.me/income": not what a missing space joins, as
# "fast.App" and "nice.clean/tidy". An address of mail is none. Bounded or linear, for hostile texts.
_WEB_ADDRESS: Final = re.compile(
    r"https?://\S|(?<![a-z0-9])www\.\S|"
    r"(?<![a-z0-9@._-])(?:[a-z0-9-]{1,40}\.){1,4}"
    r"(?:(?-i:com|net|org|io|biz|COM|NET|ORG)(?![a-z0-9@_-])|[a-z]{2}/\S)",
    re.IGNORECASE | re.ASCII,
)


def holds_web_address(text: str) -> bool:
    """Whether a text holds a web address, with or without its scheme."""
    return _WEB_ADDRESS.search(text) is not None
