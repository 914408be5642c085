"""The rules and peers that the identity benchmark sets beside byline."""

from __future__ import annotations

import importlib.util
import unicodedata
from collections import defaultdict

import polars as pl

PEERS = ("splink", "dedupe", "s2and")


def tokens_of(name: str) -> list[str]:
    """Return the letters a to z of a name as tokens; hyphens and dots part."""
    plain = (
        unicodedata.normalize("NFKD", name.replace("-", " ").replace(".", " "))
        .encode("ascii", "ignore")
        .decode()
    )
    return "".join(c if c.isalpha() else " " for c in plain.lower()).split() or ["?"]


def same_string(mentions: pl.DataFrame) -> pl.Series:
    """One person a listed string."""
    return mentions["name_as_listed"]


def first_and_last(mentions: pl.DataFrame) -> pl.Series:
    """One person a first and last token."""
    return _by_name(mentions, lambda tokens: f"{tokens[0]} {tokens[-1]}")


def initial_and_last(mentions: pl.DataFrame) -> pl.Series:
    """One person a last token and first initial."""
    return _by_name(mentions, lambda tokens: f"{tokens[0][0]} {tokens[-1]}")


def _by_name(mentions: pl.DataFrame, key: object) -> pl.Series:
    assert callable(key)
    listed = mentions["name_as_listed"]
    distinct = listed.unique()
    return listed.replace_strict(distinct, pl.Series([key(tokens_of(name)) for name in distinct]))


def heuristic(mentions: pl.DataFrame) -> pl.Series:
    """First and last name; middle initials must agree; an initial joins the only name it fits; a prefix by a co-author.

    Plain Python, as one would write it in forty lines.
    """
    blocks: dict[str, list[tuple[int, list[str]]]] = defaultdict(list)
    paper: dict[str, list[str]] = defaultdict(list)
    rows = list(mentions.select("paper_id", "name_as_listed").iter_rows())
    for i, (paper_id, name) in enumerate(rows):
        tokens = tokens_of(name)
        blocks[tokens[-1]].append((i, tokens[:-1]))
        paper[paper_id].append(f"{tokens[0][0]} {tokens[-1]}")
    out = [""] * len(rows)
    for family, members in blocks.items():
        full = {given[0] for _, given in members if given and len(given[0]) > 1}
        circle: dict[str, set[str]] = defaultdict(set)
        for i, given in members:
            if given and len(given[0]) > 1:
                circle[given[0]].update(paper[rows[i][0]])
        seen: dict[str, set[str]] = defaultdict(set)
        for _, given in members:
            if len(given) > 1:
                seen[given[0]].add(given[1][0])
        for i, given in members:
            first = _choice(given, full, circle, set(paper[rows[i][0]]), family)
            out[i] = f"{first} {_middle(given, seen[first])} {family}"
    return pl.Series(out)


def _choice(given: list[str], full: set[str], circle: dict[str, set[str]], met: set[str], family: str) -> str:
    """Return the full first name a mention goes by."""
    if not given:
        return ""
    first = given[0]
    longer = sorted(name for name in full if name != first and name.startswith(first))
    if len(first) == 1 and len(longer) == 1:
        return longer[0]
    own = f"{first[0]} {family}"
    near = [name for name in longer if len((circle[name] & met) - {own}) > 0]
    return near[0] if len(near) == 1 else first


def _middle(given: list[str], seen: set[str]) -> str:
    """Return the middle initial where the name is listed with several (`seen`); else nothing parts it."""
    return given[1][0] if len(seen) > 1 and len(given) > 1 else ""


def peers() -> list[str]:
    """Return what to say of each peer: whether it is here."""
    return [
        f"{peer}: {'importable' if importlib.util.find_spec(peer) else 'not installed here, left out'}"
        for peer in PEERS
    ]
