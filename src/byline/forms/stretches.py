"""Where the form changes: stretches of one form, as they follow from the headers of cards and the marks of other forms.

Each card is a stretch of its own, since a card is read by itself. Of the other forms a stretch goes on while records of
one form follow each other, at most STRETCH_BYTES and one record, so that the style its lists vote for and the heading
that holds for it are known within bounded memory, and depend on the file alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import numpy as np

from byline.forms.marks import Marks
from byline.listing.lines import Ints, Page

CARD_FORM = -1
"""Stands for the card among the numbers of forms."""
NO_FORM = -2
"""Before the first mark or header of a file."""
STRETCH_BYTES = 1 << 20
"""From where on a stretch ends at the next record, and another begins."""
HEADINGS = 8
"""As many headings are kept for what follows."""


@dataclass
class Tracker:
    """What is known of a file up to some byte; bytes are counted from the file's beginning."""

    form: int = NO_FORM
    since: int = 0
    """Where the present stretch begins."""
    headings: list[str] = field(default_factory=list)
    judged: int = 0
    """Marks before this byte have been taken."""

    def skip_cards(self, last_header: int | None) -> None:
        """Take lines without any mark; `last_header`: where the last header among them stands."""
        if last_header is not None:
            self.form, self.since = CARD_FORM, last_header
            self.headings.clear()

    def borders(self, page: Page, headers: Ints, marks: Marks, offset: int) -> tuple[Ints, dict[int, str]]:
        """Return where stretches begin (offsets into the page), and the headings that each of them is given.

        `headers` are lines; `offset` is where the page begins in the file.
        """
        line = np.concatenate([headers, marks.begin])
        kind = np.concatenate([np.full(len(headers), CARD_FORM, np.int64), marks.form])
        mark = np.concatenate([np.full(len(headers), -1, np.int64), np.arange(len(marks.line))])
        found: list[int] = []
        contexts: dict[int, str] = {}
        for at in np.lexsort((mark, line)).tolist():
            place = offset + int(page.start[line[at]])
            form = int(kind[at])
            long = form != CARD_FORM and place - self.since >= STRETCH_BYTES
            if form == CARD_FORM or form != self.form or long:
                if form != self.form or form == CARD_FORM:
                    self.headings.clear()
                elif self.headings:
                    contexts[place - offset] = json.dumps(self.headings, ensure_ascii=False)
                if (
                    self.form != NO_FORM or form == CARD_FORM
                ):  # what leads to a file's first mark goes with it
                    found.append(place - offset)
                self.form, self.since = form, place
            if mark[at] >= 0 and marks.heading[mark[at]]:
                text = page.lines(marks.line[mark[at]][None])[0]
                self.headings = [*self.headings[1 - HEADINGS :], text]
        return np.array(sorted(set(found)), np.int64), contexts
