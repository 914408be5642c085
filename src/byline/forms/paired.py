"""The form `lines`: a title's line, then a line of authors, with nothing that marks either.

Paragraphs (between blank lines) are laid into records by themselves. Where a person declared the form, a paragraph of
two lines is a record whatever it looks like; undeclared, a text is read so only when its names leave no doubt. In
longer paragraphs the records are those that leave out and gainsay least.

A declared file is read in stretches of about 1 MiB, so that what lines say of each other does not depend on slices.

Example: the paragraph `Session 1`, `On Owls`, `Ada Pym, Bo Li`, `On Moss`, `Cy Dee` holds a heading and two records,
since its third and fifth line are names, and the line right before names is a title.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from byline import boundary
from byline.forms import stretches
from byline.forms.confidence import DOUBTFUL, MARKED
from byline.forms.declared import LINES
from byline.forms.list_lines import are_lists
from byline.forms.marks import first_above
from byline.forms.model import forms
from byline.forms.name_lists import read_lists
from byline.forms.name_patterns import patterns
from byline.listing.lines import Flags, Ints, Page, last_shown, ranges
from byline.listing.text import damaged, fold_space

Floats = npt.NDArray[np.float64]

_AT_LEAST = 3
"""As many records a text must have to be read so undeclared."""
_LONGEST_TITLE = 400
_LONGEST_HEADING = 90
_HEADING = (
    r"(?i)\b(?:accepted|papers?|proceedings|sessions?|track|posters?|orals?|spotlights?|workshop|conference|keynotes?"
    r"|tutorials?|program(?:me)?|contents|abstracts?|publications?)\b"
)
"""Words of a page above or between its papers, never of names."""
_SENTENCE = r"[.!?]\s*$|^(?:\S+\s+){8}"
_PARTED = r",\s|;|\||\s(?:and|&)\s"
_SKIPPED, _ALIKE_COSTS, _NUMBERED_COSTS = 3.0, 1.0, 2.0
_LIKELY, _RARELY, _HARDLY, _NEVER = 2.0, 4.0, 5.0, 8.0
_APART = 0.9
"""From so many paragraphs of one line on, blank lines stand between all lines, not between records."""
_ALIKE = 0.5
"""At most so many titles may look like names: `Pebbles and Their Order`."""
_SURELY = 0.9
"""How sure the boundary model must be of where a title ends."""
LABEL = r"^(?i:title|authors?)\s*:\s*"
_NUMBER = r"^\s*(?:(?i:paper(?: id)?)\s+#?\d{1,5}\s*[.:–-]?|#\d{1,5}\s*[.):–-]?|\(?#?\d{1,5}[.):]|\[\d{1,5}\]|[-*•])\s+"


STRETCH_SLACK = 1 << 16
"""As many bytes further on a stretch of pairs ends, at the latest with the next paragraph, where names end none."""


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
    numbered: Flags
    """A number or a bullet stands before it: it is a title."""
    unlike: Floats
    """What it costs to take it for names where it does not look like a list of them."""

    def between(self, first: int, stop: int) -> Looks:
        """Return those of the lines from one to before another."""
        a, b = np.searchsorted(self.line, [first, stop]).tolist()
        texts = self.texts.slice(a, b - a)
        rest = (self.names[a:b], self.several[a:b], self.numbered[a:b], self.unlike[a:b])
        return Looks(self.line[a:b], texts, *rest)


def look(page: Page, lines: Ints) -> Looks:
    """Look at lines in any order: blank ones are left out, and what a page writes above titles, which parts alike."""
    lines = np.unique(lines)
    lines = lines[~page.blank[lines]]
    furniture = forms()[LINES].furniture
    if furniture is not None and len(lines):
        lines = lines[~page.lines(lines).str.contains(furniture).to_numpy()]
    shown = page.plain(lines)
    texts = _bare(shown)
    names, several = are_lists(texts)
    heading = texts.str.contains(_HEADING) & (texts.str.len_chars() <= _LONGEST_HEADING)
    numbered = shown.str.contains(_NUMBER).to_numpy()
    names, several = names & ~heading, several & ~heading
    return Looks(lines, texts, names.to_numpy(), several.to_numpy(), numbered, _unlike(texts, heading))


def _unlike(texts: pl.Series, heading: pl.Series) -> Floats:
    """Return what it costs to take lines for names that do not look like lists of them."""
    prose = texts.str.contains(patterns().prose) | texts.str.contains(_SENTENCE)
    parted = texts.str.contains(_PARTED)
    cost = pl.when(heading | (prose & ~parted)).then(_NEVER).when(prose).then(_HARDLY)
    return (
        pl.select(cost.when(parted).then(_LIKELY).otherwise(_RARELY)).to_series().cast(pl.Float64).to_numpy()
    )


def stretch_begins(page: Page, since: int | None, first: int, stop: int) -> list[int]:
    """Return where stretches of pairs begin, as offsets into the page from `first` to before `stop`.

    A stretch is read by itself, so that a file may be cut before any. From STRETCH_BYTES behind the beginning of the
    present one (`since`; null: at once) on it ends before the next paragraph that may be a title with names above it.
    """
    begins = np.flatnonzero(~page.blank[1:] & page.blank[:-1]) + 1
    begins = begins[(page.start[begins] >= first) & (page.start[begins] < stop)]
    places = page.start[begins]
    found: list[int] = []
    while True:
        early = late = 0
        if since is not None:
            early = since + stretches.STRETCH_BYTES
            late = early + STRETCH_SLACK
        at, end = np.searchsorted(places, [early, late]).tolist()
        parted = np.flatnonzero(_behind_names(page, begins[at:end])) if at < end else begins[:0]
        chosen = at + int(parted[0]) if len(parted) else end
        if chosen >= len(begins):
            return found
        since = int(places[chosen])
        found.append(since)


def _behind_names(page: Page, begins: Ints) -> Flags:
    """Whether the last line above each paragraph is names, and its first line is none."""
    above = last_shown(page)[begins - 1]
    near = above >= np.array([first_above(page, line) for line in begins.tolist()])
    looks = look(page, np.concatenate([above[near], begins]))
    names = looks.line[looks.names]
    found: Flags = near & np.isin(above, names) & ~np.isin(begins, names)
    return found


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
        found += _paragraph(start, end, looks, declared=declared)
    if not found or not (declared or _beyond_doubt(found, texts, is_names, is_several)):
        return None
    title, authors = np.array(found, np.int64).T
    plain = is_names[authors] & ~_cut_off(title, authors, looks, edges)
    return Pairs(lines[title], lines[authors], np.append(lines[title[1:]], stop), plain)


def _cut_off(title: Ints, authors: Ints, looks: Looks, edges: Ints) -> Flags:
    """Tell which titles may begin, or names go on, on a line of their paragraph that no record took."""
    taken = np.zeros(len(looks.line) + 1, bool)
    taken[title] = taken[authors] = True
    taken[-1] = True
    heading = np.append(looks.unlike == _NEVER, True)
    first, last = np.isin(title, edges), np.isin(authors + 1, edges)
    found: Flags = ~first & ~taken[title - 1] & ~heading[title - 1]
    found |= ~last & ~taken[authors + 1] & np.append(looks.names, False)[authors + 1]
    return found


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


def _paragraph(start: int, end: int, looks: Looks, *, declared: bool) -> list[tuple[int, int]]:
    """Return the (title, authors) lines of one paragraph: those that cost least.

    A line that no record takes costs _SKIPPED, a title that looks like names _ALIKE_COSTS, names that do not look so
    `Looks.unlike`. Example: of `Session 1`, `The Owl Operator` (like names), `A Pym`, `On Moss`, `B Li` the first is
    left out, 3, and the others are two records, 1 and 0; any other way costs more.
    """
    if declared and end - start == 2:
        return [(start, start + 1)]
    best, paired = [0.0], [False]
    for at in range(start, end):
        skipped = best[-1] + _SKIPPED
        pair = best[-2] + _cost(at - 1, looks, declared=declared) if at > start else float("inf")
        best.append(min(skipped, pair))
        paired.append(pair <= skipped)
    found, at = [], end - start
    while at > 0:
        if paired[at]:
            found.append((start + at - 2, start + at - 1))
        at -= 2 if paired[at] else 1
    return found[::-1]


def _cost(title: int, looks: Looks, *, declared: bool) -> float:
    """Return what it costs to take a line for a title and the next one for its authors."""
    names = title + 1
    if not looks.names[names] and not declared:
        return float("inf")
    cost = 0.0 if looks.names[names] else float(looks.unlike[names])
    cost += _ALIKE_COSTS * bool(looks.names[title] and not looks.numbered[title])
    return cost + _NUMBERED_COSTS * bool(looks.numbered[names])


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
    listed_titles, listed_names = page.lines(pairs.title), page.lines(pairs.authors)
    titles, authors = _bare(listed_titles), _bare(listed_names)
    listed = read_lists(authors, np.zeros(len(authors), np.int64), "listed")
    sure = pl.Series(pairs.plain) & ~listed["odd"] & ~damaged(listed_titles) & ~damaged(listed_names)
    return listed.drop("odd").with_columns(
        title=titles.set(titles == "", None),
        boundary_confidence=pl.when(sure).then(MARKED).otherwise(DOUBTFUL).cast(pl.Float32),
        published_precision=pl.lit("none"),
        listed_links=pl.lit([], dtype=pl.List(pl.String)),
        arxiv_id=pl.lit(None, dtype=pl.String),
    )
