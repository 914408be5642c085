"""Bylines to learn from and to test on: the split, the plain rendering, and made-up variants."""

from __future__ import annotations

import random
import unicodedata
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

LABELS = (
    "anthropic deepmind google openai meta microsoft nvidia apple amazon ibm baidu tencent alibaba huawei stanford "
    "mit berkeley cmu OpenAI DeepMind ByteDance MIT ETH EPFL INRIA NVIDIA Google Microsoft IBM"
).split()
LONG_LABELS = (
    "University of California, Berkeley",
    "Stanford University",
    "Carnegie Mellon University",
    "Google DeepMind",
    "Tsinghua University",
    "ETH Zürich",
    "Microsoft Research",
    "Max Planck Institute for Intelligent Systems",
    "University of Oxford",
    "Chinese Academy of Sciences",
    "Meta AI",
    "Inria",
)
TEAMS = ("Collaboration", "Team", "Group", "Consortium", "Collaborations", "Working Group", "Study Group")
COMPOUND_ENDS = "Net Bank Map BERT GAN Base Sim Bench Flow Former Task How Clips Fusion Lab Nets GPT Trees Hub Eval".split()
HAN_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧佐藤山田中村"
HAN_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文建国志海晓红云龙宇浩然一郎子美太健"
HAN_TITLE = "基于深度学习的图像识别方法研究与应用分析系统设计模型优化网络数据控制理论自动高性能关于及其新型算法"
CYRILLIC = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "абцдефгхийклмнопкрстувшхызАБЦДЕФГХИЙКЛМНОПКРСТУВШХЫЗ",
)


@dataclass
class Example:
    """One byline and where its names begin (-1: nowhere). `weight` counts it so many times."""

    text: str
    border: int
    fold: int
    weight: float = 1.0
    kind: str = "plain"
    extra: dict[str, str] = field(default_factory=dict)


def bucket(identifier: str) -> int:
    """Which tenth a paper belongs to: CRC-32 of its arXiv id modulo 10; 0 to 8 are learned from, 9 tests."""
    return zlib.crc32(identifier.encode()) % 10


def load_arxiv(gold: Path) -> pl.DataFrame:
    """Read the arXiv papers with their `bucket` and `fold` (0-3), texts in NFC with single spaces."""
    frame = pl.read_parquet(gold / "arxiv_120k.parquet")
    codes = [zlib.crc32(i.encode()) for i in frame["id"]]
    tidy = pl.element().str.normalize("NFC").str.replace_all(r"\s+", " ").str.strip_chars()
    return frame.with_columns(
        pl.Series("bucket", [c % 10 for c in codes]),
        pl.Series("fold", [c // 10 % 4 for c in codes]),
        pl.col("title").str.normalize("NFC").str.replace_all(r"\s+", " ").str.strip_chars(),
        pl.col("authors").list.eval(tidy),
    )


def render(title: str, authors: list[str], tail: str = "", labels: str = "") -> str:
    """Glue a byline as the listing page does."""
    return title + ", ".join(authors) + tail + (" · " + labels if labels else "")


def _labels(rnd: random.Random) -> str:
    if rnd.random() < 0.7:
        return ""
    if rnd.random() < 0.6:
        return ", ".join(rnd.sample(LABELS, rnd.randint(1, 3)))
    return ", ".join(rnd.sample(LONG_LABELS, rnd.randint(1, 2)))


def _cut(rnd: random.Random, authors: list[str]) -> tuple[list[str], str]:
    if rnd.random() < 0.7:
        return authors[:3], " et al." if len(authors) > 3 else ""
    shown = authors[: rnd.choice((1, 2, 3, 4, 6, 10, 30))]
    return shown, rnd.choice((" et al.", " et al.", " et al")) if len(authors) > len(shown) else ""


def plain(rnd: random.Random, title: str, authors: list[str], fold: int) -> Example:
    """The paper as it would be listed."""
    shown, tail = _cut(rnd, authors)
    if rnd.random() < 0.1:
        tail = ""
    return Example(render(title, shown, tail, _labels(rnd)), len(title), fold)


def _initials(name: str, rnd: random.Random, style: int) -> str:
    parts = name.split()
    if len(parts) < 2:
        return name
    heads = [p[0] for p in parts[:-1] if p[0].isalpha()] or ["A"]
    if style < 3 and len(heads) == 1 and rnd.random() < 0.5:
        heads.append(rnd.choice("ABCDEFGHJKLMPRSTVWYZ"))
    joined = (" ".join(heads), "".join(heads), "".join(h + "." for h in heads), " ".join(h + "." for h in heads))
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
    particle = rnd.choice(("van", "van der", "de", "de la", "von", "al-", "el-", "di", "da", "ter", "le", "dos", "bin"))
    if particle.endswith("-"):
        return " ".join([*parts[:-1], particle + parts[-1]])
    return " ".join([*(parts[:-1] if style else []), particle, parts[-1]])


NAME_STYLES = {
    "initials": (_initials, 24),
    "lower": (_lower, 22),
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


def _compound(rnd: random.Random, parts: list[str]) -> str:
    """A made-up proper name in camel case (`GraphBank`, `DeepBERT`, `wordNet-2`) from a title's own words."""
    first, second = rnd.choice(parts), rnd.choice((*parts, *COMPOUND_ENDS))
    first = rnd.choice((first.capitalize(), first.capitalize(), first[:4].capitalize(), first.upper()[:3], first.lower()))
    second = rnd.choice((second[:1].upper() + second[1:],) * 4 + (second.upper()[:4],))
    third = rnd.choice(("",) * 9 + ("-2", "20", "Net", "™", "s", "4B"))
    return first + second + third


def _title(rnd: random.Random, title: str, others: list[str]) -> str:
    """Odd titles."""
    roll = rnd.random()
    words = title.split(" ")
    if roll < 0.38:
        return title if title[-1] in ".?!" else title + "."
    if roll < 0.46:
        return title.upper()
    if roll < 0.54:
        return title.lower()
    if roll < 0.60 and len(words) > 4:
        return " ".join(words[: rnd.randint(3, len(words) - 1)]).rstrip(",:;-")
    if roll < 0.66:
        acronym = "".join(w[0] for w in words if w[0].isalpha()).upper()[: rnd.randint(2, 5)] or "AI"
        return title + rnd.choice((" ({})", " with {}", ": {}", " of {}.", " for {}s", " in {}-2")).format(acronym)
    if roll < 0.69:
        parts = [w for w in words if w.isalpha() and 2 < len(w) < 10] or ["Deep", "Net"]
        return title + rnd.choice((" with ", ": ", " on ", " in the ", " using ", " of ")) + _compound(rnd, parts)
    if roll < 0.72:
        return rnd.choice(("Comment on {}", "In memory of {}", "Reply to {}", "On a theorem of {}", "The work of {}")).format(
            rnd.choice((" and ", ", ")).join(others[:2])
        )
    if roll < 0.74:
        return rnd.choice(("“{}”", '"{}"', "[{}].", "{}?", "{}!", "{}...")).format(title)
    if roll < 0.75 and len(words) > 3:
        k = rnd.randint(1, len(words) - 2)
        return " ".join([*words[:k], "·", *words[k:]])
    if roll < 0.78 and len(words) > 5:
        i, j = sorted(rnd.sample(range(1, len(words) - 1), 2))
        return " ".join(words[:i]).rstrip(",") + ", " + " ".join(words[i:j]).rstrip(",") + ", and " + " ".join(words[j:])
    if roll < 0.79:
        return "".join(rnd.sample(HAN_TITLE, rnd.randint(6, 20)))
    if roll < 0.80:
        return title.translate(CYRILLIC)
    return title


def variant(rnd: random.Random, title: str, authors: list[str], others: list[str], fold: int) -> Example:
    """The paper as another page might have listed it."""
    name = rnd.choices(list(NAME_STYLES), [w for _, w in NAME_STYLES.values()])[0]
    title = _title(rnd, title, others)
    shown, tail = _cut(rnd, authors)
    change, style = NAME_STYLES[name][0], rnd.randrange(4)
    if change is not None:
        mixed = rnd.random() < 0.1
        shown = [a if mixed and rnd.random() < 0.5 else change(a, rnd, style) for a in shown]
    elif rnd.random() < 0.35:
        shown = _some_names(rnd, shown)
    if rnd.random() < 0.02 and len(shown) > 1:
        shown[-1] = rnd.choice(("and ", "& ")) + shown[-1]
    if rnd.random() < 0.02:
        return Example(render(title, [], "", _labels(rnd)), -1, fold, kind="no names")
    shown = [a for a in shown if a.strip()] or authors[:1]
    return Example(render(title, shown, tail, _labels(rnd)), len(title), fold, kind=name)
