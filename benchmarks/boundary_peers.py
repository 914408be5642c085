"""Other ways to find the border: the best rules by hand, and parsers of names that can be installed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import polars as pl

Reader = Callable[[pl.Series, pl.Series], pl.DataFrame]
_PARTICLE = r"(?:van|von|de|der|den|del|della|di|da|dos|du|la|le|ten|ter|bin|al|el)"
_WORD = r"(?:[A-Z][\w'’.\-]*|(?:al|el|d)[-'’][A-Z][\w'’\-]*)"
_NAME = rf"(?:{_PARTICLE} )*{_WORD}(?: (?:{_WORD}|{_PARTICLE}))*(?:, (?:Jr|Sr)\.?)?"
_LIST = re.compile(rf"(?=({_NAME}(?:, {_NAME})*)(?: et al\.)?(?: ·|$))")
_BORDER = re.compile(
    r"(?<=[a-z0-9.?!)\]}$\"'”’])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z.])|(?<=[a-z])(?=(?:van|von|de) )"
)


def _frame(rows: list[tuple[str | None, list[str]]]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "title": pl.Series([t for t, _ in rows], dtype=pl.String),
            "authors": pl.Series([a for _, a in rows], dtype=pl.List(pl.String)),
            "boundary_confidence": pl.Series([None if t is None else 0.0 for t, _ in rows], dtype=pl.Float32),
            "reason": pl.Series(["no_boundary" if t is None else None for t, _ in rows], dtype=pl.String),
        }
    )


def _candidates(byline: str) -> Iterator[tuple[int, list[str]]]:
    """Borders at a change of case from which names follow to the end."""
    for border in _BORDER.finditer(byline):
        names = _LIST.match(byline, border.start())
        if names:
            yield border.start(), re.split(r", (?!(?:Jr|Sr)\b)", names.group(1))


def rules(bylines: pl.Series) -> pl.DataFrame:
    """Read by rules: the first border where the kind of letter changes and only names of two to five words follow."""
    rows: list[tuple[str | None, list[str]]] = []
    for byline in bylines:
        found = list(_candidates(byline))
        usual = [c for c in found if 2 <= len(c[1][0].split()) <= 5]
        at, names = (usual or found or [(0, [])])[0]
        rows.append((byline[:at], names) if at else (None, []))
    return _frame(rows)


def probablepeople_reader() -> Reader | None:
    """Let probablepeople's tagger choose among the borders that the rules find; None when it isn't installed."""
    try:
        import probablepeople
    except ImportError:
        return None

    def tagged(name: str) -> float:
        """How much of a name the tagger takes for parts of a person's name."""
        labels = [label for _, label in probablepeople.parse(name)]
        good = ("GivenName", "Surname", "FirstInitial", "MiddleInitial", "MiddleName", "LastInitial")
        return sum(label in good for label in labels) / max(1, len(labels)) - abs(len(labels) - 2.5) * 0.01

    def read(bylines: pl.Series, _: pl.Series) -> pl.DataFrame:
        rows: list[tuple[str | None, list[str]]] = []
        for byline in bylines:
            best = max(_candidates(byline), key=lambda c: tagged(c[1][0]), default=(0, []))
            rows.append((byline[: best[0]], best[1]) if best[0] else (None, []))
        return _frame(rows)

    return read
