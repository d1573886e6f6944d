"""Invented account names, as people of each language choose them."""

import random
from typing import Final

_NAMES: Final = {
    "vi": "minh lan huong tuan thao duc linh nam hanh quang mai phuong khoa yen bao trang",
    "th": "nok som ploy art beer fon mint bank pim golf nan ton aom kwan boy mook",
    "lv": "janis liga anna martins inese karlis zane edgars ilze peteris dace raivis sanita guntis aija ints",
    "zh": "xiaowei lihua mengmeng ajie tiantian dawei xiaoyu nana leilei haoran qiqi laowang yiyi feifei sansan ming",
    "en": "jess tom gary priya dan ellie marcus shona bill kat olu steph nige ravi becky howard",
    "de": "jonas lena uwe kathrin timo sabine moritz heike",
    "es": "lucia pablo carmen javi nuria raul marta diego",
    "fr": "camille hugo nadia lucas elodie pierre ines theo",
    "id": "budi sari dewi agus putri rizky wati joko",
    "ja": "haruka kenta yuki sota mika taro aoi ryo",
    "uk": "olena taras iryna bohdan oksana andriy yulia petro",
    "pl": "kasia marek ola tomek zosia pawel gosia bartek",
}
_JOINTS: Final = ("", "_", ".", "-")
_MAX_NUMBER: Final = 999


class Authors:
    """Gives out account names, none twice."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, language: str, chance: random.Random) -> str:
        """An unused account name; languages without a list of their own borrow the English one."""
        names = _NAMES.get(language, _NAMES["en"]).split()
        while True:
            name = f"{chance.choice(names)}{chance.choice(_JOINTS)}{chance.randint(2, _MAX_NUMBER)}"
            if name not in self._taken:
                self._taken.add(name)
                return name
