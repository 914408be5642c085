"""Names in their own writing: which characters of a Chinese, Japanese or Korean name are the family name.

The family name stands first, mostly without a space behind it: 王小明, 佐藤太郎, 남궁민수. It is looked up; what
no list holds stays whole, but in Japanese a given name in kana tells where it begins.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from byline.core import resources

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々〆"
_KANA = "\u3041-\u3096\u30a1-\u30fa\u30fc"
_HANGUL = "\uac00-\ud7a3"
NATIVE = rf"^[{_HAN}{_KANA}{_HANGUL}]+(?: [{_HAN}{_KANA}{_HANGUL}]+)*$"
"""A name that is written in these scripts alone."""
_WORD = re.compile(rf"[{_HAN}{_KANA}{_HANGUL}]+")
_LONGEST = 7
"""Characters; a longer word is no name of a person."""
OTHERS = ("given", "word")
"""Kinds of the list that are no family names."""
_CHINESE = 4
"""Characters that a Chinese name has at most."""
_PLACES = frozenset("川田山本村野島原井口崎橋沢澤藤谷岡坂浦塚森瀬尾倉津辺部池")
"""Second characters that Japanese family names have, and that hardly begin a Chinese given name."""


@cache
def _lists() -> dict[tuple[str, str], set[str]]:
    """Return the names of each language and kind."""
    found: dict[tuple[str, str], set[str]] = {}
    for language, kind, names in resources.table("names/native_surnames.tsv"):
        found.setdefault((language, kind), set()).update(names.split())
    return found


@cache
def _before_kana() -> re.Pattern[str]:
    """Return the pattern of a name whose family name ends where kana begin; 2 ms that few texts need."""
    return re.compile(rf"([{_HAN}]{{1,4}}|[{_HAN}]{{1,2}}[ヶケノツ][{_HAN}]{{1,2}})[{_KANA}]+")


def chinese_words() -> list[str]:
    """Return words that are no names, but end in what begins a Chinese family name of two characters."""
    return sorted(_lists()["chinese", "word"])


@cache
def surnames() -> frozenset[str]:
    """Return all family names of the three languages."""
    return frozenset(name for (_, kind), names in _lists().items() if kind not in OTHERS for name in names)


def is_native(word: str) -> bool:
    """Tell a word of Chinese characters, kana or Hangul alone."""
    return _WORD.fullmatch(word) is not None


@lru_cache(maxsize=1 << 14)
def family_length(word: str) -> int:
    """Return how many characters of a whole name in one word are the family name; 0 where that can't be told.

    >>> [family_length(word) for word in ("王小明", "欧阳雪", "佐藤太郎", "남궁민", "서문영", "深層学習")]
    [1, 2, 2, 2, 1, 0]
    """
    if not 1 < len(word) <= _LONGEST or not is_native(word):
        return 0
    if re.search(rf"[{_HANGUL}]", word):
        return _korean(word)
    japanese, chinese = _japanese(word), _chinese(word)
    if not japanese or not chinese:
        return japanese or chinese
    return japanese if _seems_japanese(word, japanese, chinese) else chinese


def apart(words: list[str]) -> tuple[str | None, str]:
    """Return (given, family) of a name's words, all in these scripts; given is None where nothing tells them apart.

    The family name is the first word, but where that is none and the last one is: 小明 王, as registries have it.

    >>> apart(["王小明"]), apart(["佐藤", "誠"]), apart(["小明", "王"])
    (('小明', '王'), ('誠', '佐藤'), ('小明', '王'))
    """
    if len(words) == 1:
        size = family_length(words[0])
        return (words[0][size:], words[0][:size]) if size else (None, words[0])
    turned = words[-1] in surnames() or len(words[-1]) == 1 < len(words[0])
    if turned and words[0] not in surnames():
        return "".join(words[:-1]), words[-1]
    return "".join(words[1:]), words[0]


def _korean(word: str) -> int:
    lists = _lists()
    if not 1 < len(word) <= _CHINESE:
        return 0
    if len(word) > 2 and word[:2] in lists["korean", "compound"]:
        return 2
    if len(word) == _CHINESE:
        return 2 if word[:2] in lists["korean", "rare"] else 0
    return int(word[0] in lists["korean", "single"])


def _chinese(word: str) -> int:
    lists = _lists()
    if not _written(word, "gb2312") and not _written(word, "big5") and _written(word, "shift_jis"):
        return 0
    if 2 < len(word) <= _CHINESE and word[:2] in lists["chinese", "compound"]:
        return 2
    single = word[0] in lists["chinese", "single"] or word[0] in lists["chinese", "seldom"]
    return int(len(word) < _CHINESE and single)


def _japanese(word: str) -> int:
    known = _lists()["japanese", "any"]
    if not _written(word, "shift_jis"):
        return 0
    size = next((size for size in range(min(4, len(word) - 1), 0, -1) if word[:size] in known), 0)
    kana = _before_kana().fullmatch(word)
    return size if kana is None or size else len(kana[1])


def _seems_japanese(word: str, japanese: int, chinese: int) -> bool:
    """Decide where the name may be either: 石川葵 is 石川 with a given name of one character, 石思远 is none."""
    if chinese in (japanese, 2):
        return chinese == japanese
    if not _written(word, "gb2312") and not _written(word, "big5"):
        return True
    return word[1] in _PLACES or word[japanese:] in _lists()["japanese", "given"]


@lru_cache(maxsize=1 << 14)
def _written(word: str, codec: str) -> bool:
    """Tell whether a national standard of characters has all of a word's."""
    try:
        word.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
