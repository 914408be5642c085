"""Bylines to learn from and to test on: the split, the plain rendering."""

from __future__ import annotations

import random
import zlib
from dataclasses import dataclass
from pathlib import Path

import polars as pl

LABELS = """anthropic deepmind google openai meta microsoft nvidia apple amazon ibm baidu tencent alibaba huawei
stanford mit berkeley cmu OpenAI DeepMind ByteDance MIT ETH EPFL INRIA NVIDIA Google Microsoft IBM""".replace(
    "\n", " "
).split(" ")
LONG_LABELS = """University of California, Berkeley|Stanford University|Carnegie Mellon University|Google DeepMind
Tsinghua University|ETH Zürich|Microsoft Research|Max Planck Institute for Intelligent Systems|University of Oxford
Chinese Academy of Sciences|Meta AI|Inria""".replace("\n", "|").split("|")


@dataclass
class Example:
    """One byline and where its names begin (-1: nowhere). `weight` counts it so many times."""

    text: str
    border: int
    fold: int
    weight: float = 1.0
    kind: str = "plain"
    abstract: str | None = None


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


def render(title: str, authors: list[str], tail: str = "", labels: str = "", separator: str = ", ") -> str:
    """Glue a byline as the listing page does."""
    return title + separator.join(authors) + tail + (" · " + labels if labels else "")


def some_labels(rnd: random.Random) -> str:
    """Organisations after the names, in three of ten bylines."""
    if rnd.random() < 0.7:
        return ""
    if rnd.random() < 0.6:
        return ", ".join(rnd.sample(LABELS, rnd.randint(1, 3)))
    return ", ".join(rnd.sample(LONG_LABELS, rnd.randint(1, 2)))


def cut_list(rnd: random.Random, authors: list[str]) -> tuple[list[str], str]:
    """Mostly the first three names and ' et al.', as the page lists them; otherwise another number."""
    if rnd.random() < 0.7:
        return authors[:3], " et al." if len(authors) > 3 else ""
    shown = authors[: rnd.choice((1, 2, 3, 4, 6, 10, 30))]
    return shown, rnd.choice((" et al.", " et al.", " et al")) if len(authors) > len(shown) else ""


def plain(
    rnd: random.Random, title: str, authors: list[str], fold: int, abstract: str | None = None
) -> Example:
    """The paper as it would be listed."""
    shown, tail = cut_list(rnd, authors)
    if rnd.random() < 0.1:
        tail = ""
    return Example(render(title, shown, tail, some_labels(rnd)), len(title), fold, abstract=abstract)
