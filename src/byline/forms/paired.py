"""The form `lines`: a title's line, then a line of authors, with nothing that marks either.

Paragraphs (between blank lines) are laid into records by themselves. Where a person declared the form, a paragraph of
two lines is a record whatever it looks like; undeclared, a text is read so only when its names leave no doubt.

Example: the paragraph `Session 1`, `On Owls`, `Ada Pym, Bo Li`, `On Moss`, `Cy Dee` holds a heading and two records,
since its third and fifth line are names, and the line right before names is a title.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from byline import boundary
from byline.forms.confidence import DOUBTFUL, MARKED
from byline.forms.declared import LINES
from byline.forms.model import forms
from byline.forms.name_lists import are_lists, read_lists
from byline.listing.lines import Flags, Ints, Page, ranges
from byline.listing.text import fold_space

_AT_LEAST = 3
"""As many records a text must have to be read so undeclared."""
_LONGEST_TITLE = 400
_LONGEST_HEADING = 90
_APART = 0.9
"""From so many paragraphs of one line on, blank lines stand between all lines, not between records."""
_ALIKE = 0.5
"""At most so many titles may look like names: `Pebbles and Their Order`."""
_SURELY = 0.9
"""How sure the boundary model must be of where a title ends."""
LABEL = r"^(?i:title|authors?)\s*:\s*"
_NUMBER = r"^\s*(?:(?i:paper(?: id)?)\s+#?\d{1,5}\s*[.:–-]?|#\d{1,5}\s*[.):–-]?|\(?#?\d{1,5}[.):]|\[\d{1,5}\]|[-*•])\s+"


@dataclass(frozen=True)
class Pairs:
    """Records found: the title's line, the authors' line, the first line of what follows, whether names are plain."""

    title: Ints
    authors: Ints
    stop: Ints
    plain: Flags


@dataclass(frozen=True)
class Looks:
    """What lines look like that may be titles or names; one entry a line, ascending."""

    line: Ints
    texts: pl.Series
    names: Flags
    several: Flags

    def between(self, first: int, stop: int) -> Looks:
        """Return those of the lines from one to before another."""
        a, b = np.searchsorted(self.line, [first, stop]).tolist()
        return Looks(self.line[a:b], self.texts.slice(a, b - a), self.names[a:b], self.several[a:b])


def look(page: Page, lines: Ints) -> Looks:
    """Look at lines in any order: blank ones are left out, and what a page writes above titles, which parts alike."""
    lines = np.unique(lines)
    lines = lines[~page.blank[lines]]
    furniture = forms()[LINES].furniture
    if furniture is not None and len(lines):
        lines = lines[~page.lines(lines).str.contains(furniture).to_numpy()]
    texts = _bare(page.lines(lines))
    names, several = are_lists(texts)
    return Looks(lines, texts, names.to_numpy(), several.to_numpy())


def find_pairs(looks: Looks, stop: int, *, declared: bool) -> Pairs | None:
    """Return the records among lines, which end before `stop`; null where they are not read so."""
    lines, texts, is_names, is_several = looks.line, looks.texts, looks.names, looks.several
    if not len(lines):
        return None
    edges = np.concatenate([[0], np.flatnonzero(np.diff(lines) > 1) + 1, [len(lines)]])
    if (np.diff(edges) == 1).mean() >= _APART:
        edges = np.array([0, len(lines)])  # a blank line between all lines parts nothing
    found: list[tuple[int, int]] = []
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        found += _paragraph(start, end, is_names, declared=declared)
    if not found or not (declared or _beyond_doubt(found, texts, is_names, is_several)):
        return None
    title, authors = np.array(found, np.int64).T
    return Pairs(lines[title], lines[authors], np.append(lines[title[1:]], stop), is_names[authors])


def hold_pairs(page: Page, first: Ints, stop: Ints, among: Flags) -> Flags:
    """Tell which ranges of lines, of those `among` them, are titles with names beyond doubt, however short: no menu."""
    found = np.zeros(len(first), bool)
    rows = np.flatnonzero(among & (stop - first >= 2 * _AT_LEAST))
    if not len(rows):
        return found  # to look at no lines costs a millisecond, of expressions that are compiled for them
    looks = look(page, ranges(first[rows], stop[rows])[0])
    for row in rows.tolist():
        some = looks.between(int(first[row]), int(stop[row]))
        found[row] = find_pairs(some, int(stop[row]), declared=False) is not None
    return found


def _bare(lines: pl.Series) -> pl.Series:
    return fold_space(lines).str.replace(_NUMBER, "").str.replace(LABEL, "")


def _paragraph(start: int, end: int, is_names: Flags, *, declared: bool) -> list[tuple[int, int]]:
    """Return the (title, authors) lines of one paragraph."""
    if declared and end - start == 2:
        return [(start, start + 1)]
    odd = is_names[start + 1 : end : 2]
    if (end - start) % 2 == 0 and len(odd) and odd.all():
        return [(at, at + 1) for at in range(start, end, 2)]
    found, at = [], start
    while at + 1 < end:
        if not is_names[at] and is_names[at + 1]:
            found.append((at, at + 1))
            at += 2
        else:
            at += 1
    if not found and declared and (end - start) % 2 == 0:
        return [(at, at + 1) for at in range(start, end, 2)]
    return found


def _beyond_doubt(
    found: list[tuple[int, int]],
    texts: pl.Series,
    is_names: Flags,
    is_several: Flags,
) -> bool:
    """Whether nearly every line is title or names, most lists are of several, and no title is a list or too long."""
    titles = np.array([title for title, _ in found])
    authors = np.array([names for _, names in found])
    left = np.setdiff1d(np.arange(len(texts)), np.concatenate([titles, authors]))
    return bool(
        len(found) >= _AT_LEAST
        and len(left) <= 2 + len(found) // 5
        and (texts.gather(left).str.len_chars() <= _LONGEST_HEADING).all()
        and is_several[authors].mean() >= 0.6
        and is_names[titles].mean() <= _ALIKE
        and _parted_otherwise(texts, titles[is_names[titles]], authors[is_names[titles]]) <= 0.1 * len(found)
        and (texts.gather(titles).str.len_chars() <= _LONGEST_TITLE).all()
    )


def _parted_otherwise(texts: pl.Series, titles: Ints, authors: Ints) -> int:
    """Return how many titles that look like names (`Pebbles and Their Order`) the model would not part from names."""
    return len(titles) - int(parted_there(texts.gather(titles), texts.gather(authors)).sum())


def parted_there(titles: pl.Series, names: pl.Series) -> Flags:
    """Tell where the boundary model, were each title to touch the names below it, would surely part them there."""
    if not len(titles):
        return np.zeros(0, bool)
    read = boundary.segment(pl.select(pl.concat_str(titles, names)).to_series())
    same = (read["title"] == titles) & (read["boundary_confidence"] >= _SURELY)
    return same.fill_null(value=False).to_numpy()


def read_pairs(page: Page, pairs: Pairs) -> pl.DataFrame:
    """Return title, names and confidence of records, as `fields.columns` does for other forms."""
    titles, authors = _bare(page.lines(pairs.title)), _bare(page.lines(pairs.authors))
    listed = read_lists(authors, np.zeros(len(authors), np.int64), "listed")
    sure = pl.Series(pairs.plain) & ~listed["odd"]
    return listed.drop("odd").with_columns(
        title=titles.set(titles == "", None),
        boundary_confidence=pl.when(sure).then(MARKED).otherwise(DOUBTFUL).cast(pl.Float32),
        published_precision=pl.lit("none"),
        listed_links=pl.lit([], dtype=pl.List(pl.String)),
        arxiv_id=pl.lit(None, dtype=pl.String),
    )
