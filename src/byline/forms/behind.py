r"""What stands behind an abstract and is no part of it: a list of papers that no line marks, or a page of no form.

Titles and names a line each, numbered lists, bullets and reference lists have no line that begins a record whatever
stands around it. What tells them is how they break their lines. Text that was wrapped has no break before a word that
would have fit into the longest line; a list breaks where a title or a name ends. So an abstract by itself, whole or
wrapped at whatever width, is one paragraph here and holds no list; only where a break was made by hand the paragraphs
are looked at, and what they say must be a list (a title and names below it, items, citations), or lines most of
which stop short of a sentence's end and begin anew, as those of menus, mails and tables do.

Example, the lines of a body:

    0  We count owls in barns and                  26 characters, `compare` would not have fit
    1  compare their nests.                        `On` would have fit: a break by hand, behind a text that has ended
    2  On the Weight of Feathers                   a title
    3  Ada Pym, Bo Li                              names: the list begins at line 2
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from byline.forms.breaks import (
    broken_by_hand,
    first_words,
    first_words_at,
    gaps_before,
    has_ended,
    joined,
    patterns,
)
from byline.forms.foreign import departures
from byline.forms.list_lines import are_lists
from byline.forms.paired import LABEL, parted_there
from byline.listing.lines import Flags, Ints, Page, last_shown, shown_in
from byline.listing.spans import Ends
from byline.listing.text import fold_space

_LONGEST_TITLE = 300
_LONGEST_HEADING = 80
_HEADINGS = 6
"""As many lines of a page's own may stand above its first paper."""
_FEWEST_LINES = 3
"""Lines of a page of no form that tell themselves from a text; fewer may be its last words."""
_PER_RUN_ON = 4
"""So many lines that begin anew weigh as much as one that goes on."""
_NUMBER = r"^\s*(?:(?i:paper(?: id)?)\s+#?\d{1,5}\s*[.:–-]?|\(?#?\d{1,5}[.):\]]|\[\d{1,5}\]|[-*•])\s+"


@dataclass(frozen=True)
class _Paragraphs:
    """Lines joined where no break was made by hand, one entry a paragraph."""

    first: Ints
    """Index of its first line."""
    group: Ints
    ended: Flags
    """It ends as a whole text does."""
    stopped: Flags
    """It ends with a full stop: a title may where the names below it do, too."""
    open: Flags
    """It ends as a text does that goes on."""
    anew: Flags
    """It begins as a title, a label, a number or a price does, not as the rest of a sentence."""
    pair: Flags
    """It may be a title, and what is below it names."""
    parted: Flags
    """A pair that needs no second one: several names below what does not end as a text, and the model agrees."""
    item: Flags
    cited: Flags
    heading: Flags


def ends_of(*, one_line: bool) -> Ends:
    """Return what says where abstracts have ended, in a file whose abstracts stand on one line each, or otherwise."""
    return partial(ends, one_line=one_line)


def ends(page: Page, body: Ints, stop: Ints, *, one_line: bool = False) -> Ints:
    """Return the line where the text of each record must have ended: where a list or a page begins in it, else `stop`.

    `body` and `stop` are lines of the page: records whose texts stand from one to before the other. `one_line`: the
    habit of the file (`byline.forms.habits`).
    """
    found = stop.copy()
    rows = np.flatnonzero(stop - body > 1)
    if not len(rows):
        return found
    lines, owner = shown_in(page, body[rows], stop[rows])
    several = np.bincount(owner, minlength=len(rows))[owner] > 1  # a line by itself holds neither
    lines, owner = lines[several], owner[several]
    if not len(lines):
        return found
    size, gap = page.stop[lines] - page.start[lines], gaps_before(lines)
    some = broken_by_hand(size, first_words_at(page, lines), gap, owner) | one_line
    if not some.any():
        return found
    kept = np.isin(owner, np.unique(owner[some]))
    lines, owner, gap = lines[kept], owner[kept], gap[kept]
    owners, place = np.unique(owner, return_inverse=True)
    titles = page.lines(last_shown(page)[body[rows[owners]] - 1])
    begin = begins(page.lines(lines), owner, gap, titles.gather(place), one_line=one_line)
    found[rows[owner[begin]]] = lines[begin]
    return found


def begins(
    lines: pl.Series,
    group: Ints,
    gap: Flags,
    titles: pl.Series | None = None,
    inside: Flags | None = None,
    *,
    one_line: bool = False,
) -> Ints:
    """Return, of each group of lines that holds a list of papers or a page behind a text, the index of its first line.

    `gap`: a blank line stands before a line. Lines of one group follow each other. `titles`: of each line what stands
    above its text; null where that is not known. `inside`: further down stands another line of the record, so that the
    line is not judged by its words; null where none is known to. `one_line`: other texts of the file have one line.
    """
    by_hand = broken_by_hand(_sizes(lines), first_words(lines), gap, group)
    if not by_hand.any() and not one_line:
        return np.zeros(0, np.int64)
    kept = np.flatnonzero(np.isin(group, group[by_hand]) | one_line)
    lines, group, gap = fold_space(lines.gather(kept)), group[kept], gap[kept]
    by_hand = broken_by_hand(_sizes(lines), first_words(lines), gap, group)
    judged = np.ones(len(kept), bool) if inside is None else ~inside[kept]
    titles = None if titles is None else titles.gather(kept)
    found = departures(lines, group, gap, by_hand, titles, judged, one_line=one_line)
    paragraphs = _classified(lines, group, by_hand)
    starts = np.flatnonzero(np.diff(paragraphs.group, prepend=-1))
    edges = np.append(starts, len(paragraphs.first))
    lists = []
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        seen = [at for look in (_list_in, _lines_in) if (at := look(paragraphs, start, end)) is not None]
        lists += [int(paragraphs.first[min(seen)])] if seen else []
    every = np.sort(np.concatenate([found, np.array(lists, np.int64)]))
    tops: Ints = kept[every[np.unique(group[every], return_index=True)[1]]]
    return tops


def _sizes(lines: pl.Series) -> Ints:
    size: Ints = lines.str.len_chars().to_numpy().astype(np.int64)
    return size


def _classified(lines: pl.Series, group: Ints, by_hand: Flags) -> _Paragraphs:
    first = np.flatnonzero(_parted(lines, by_hand, group))
    texts = joined(lines, first)
    bare = texts.str.replace(_NUMBER, "").str.replace(LABEL, "")
    p = patterns()
    names, several = are_lists(bare.str.replace(r"(\p{Ll})\.$", "${1}"))
    ended = has_ended(texts)
    spoken = ended & texts.str.contains(p.sentence) | (texts.str.len_chars() > _LONGEST_TITLE)
    dated = texts.str.contains(p.year)
    cited = texts.str.contains(p.families) | texts.str.contains(p.initials)
    cited |= (texts.str.len_chars() <= 2 * _LONGEST_TITLE) & texts.str.contains(p.title_first)
    heading = texts.str.contains(p.heading) & (texts.str.len_chars() <= _LONGEST_HEADING)
    title = (bare.str.contains(p.title) & ~bare.str.contains(p.no_title) & ~spoken).to_numpy()
    stopped, inside = texts.str.ends_with(".").to_numpy(), group[first]
    pair = title & _below(names.to_numpy(), inside) & (~stopped | _below(stopped, inside))
    alone = pair & ~_below(pair, inside, 2) & _below(several.to_numpy(), inside) & ~ended.to_numpy()
    return _Paragraphs(
        first,
        inside,
        ended=ended.to_numpy(),
        stopped=stopped,
        open=texts.str.contains(p.open).to_numpy(),
        anew=texts.str.contains(p.anew).to_numpy(),
        pair=pair,
        parted=_parted_pairs(bare, alone),
        item=texts.str.contains(p.item).to_numpy(),
        cited=(dated & cited).to_numpy(),
        heading=heading.to_numpy(),
    )


def _below(flags: Flags, group: Ints, by: int = 1) -> Flags:
    """Whether what is true of paragraphs is true of that one below each, of the same group."""
    found = np.zeros(len(flags), bool)
    found[:-by] = flags[by:] & (group[by:] == group[:-by])
    return found


def _parted_pairs(texts: pl.Series, alone: Flags) -> Flags:
    """Whether the boundary model, were a title and names below it to touch, would part them; asked for all at once."""
    found = alone.copy()
    rows = np.flatnonzero(alone)
    found[rows] = parted_there(texts.gather(rows), texts.gather(rows + 1))
    return found


def _parted(lines: pl.Series, by_hand: Flags, group: Ints) -> Flags:
    """Whether a paragraph begins with each line.

    One does where a break was made by hand; in groups with such a break also where a line ends as a whole text does and
    the next one begins as a title or an item does, and around lines that are lists of names.
    """
    new = np.diff(group, prepend=-1) > 0
    p = patterns()
    opens = lines.str.contains(rf"{p.title}|{p.item}")
    opens |= lines.str.contains(p.heading) & (lines.str.len_chars() <= _LONGEST_HEADING)
    ended = has_ended(lines).shift(1, fill_value=False) & opens
    some = np.isin(group, np.unique(group[by_hand]))
    names = are_lists(lines.str.replace(LABEL, ""))[1].to_numpy()
    parted: Flags = (
        new | by_hand | (some & (ended.to_numpy() | names | np.concatenate([[False], names[:-1]])))
    )
    return parted


def _list_in(p: _Paragraphs, start: int, end: int) -> int | None:
    """Return the paragraph, of those from `start` to before `end`, where a list begins; null where none does."""
    for at in range(start, end):
        evidence = _begins_at(p, at, end)
        if evidence == 0:
            continue
        top = _with_headings(p, at, start, several=evidence > 1)
        if top is not None and (top > start or evidence > 1):
            return top
    return None


def _lines_in(p: _Paragraphs, start: int, end: int) -> int | None:
    """Return the paragraph, of those from `start` to before `end`, where lines of a page of no form begin, else null.

    A menu, a table, a mail, an article with its heading: lines that do not end as a sentence does, and the next one
    begins anew all the same. Text that was only broken goes on after such a line; where the text above was broken so,
    nothing is told.

    Example: behind a text that has ended, `Owls for sale`, `Barn owl`, `$5 each.` break so twice, and no line goes on.
    """
    loose = ~(p.ended | p.stopped)[start : end - 1]
    short = loose & ~p.open[start : end - 1]
    anew = p.anew[start + 1 : end]
    for top in range(1, end - start - _FEWEST_LINES + 1):
        if loose[top - 1]:
            return None
        breaks, goes_on = (short & anew)[top:].sum(), (loose & ~anew)[top:].sum()
        begins = p.ended[start + top - 1] and p.anew[start + top]
        if begins and breaks >= _FEWEST_LINES - 1 and breaks >= _PER_RUN_ON * goes_on:
            return start + top
    return None


def _begins_at(p: _Paragraphs, at: int, end: int) -> int:
    """Return how many papers in a row a list that begins at a paragraph shows, at most two; 0 where none begins."""
    if p.cited[at] and (at + 1 == end or p.cited[at + 1]):
        return 1 + int(at + 1 < end)
    if at + 1 >= end:
        return 0
    if p.item[at] and p.item[at + 1]:
        return 2
    pairs = _pairs(p, at, end)
    return 0 if pairs == 1 and not p.parted[at] else pairs


def _pairs(p: _Paragraphs, at: int, end: int) -> int:
    """Return how many titles with names below stand one behind another, lines of the page between them passed over."""
    count = 0
    while at + 1 < end and count < 2:
        if p.pair[at]:
            count, at = count + 1, at + 2
        elif count and not p.ended[at] and not p.stopped[at]:
            at += 1
        else:
            break
    return count


def _with_headings(p: _Paragraphs, at: int, start: int, *, several: bool) -> int | None:
    """Return where the page's own lines above a list's first paper begin.

    Where the text before has not ended, a list of `several` papers begins with its first one, and another not at all.
    """
    top = at
    while top > start and at - top < _HEADINGS and not p.ended[top - 1] and p.heading[top - 1]:
        top -= 1
    if top == start or p.ended[top - 1]:
        return top
    return at if several and not p.open[top - 1] else None
