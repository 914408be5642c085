"""Titles that go on in the line below them, where a page has names without a label.

The line below a title is names by its place. Where it is no list of names and the next line is one, the title has two
lines: `Title: On the owls`, `of the north`, `Ada Pym, Bo Li`.
"""

from __future__ import annotations

import numpy as np

from byline.forms.list_lines import are_lists
from byline.forms.model import Form
from byline.forms.record_lines import RecordLines
from byline.listing.lines import Ints


def titles_go_on(form: Form, lines: RecordLines, fields: list[str]) -> list[str]:
    """Return the fields of lines of no kind with second lines of titles told: the line below each of those is names.

    `fields`: "" for a line that has a kind.
    """
    rows = _asked(form, lines, fields)
    if not len(rows):
        return fields
    listed, _ = are_lists(lines.texts.gather(rows))
    below, _ = are_lists(lines.texts.gather(rows + 1))
    fields = list(fields)
    for row in rows[(below & ~listed).to_numpy()].tolist():
        fields[row], fields[row + 1] = "title", "authors"
    return fields


def _asked(form: Form, lines: RecordLines, fields: list[str]) -> Ints:
    """Return the lines that are names by their place, right between a title and another line of no kind."""
    gives = [spec.fields[-1:] == ("title",) for spec in form.lines]
    found = [
        row
        for row, field in enumerate(fields[:-1])
        if field == "authors"
        and row
        and (fields[row - 1] == "title" or (lines.kind[row - 1] >= 0 and gives[lines.kind[row - 1]]))
        and fields[row + 1] not in {"", "authors", "title"}
    ]
    rows = np.array(found, np.int64)
    if not len(rows):
        return rows
    gaps = lines.gaps()
    near = (lines.record[rows - 1] == lines.record[rows + 1]) & ~gaps[rows] & ~gaps[rows + 1]
    kept: Ints = rows[near]
    return kept
