"""What stands behind the date of a header, cut into badges."""

from __future__ import annotations

import re

import polars as pl

from byline.core import resources
from byline.listing import words

SEPARATORS = r"[\s·|,;•/+]"


_NEXT_COUNT = r"(?<=[^\W\d_])(?=\d[\d.,]*[kKM]?\+?\s[a-z])"
"""Where a count begins behind a letter: `2 repos|5 citations`, `Code|12 stars`."""


@resources.kept
def known() -> str:
    """Return the pattern of any known badge; an ASCII lower-case letter must not follow (`Codec` is not `Code`)."""
    return "(?:" + "|".join(map(re.escape, words.badges())) + ")"


def known_only() -> str:
    """Return the pattern (Rust's syntax too) of a rest that holds known badges and separators only."""
    return rf"^(?:{SEPARATORS}*{known()})*{SEPARATORS}*$"


def split_badges(rests: pl.Series) -> pl.Series:
    """Return the badges of each header as list[str]; `rests` is what stands behind the date, folded.

    Known badges are split off whether or not anything stands between them; what else is there stays as listed, one
    badge between two separators.
    """
    distinct = rests.unique(maintain_order=True)
    lists = pl.Series([_split(rest) for rest in distinct.to_list()], dtype=pl.List(pl.String))
    if distinct.len() == 1:
        return pl.Series("badges", lists).new_from_index(0, rests.len())
    frame = pl.DataFrame({"rest": rests}).join(
        pl.DataFrame({"rest": distinct, "badges": lists}),
        on="rest",
        how="left",
        maintain_order="left",
        validate="m:1",
    )
    return frame["badges"]


def _split(rest: str | None) -> list[str]:
    found: list[str] = []
    for part in re.split(rf"\s*[·|,;•]\s*|\s{{2,}}|{_NEXT_COUNT}", rest or ""):
        found.extend(_unglue(part.strip()))
    return list(dict.fromkeys(found))


def _unglue(part: str) -> list[str]:
    """Take known badges off both ends; the middle, if any, stays one text."""
    front: list[str] = []
    back: list[str] = []
    while hit := re.match(rf"{known()}(?![a-z])\s*", part):
        front.append(hit[0].strip())
        part = part[hit.end() :]
    while hit := re.search(rf"(?<![A-Z\s])\s*({known()})$", part):
        back.insert(0, hit[1])
        part = part[: hit.start()].rstrip()
    return [*front, *([part] if part else []), *back]
