"""Web addresses of own texts, under many endings: the reserved ones would be all that a model learns of an advert.

Our texts only name hosts that nobody can own (RFC 2606: ``.example``, ``example.com``, ``.test``, ``.invalid``). A
model that reads them so knows an advert by its ending alone, and under ``.com`` most of ours no longer
(docs/training-log.md, section 30). Rows are read with endings as people meet them; no file holds such an address.
"""

import re
import zlib

ENDINGS = (
    "com",
    "com",
    "com",
    "net",
    "org",
    "shop",
    "info",
    "top",
    "vip",
    "xyz",
    "online",
    "site",
    "club",
    "io",
    "app",
)
# The endings of countries whose code is not that of the language.
COUNTRIES = {
    "ar": "ae",
    "cs": "cz",
    "en": "co.uk",
    "hi": "in",
    "ja": "jp",
    "ko": "kr",
    "sv": "se",
    "th": "co.th",
    "uk": "com.ua",
    "vi": "vn",
    "zh": "cn",
}
_RESERVED = re.compile(
    r"(?<=[\w-])\.(?:example(?:\.(?:com|net|org))?|test|invalid)(?![\w-]|\.\w)|(?<![\w.-])example\.(?:com|net|org)(?![\w-])"
)


def spread_hosts(text: str, lang: str) -> str:
    """The text with each reserved ending replaced by a common one, the same one whenever the text is read.

    Args:
        text: A text of ours, in which reserved hosts stand for any.
        lang: Its language (ISO 639-1), whose country's ending is one of those drawn.
    """
    endings = (*ENDINGS, *(COUNTRIES.get(lang, lang),) * 5)
    ending = endings[zlib.crc32(text.encode()) % len(endings)]
    return _RESERVED.sub(lambda found: f".{ending}" if found[0].startswith(".") else f"web.{ending}", text)
