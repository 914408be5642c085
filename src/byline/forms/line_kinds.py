"""Lines of records → their kinds, as a form's file says: the first of its patterns that a line matches."""

from __future__ import annotations

import numpy as np
import polars as pl

from byline.forms.model import Form
from byline.forms.record_lines import RecordLines, spacing_of
from byline.listing.lines import Flags, Ints, Page, shown_in
from byline.listing.text import damaged, visible


def classify(page: Page, form: Form, first: Ints, stop: Ints, mark: Ints) -> RecordLines:
    """Return the shown lines of records, from `first` to before `stop` each.

    Left out are the page's own, and those behind the line that ends their record. `mark`: the line by which each record
    is known.
    """
    line, record = shown_in(page, first, stop)
    spacing = spacing_of(line, record, paragraphs=form.paragraphs)
    shown = page.plain(line)
    texts = visible(shown)
    hurt = None if texts is shown else damaged(shown).to_numpy()
    kind = np.full(len(line), -1, np.int64)
    for index, spec in enumerate(form.lines):
        rows = np.flatnonzero(kind < 0)
        if spec.marked:
            rows = rows[line[rows] == mark[record[rows]]]
        kind[rows[texts.gather(rows).str.contains(spec.pattern).to_numpy()]] = index
    sealed = np.zeros(len(line), bool)
    for index, spec in enumerate(form.lines):
        if spec.seals:
            sealed |= _behind_seal(form, kind, record, index)
            kind[sealed & (kind >= 0) & (kind != index) & ~_ending(form)[kind]] = -1
        if spec.once:
            rows = np.flatnonzero(kind == index)
            kind[np.delete(rows, np.unique(record[rows], return_index=True)[1])] = -1
    kept = ~_behind_end(form, kind, record)
    if form.furniture is not None:
        rows = np.flatnonzero((kind < 0) & ~sealed & kept)
        kept[rows[texts.gather(rows).str.contains(form.furniture).to_numpy()]] = False
    if not kept.all():
        line, record, kind, texts = line[kept], record[kept], kind[kept], texts.filter(pl.Series(kept))
        hurt = None if hurt is None else hurt[kept]
    return RecordLines(line, record, texts, kind, spacing, hurt)


def _behind_seal(form: Form, kind: Ints, record: Ints, index: int) -> Flags:
    """Tell which lines stand behind a record's last label: a line `DOI: …` there is a wrapped line of the abstract.

    Example, of a kind that seals at its second line, with the kinds 0 (the sealing one), 1, 0, 1, 2 (which ends a
    record) of one record: the last three stand behind the seal, and of them the fourth loses its kind.
    """
    reached: Flags = _times(kind, record, index) >= form.lines[index].seals
    return reached


def _behind_end(form: Form, kind: Ints, record: Ints) -> Flags:
    """Tell which lines stand behind the line that ends their record: they belong to no record.

    Example, of the kind 2 that ends a record, with the kinds 0, 2, 0 of one record: the last.
    """
    found = np.zeros(len(kind), bool)
    for index, spec in enumerate(form.lines):
        if spec.ends:
            found |= _times(kind, record, index) - (kind == index) >= spec.ends
    return found


def _times(kind: Ints, record: Ints, index: int) -> Ints:
    """Return how many lines of a kind the record of each line has up to it."""
    counted = np.cumsum(kind == index)
    starts = np.searchsorted(record, record)
    before = np.concatenate([[0], counted])[starts] if len(starts) else counted
    times: Ints = counted - before
    return times


def _ending(form: Form) -> Flags:
    """Return which kinds of lines end a record."""
    return np.array([spec.ends > 0 for spec in form.lines], bool)
