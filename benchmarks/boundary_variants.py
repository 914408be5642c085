"""Made-up variants of real papers: other ways of writing names and titles than arXiv's."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

from benchmarks.boundary_corpus import Example, cut_list, render, some_labels
from benchmarks.boundary_oddities import TEAMS, compound, odd_pair

Paper = tuple[str, list[str]]
NameStyle = Callable[[str, random.Random, int], str]
TitleStyle = Callable[[random.Random, str, Paper], str]

HAN_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧佐藤山田中村"
HAN_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文建国志海晓红云龙宇浩然一郎子美太健"
HAN_TITLE = (
    "基于深度学习的图像识别方法研究与应用分析系统设计模型优化网络数据控制理论自动高性能关于及其新型算法"
)
CYRILLIC = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "абцдефгхийклмнопкрстувшхызАБЦДЕФГХИЙКЛМНОПКРСТУВШХЫЗ",
)


def _initials(name: str, rnd: random.Random, style: int) -> str:
    parts = name.split()
    if len(parts) < 2:
        return name
    heads = [p[0] for p in parts[:-1] if p[0].isalpha()] or ["A"]
    if style < 3 and len(heads) == 1 and rnd.random() < 0.5:
        heads.append(rnd.choice("ABCDEFGHJKLMPRSTVWYZ"))
    joined = (
        " ".join(heads),
        "".join(heads),
        "".join(h + "." for h in heads),
        " ".join(h + "." for h in heads),
    )
    return joined[style % 4] + " " + parts[-1]


def _lower(name: str, rnd: random.Random, style: int) -> str:
    name = name.lower().replace(".", "") if style % 2 else name.lower()
    return name.replace("-", " ") if style >= 2 else name


def _capital_family(name: str, rnd: random.Random, style: int) -> str:
    parts = name.replace(".", "").split()
    if len(parts) < 2:
        return name.upper()
    given = " ".join(parts[:-1]) if style % 2 else "".join(parts[:-1]).capitalize()
    if style >= 2 and len(given) > 5 and "-" not in given:
        given = given[:3] + "-" + given[3:].lower()
    return parts[-1].upper() + " " + given


def _upper(name: str, rnd: random.Random, style: int) -> str:
    return name.upper()


def _family_first(name: str, rnd: random.Random, style: int) -> str:
    parts = name.split()
    return " ".join(parts[-1:] + parts[:-1])


def _camel(name: str, rnd: random.Random, style: int) -> str:
    parts = name.replace("-", " ").split()
    if len(parts) < 2:
        return name
    given = parts[0]
    if len(parts) == 2 and len(given) > 4:
        cut = rnd.randint(2, len(given) - 2)
        given = given[:cut] + given[cut:].capitalize()
    elif len(parts) > 2:
        return parts[0] + parts[1].capitalize() + " " + " ".join(parts[2:])
    return given + " " + " ".join(parts[1:])


def _plain_letters(name: str, rnd: random.Random, style: int) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", name) if unicodedata.category(c) != "Mn")


def _cyrillic(name: str, rnd: random.Random, style: int) -> str:
    return name.translate(CYRILLIC)


def _han(name: str, rnd: random.Random, style: int) -> str:
    return rnd.choice(HAN_FAMILY) + "".join(rnd.sample(HAN_GIVEN, rnd.choice((1, 2, 2))))


def _particle(name: str, rnd: random.Random, style: int) -> str:
    parts = name.split()
    particle = rnd.choice(
        ("van", "van der", "de", "de la", "von", "al-", "el-", "di", "da", "ter", "le", "dos", "bin")
    )
    if particle.endswith("-"):
        return " ".join([*parts[:-1], particle + parts[-1]])
    return " ".join([*(parts[:-1] if style else []), particle, parts[-1]])


NAME_STYLES: dict[str, tuple[NameStyle | None, int]] = {
    "initials": (_initials, 24),
    "lower": (_lower, 26),
    "capital family": (_capital_family, 14),
    "upper": (_upper, 8),
    "family first": (_family_first, 6),
    "camel": (_camel, 6),
    "plain letters": (_plain_letters, 3),
    "cyrillic": (_cyrillic, 2),
    "han": (_han, 2),
    "particle": (_particle, 4),
    "as listed": (None, 60),
}


def _some_names(rnd: random.Random, authors: list[str]) -> list[str]:
    """Odd single names in an otherwise plain list."""
    i = 0 if rnd.random() < 0.6 else rnd.randrange(len(authors))
    parts = authors[i].split()
    roll = rnd.random()
    if roll < 0.25:
        new = authors[i] + rnd.choice((" Jr.", ", Jr.", " III", " II", ", III", " Jr", " Sr.", ", Ph.D."))
    elif roll < 0.45 and len(parts) > 1:
        nick = rnd.choice(parts[0:1])[:4]
        new = f"{parts[0]} {rnd.choice(('({})', '“{}”', '({})')).format(nick)} {' '.join(parts[1:])}"
    elif roll < 0.6:
        new = parts[-1]
    else:
        word = rnd.choice((parts[-1], parts[-1].upper()[:5], parts[0]))
        new = rnd.choice(("", "", "The ", "the ")) + word + " " + rnd.choice(TEAMS)
    return [*authors[:i], new, *authors[i + 1 :]]


def _stop(rnd: random.Random, title: str, other: Paper) -> str:
    return title if title[-1] in ".?!" else title + "."


def _capitals(rnd: random.Random, title: str, other: Paper) -> str:
    return title.upper()


def _small(rnd: random.Random, title: str, other: Paper) -> str:
    return title.lower()


def _shortened(rnd: random.Random, title: str, other: Paper) -> str:
    words = title.split(" ")
    return " ".join(words[: rnd.randint(3, len(words) - 1)]).rstrip(",:;-") if len(words) > 4 else title


def _acronym(rnd: random.Random, title: str, other: Paper) -> str:
    acronym = "".join(w[0] for w in title.split(" ") if w[:1].isalpha()).upper()[: rnd.randint(2, 5)] or "AI"
    return title + rnd.choice((" ({})", " with {}", ": {}", " of {}.", " for {}s", " in {}-2")).format(
        acronym
    )


def _proper(rnd: random.Random, title: str, other: Paper) -> str:
    joint = rnd.choice((" with ", ": ", " on ", " in the ", " using ", " of "))
    return title + joint + compound(rnd, title.split(" ") + other[0].split(" "))


def _about(rnd: random.Random, title: str, other: Paper) -> str:
    forms = ("Comment on {}", "In memory of {}", "Reply to {}", "On a theorem of {}", "The work of {}")
    return rnd.choice(forms).format(rnd.choice((" and ", ", ")).join(other[1][:2]))


def _quoted(rnd: random.Random, title: str, other: Paper) -> str:
    return rnd.choice(("“{}”", '"{}"', "[{}].", "{}?", "{}!", "{}...")).format(title)


def _dotted(rnd: random.Random, title: str, other: Paper) -> str:
    words = title.split(" ")
    k = rnd.randint(1, max(1, len(words) - 2))
    return " ".join([*words[:k], "·", *words[k:]]) if len(words) > 3 else title


def _commas(rnd: random.Random, title: str, other: Paper) -> str:
    words = [w.rstrip(",") for w in title.split(" ")]
    if len(words) < 6:
        return title
    i, j = sorted(rnd.sample(range(1, len(words) - 1), 2))
    return f"{' '.join(words[:i])}, {' '.join(words[i:j])}, and {' '.join(words[j:])}"


def _han_title(rnd: random.Random, title: str, other: Paper) -> str:
    return "".join(rnd.sample(HAN_TITLE, rnd.randint(6, 20)))


def _cyrillic_title(rnd: random.Random, title: str, other: Paper) -> str:
    return title.translate(CYRILLIC)


def _unchanged(rnd: random.Random, title: str, other: Paper) -> str:
    return title


TITLE_STYLES: dict[str, tuple[TitleStyle, int]] = {
    "stop": (_stop, 38),
    "capitals": (_capitals, 8),
    "small": (_small, 8),
    "shortened": (_shortened, 6),
    "acronym": (_acronym, 8),
    "proper": (_proper, 5),
    "about": (_about, 3),
    "quoted": (_quoted, 2),
    "dotted": (_dotted, 1),
    "commas": (_commas, 3),
    "han": (_han_title, 1),
    "cyrillic": (_cyrillic_title, 1),
    "as listed": (_unchanged, 18),
}
TOGETHER = {
    "capitals": ("upper", 0.4),
    "small": ("lower", 0.4),
    "han": ("han", 0.8),
    "cyrillic": ("cyrillic", 0.8),
}
"""Names often go the way of their title."""


def _pick(rnd: random.Random) -> tuple[str, str]:
    """A style for the title and one for the names."""
    title = rnd.choices(list(TITLE_STYLES), [w for _, w in TITLE_STYLES.values()])[0]
    name = rnd.choices(list(NAME_STYLES), [w for _, w in NAME_STYLES.values()])[0]
    follows, chance = TOGETHER.get(title, (name, 0.0))
    return title, follows if rnd.random() < chance else name


def _restyled(rnd: random.Random, authors: list[str], name: str) -> list[str]:
    """Names in another style, one list in ten only partly; or odd single names among plain ones."""
    change, style = NAME_STYLES[name][0], rnd.randrange(4)
    if change is None:
        return _some_names(rnd, authors) if rnd.random() < 0.35 else authors
    partly = rnd.random() < 0.1
    return [a if partly and rnd.random() < 0.5 else change(a, rnd, style) for a in authors]


SEPARATORS = (", ", ", ", ", ", ",", ",", ";", "; ", "; ", " and ", " & ", " | ")
PREFIXES = ("Authors: ", "Author: ", "By ", "by ", "By: ", "authors: ")
MADE_UP = ("proper", "acronym", "about", "odd")
"""Styles whose titles end in words that the paper's abstract can't hold."""
STALE = 0.02
"""How often such a title keeps the abstract all the same: authors rename papers and forget the abstract."""


def _said(rnd: random.Random, abstract: str | None, title_style: str) -> str | None:
    """The abstract that stands beside a variant; beside a made-up title mostly none."""
    if abstract is None or title_style not in MADE_UP:
        return abstract
    return abstract if rnd.random() < STALE else None


def variant(
    rnd: random.Random, title: str, authors: list[str], other: Paper, fold: int, abstract: str | None = None
) -> Example:
    """The paper as another page might have listed it; `other` is a paper to take words and names from."""
    title_style, name_style = _pick(rnd)
    title = TITLE_STYLES[title_style][0](rnd, title, other)
    shown, tail = cut_list(rnd, authors)
    shown = _restyled(rnd, shown, name_style)
    if rnd.random() < 0.02 and len(shown) > 1:
        shown[-1] = rnd.choice(("and ", "& ")) + shown[-1]
    if rnd.random() < 0.02:
        return Example(render(title, [], "", some_labels(rnd)), -1, fold, kind="no names", abstract=abstract)
    shown = [a for a in shown if a.strip()] or authors[:1]
    if rnd.random() < 0.03 and shown[0].split():
        title, shown = odd_pair(rnd, title, shown)
        title_style = "odd"
    separator, prefix, gap = ", ", "", ""
    if rnd.random() < 0.08:
        separator = rnd.choice(SEPARATORS)
        prefix = rnd.choice(PREFIXES) if rnd.random() < 0.2 else ""
    elif rnd.random() < 0.02:
        gap = " "
    said = _said(rnd, abstract, title_style)
    text = render(title + gap + prefix, shown, tail, some_labels(rnd), separator)
    kind = "space" if gap else name_style
    return Example(text, len(title + gap), fold, kind=kind, abstract=said)
