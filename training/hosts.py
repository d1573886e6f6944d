"""Web addresses of own texts, under many endings: the reserved ones would be all that a model learns of an advert.

Our texts only name hosts that nobody can own (RFC 2606: ``.example``, ``example.com``, ``.test``, ``.invalid``). A
model that reads them so knows an advert by its ending alone, and under ``.com`` most of ours no longer
(docs/training-log.md, section 30). Rows are read with endings as people meet them; no file holds such an address.
"""

import re
import zlib

_RARER = ("net", "org", "shop", "info", "top", "vip", "xyz", "online", "site", "club", "io", "app")
ENDINGS = ("com", "com", "com", *_RARER)
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
_SYLLABLES = ("ba", "do", "fi", "ka", "lu", "mo", "ni", "pe", "ra", "su", "ti", "vo", "we", "zo", "li", "ma")
_FORMS = (
    "https://{host}/{page}",
    "https://{host}",
    "http://www.{host}/{page}",
    "www.{host}",
    "{host}/{page}",
    "{host}",
)


def spread_hosts(text: str, lang: str) -> str:
    """The text with each reserved ending replaced by a common one, the same one whenever the text is read.

    Args:
        text: A text of ours, in which reserved hosts stand for any.
        lang: Its language (ISO 639-1), whose country's ending is one of those drawn.
    """
    ending = _ending(zlib.crc32(text.encode()), lang)
    return _RESERVED.sub(lambda found: f".{ending}" if found[0].startswith(".") else f"web.{ending}", text)


def with_address(text: str, lang: str) -> str:
    """The text with an invented web address behind it, or in front of one in four, always the same for a text.

    Of our texts only adverts name one, as customers rarely do: so a model would take every text that holds an address
    for an advert, and the complaint of who shows the page that fails, too.
    """
    number = zlib.crc32(text.encode())
    host = "".join(_SYLLABLES[number >> shift & 15] for shift in (0, 4, 8)) + "." + _ending(number, lang)
    address = _FORMS[number // 7 % len(_FORMS)].format(host=host, page=f"{number % 100_000:x}")
    return f"{address} {text}" if number % 4 == 0 else f"{text} {address}"


def _ending(number: int, lang: str) -> str:
    endings = (*ENDINGS, *(COUNTRIES.get(lang, lang),) * 5)
    return endings[number % len(endings)]
