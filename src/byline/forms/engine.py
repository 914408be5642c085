r"""Lines of records → the texts of their fields, as a form's file says, for all records of a form at once.

A line has a kind when it matches one of the form's patterns; the pattern's groups are fields. A line of no kind goes on
with the line above where that wraps, else it is the next of the fields that the last line with a kind, or the form,
says will follow. What no field takes is `rest`.

Example, with `Title:` followed by `then = ["authors", "abstract"]`: of the lines `Title: On Owls`, `A Pym, B Li`,
`We look.`, `Again.` the first gives title, the second has no kind and is the first to follow, so it gives authors, the
third and the fourth give abstract.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from byline.forms import behind
from byline.forms.dense import paragraphs_told
from byline.forms.line_kinds import classify
from byline.forms.model import Form
from byline.forms.record_lines import REST, RecordLines, closed, open_lists, surely_broken
from byline.forms.wrapped_titles import titles_go_on
from byline.listing.lines import Flags, Ints, Page
from byline.listing.spans import LONGEST_ABSTRACT
from byline.listing.text import fold_space

LISTS = ("full", "short", "doi", "link")
"""Fields whose lines are values of their own, not one text."""
LIST_MARK = "\x1f"
_OTHERS = 5
"""So many records of a stretch show whether its page gives abstracts."""
_HURTS = {"title", "authors", "full", "short", "item", "citation", "byline"}
"""Fields that a lost character makes doubtful."""


@dataclass(frozen=True)
class Fields:
    """What the records say, and where each ends."""

    texts: dict[str, pl.Series]
    """By field: one text a record, white space folded, null where the record has none."""
    stop: Ints
    """Line behind the last one that a field took: what follows in the record's span is not part of it."""
    damaged: Ints
    """Records whose title or names have lost a character."""


def read_fields(page: Page, form: Form, first: Ints, stop: Ints, mark: Ints, stretch: Ints) -> Fields:
    """Read records that span lines from `first` to before `stop` each.

    `mark`: the lines by which they are known; `stretch`: which records stand in one stretch.
    """
    lines = classify(page, form, first, stop, mark)
    fields, pieces = _assign(form, lines)
    fields = _as_others(form, lines, _without_lists(lines, fields), stretch)
    named = _named(form, lines, fields, pieces)
    texts = _joined(named, len(first))
    for field in {part.of for part in form.parts}:
        _take_apart(form, field, texts)
    return Fields(texts, _ends(form, lines, fields, first, stop), _damaged(form, lines, fields))


def _damaged(form: Form, lines: RecordLines, fields: list[str]) -> Ints:
    """Return the records that have lost a character in a line that gives a title or names."""
    if lines.damaged is None:
        return lines.record[:0]
    rows = [
        row
        for row in np.flatnonzero(lines.damaged).tolist()
        if not _HURTS.isdisjoint({fields[row]} if lines.kind[row] < 0 else form.lines[lines.kind[row]].fields)
    ]
    return np.unique(lines.record[rows])


def _assign(form: Form, lines: RecordLines) -> tuple[list[str], Ints]:
    """Return the field of each line of no kind ("" for the others), and the number of the piece it belongs to."""
    count = len(lines.line)
    at = np.arange(count)
    new_record = np.diff(lines.record, prepend=-1) > 0
    record_start = np.maximum.accumulate(np.where(new_record, at, 0)) if count else at
    has_kind = lines.kind >= 0
    governor = np.maximum.accumulate(np.where(has_kind, at, -1)) if count else at
    governed = governor >= record_start
    after_blank = lines.gaps() | new_record
    if form.dense is not None:
        after_blank |= paragraphs_told(lines, form.dense, after_blank)
    last_blank = np.maximum.accumulate(np.where(after_blank, at, -1)) if count else at
    wraps = np.array([spec.wraps for spec in form.lines] or [False])
    wrapped = ~has_kind & governed & wraps[lines.kind[governor]] & (last_blank <= governor)
    if count:
        remarks = np.array([spec.fields[-1:] == ("comments",) for spec in form.lines] or [False])
        broken = np.maximum.accumulate(np.where(surely_broken(lines), at, -1)) > governor
        wrapped &= ~(remarks[lines.kind[governor]] & broken)
    free = ~has_kind & ~wrapped
    begins = free.copy()
    if form.paragraphs:
        begins &= after_blank | ~np.concatenate([[False], free[:-1]])
    origin = np.where(governed, governor, record_start - 1)
    counted = np.concatenate([[0], np.cumsum(begins)])
    position = counted[at + 1] - counted[origin + 1] - 1
    hollow = _hollow(form, lines)[np.maximum(governor, 0)] & governed if count else has_kind
    wrapped |= free & hollow & (position == 0)
    position = position - hollow
    fields, continued = _fields_of(form, lines, governor, governed, position, wrapped)
    fields = _given_below(form, lines, fields, governor, governed)
    fields = titles_go_on(form, lines, fields)
    if form.closes:
        fields = closed(lines, fields, last_blank > record_start)
    pieces = np.cumsum(has_kind | (begins & ~continued))
    return fields, pieces


def _hollow(form: Form, lines: RecordLines) -> Flags:
    """Whether a line has a label and nothing behind it: its text is the next line (`Title:`, `On Owls`)."""
    found = np.zeros(len(lines.line), bool)
    for index, spec in enumerate(form.lines):
        rows = np.flatnonzero(lines.kind == index)
        if len(rows) and spec.fields and not spec.wraps:  # what wraps goes on by itself
            texts = lines.texts.gather(rows)
            label = texts.str.contains(r":\s*$")
            if not label.any():
                continue
            values = texts.filter(label).str.extract_groups(spec.pattern).struct.field(spec.fields[-1])
            found[rows[label.to_numpy()]] = (values.str.strip_chars() == "").fill_null(value=False).to_numpy()
    return found


def _as_others(form: Form, lines: RecordLines, fields: list[str], stretch: Ints) -> list[str]:
    """Let a text without a label below the last record of a stretch be no abstract where no other record has any.

    It is `rest`. Example: a recipe below the last of 25 records of arXiv's /recent, of which none has an abstract.
    """
    rows = np.flatnonzero(np.array([field == "abstract" for field in fields], bool) & (lines.kind < 0))
    labelled = np.array(["abstract" in spec.fields for spec in form.lines] + [False], bool)[lines.kind]
    given = np.zeros(len(stretch), bool)
    given[lines.record[rows]] = given[lines.record[labelled]] = True
    _, last, place = np.unique(stretch[::-1], return_index=True, return_inverse=True)
    last, place = len(stretch) - 1 - last, place[::-1]
    alone = (np.bincount(place) >= _OTHERS) & (np.bincount(place, given) == 1) & given[last]
    alone[place[np.unique(lines.record[labelled])]] = False
    if not alone.any():
        return fields
    gone = set(rows[np.isin(lines.record[rows], last[alone])].tolist())
    return [REST if row in gone else field for row, field in enumerate(fields)]


def _without_lists(lines: RecordLines, fields: list[str]) -> list[str]:
    """Let no abstract hold a list that no line marks, or another page: from its first line on that is `rest`."""
    rows = np.flatnonzero(np.array([field == "abstract" for field in fields], bool))
    if not len(rows):
        return fields
    gap = lines.gaps(rows)
    last = np.zeros(int(lines.record.max()) + 1, np.int64)
    np.maximum.at(last, lines.record[lines.kind >= 0], np.flatnonzero(lines.kind >= 0))
    inside = rows < last[lines.record[rows]]
    for at in rows[behind.begins(lines.texts.gather(rows), lines.record[rows], gap, inside=inside)].tolist():
        for row in range(at, len(fields)):
            if lines.record[row] != lines.record[at]:
                break
            fields[row] = REST if fields[row] == "abstract" else fields[row]
    return fields


def _fields_of(
    form: Form, lines: RecordLines, governor: Ints, governed: Flags, position: Ints, wrapped: Flags
) -> tuple[list[str], Flags]:
    """Return what each line of no kind is by its place, and which lines go on with a list of names above them.

    Example, with `then = ["title", "authors", "venue"]`: of the lines `On Owls`, `Ada Pym;`, `Bo Li`, `Owl Letters` the
    third goes on with the second, and the fourth is the venue.
    """
    fields = [""] * len(lines.line)
    continued, open_list = np.zeros(len(lines.line), bool), open_lists(lines)
    given: set[str] = set()
    left: tuple[str, ...] = form.then
    moved = 0
    for row in range(len(lines.line)):
        if row == 0 or lines.record[row] != lines.record[row - 1]:
            given, left, moved = set(), form.then, 0
        if lines.kind[row] >= 0:
            given.update(form.lines[lines.kind[row]].fields)
            left, moved = _not_given(form.lines[lines.kind[row]].then, given), 0
            continue
        if wrapped[row]:
            own = form.lines[lines.kind[governor[row]]].fields if governed[row] else ()
            fields[row] = own[-1] if own else "skipped"
            continue
        if open_list[row] and fields[row - 1] == "authors":
            fields[row], continued[row] = "authors", True
            moved += 1
            continue
        fields[row] = left[min(position[row] - moved, len(left) - 1)] if left else REST
        given.add(fields[row])
    return fields, continued


def _not_given(then: tuple[str, ...], given: set[str]) -> tuple[str, ...]:
    """Return the fields that may follow without those that the record has: a title above the date is no title below.

    The last one takes all that is left, given or not.
    """
    return tuple(field for field in then[:-1] if field not in given) + then[-1:]


def _given_below(
    form: Form, lines: RecordLines, fields: list[str], governor: Ints, governed: Flags
) -> list[str]:
    """Let a line that would be a field which a label further down gives go on with the line above instead.

    So does every line before the label of what should follow first: of `Title: On`, `the owls`, `of the north`,
    `Authors: A Pym` all but the last are the title.
    """
    later: dict[tuple[int, str], int] = {}
    for row in np.flatnonzero(lines.kind >= 0).tolist():
        for field in form.lines[lines.kind[row]].fields:
            later[int(lines.record[row]), field] = row
    for row in np.flatnonzero((lines.kind < 0) & governed).tolist():
        record, above = int(lines.record[row]), form.lines[lines.kind[governor[row]]]
        if any(later.get((record, field), -1) > row for field in (fields[row], *above.then[:1])):
            fields[row] = above.fields[-1] if above.fields else "skipped"
    return fields


def _named(form: Form, lines: RecordLines, fields: list[str], pieces: Ints) -> pl.DataFrame:
    """Return record, field, piece, text: one row a line and field."""
    schema = {"at": pl.Int64, "record": pl.Int64, "piece": pl.Int64, "field": pl.String, "text": pl.String}
    frames = [pl.DataFrame(schema=schema)]
    free = np.flatnonzero(lines.kind < 0)
    frames.append(_piece_rows(lines, pieces, free, [fields[row] for row in free], lines.texts.gather(free)))
    for index, spec in enumerate(form.lines):
        rows = np.flatnonzero(lines.kind == index)
        if not len(rows) or not spec.fields:
            continue
        groups = lines.texts.gather(rows).str.extract_groups(spec.pattern).struct.unnest()
        for field in spec.fields:
            frames.append(_piece_rows(lines, pieces, rows, [field] * len(rows), groups[field]))
    named = pl.concat(frames).filter(pl.col("text").is_not_null() & (pl.col("field") != REST)).sort("at")
    if form.breaks is not None:
        text = (
            pl.col("text")
            if form.goes_on is None
            else pl.col("text").str.replace_all(form.goes_on, "${1} ${2}")
        )
        named = named.with_columns(text.str.replace_all(form.breaks, ". "))
    return named


def _piece_rows(
    lines: RecordLines, pieces: Ints, rows: Ints, fields: list[str], texts: pl.Series
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "at": rows,
            "record": lines.record[rows],
            "piece": pieces[rows],
            "field": pl.Series(fields, dtype=pl.String),
            "text": texts.cast(pl.String),
        }
    )


def _joined(named: pl.DataFrame, records: int) -> dict[str, pl.Series]:
    """Join the lines of each field: with a space, or, of the fields in LISTS, pieces with LIST_MARK."""
    joined_lines = pl.col("text").str.join(" ")
    every = named.group_by("record", "field", "piece", maintain_order=True).agg(joined_lines)
    texts: dict[str, pl.Series] = {}
    for (field,), group in every.group_by("field", maintain_order=True):
        listed = field in LISTS
        pieces = (
            group.with_columns(fold_space(group["text"])) if listed else group
        )  # so that no page sets a mark
        mark = LIST_MARK if listed else " "
        joined = pieces.group_by("record", maintain_order=True).agg(pl.col("text").str.join(mark))
        folded = joined["text"] if listed else fold_space(joined["text"])
        column = pl.Series([None], dtype=pl.String).new_from_index(0, records)
        texts[str(field)] = column.scatter(joined["record"], folded.set(folded == "", None))
    return texts


def _take_apart(form: Form, field: str, texts: dict[str, pl.Series]) -> None:
    """Let the first pattern of a field that matches give its groups as fields of their own, where they are free."""
    if field not in texts:
        return
    source = texts[field]
    if form.drop is not None:
        source = fold_space(source.str.replace_all(form.drop, " "))
        texts[field] = source
    left = source.is_not_null().to_numpy().copy()
    for part in form.parts:
        if part.of != field or not left.any():
            continue
        rows = np.flatnonzero(left & source.str.contains(part.pattern).fill_null(value=False).to_numpy())
        if not len(rows):
            continue
        left[rows] = False
        whole = {"title", "authors"} <= set(part.fields)  # a whole citation: no line below it is its title
        groups = source.gather(rows).str.extract_groups(part.pattern).struct.unnest()
        for group in part.fields:
            name = group.rstrip("0123456789")  # a pattern may have several groups for one field: year, year2
            old = texts.get(name, pl.Series([None], dtype=pl.String).new_from_index(0, len(source)))
            new = fold_space(groups[group])
            found = [old.gather(rows), new.set(new == "", None)]
            value = pl.select(pl.coalesce(*(reversed(found) if whole else found))).to_series()
            texts[name] = old.clone().scatter(rows, value)


def _ends(form: Form, lines: RecordLines, fields: list[str], first: Ints, stop: Ints) -> Ints:
    """Return where each record ends: behind the last line that some field took, or behind a line that ends it."""
    taken = lines.kind >= 0
    taken |= np.array([bool(field) and field != REST for field in fields], bool)
    size = lines.texts.str.len_chars().to_numpy().astype(np.int64)
    is_abstract = np.array([field == "abstract" for field in fields], bool)
    running = np.cumsum(np.where(is_abstract, size, 0))
    starts = np.searchsorted(lines.record, lines.record)
    before = np.concatenate([[0], running])[starts] if len(starts) else running
    taken &= ~(is_abstract & (running - before > LONGEST_ABSTRACT))
    ends = first.copy()
    np.maximum.at(ends, lines.record[taken], lines.line[taken] + 1)
    for index, spec in enumerate(form.lines):
        rows = np.flatnonzero(lines.kind == index) if spec.ends else first[:0]
        owners, at = np.unique(lines.record[rows], return_index=True)
        enough = at + spec.ends - 1 < np.append(at[1:], len(rows))
        closing = rows[(at + spec.ends - 1)[enough]]
        ends[owners[enough]] = np.minimum(ends[owners[enough]], lines.line[closing] + 1)
    return np.where(ends > first, ends, stop)
