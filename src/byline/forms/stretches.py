"""Where the form changes: stretches of one form, as they follow from the headers of cards and the marks of other forms.

Each card is a stretch of its own, since a card is read by itself. Of the other forms a stretch goes on while records of
one form follow each other, at most STRETCH_BYTES and one record, so that the style its lists vote for and the heading
that holds for it are known within bounded memory, and depend on the file alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import numpy as np

from byline.forms.marks import Marks, first_above, form_of
from byline.forms.model import Form
from byline.listing.lines import Ints, Page

CARD_FORM = -1
"""Stands for the card among the numbers of forms."""
NO_FORM = -2
"""Before the first mark or header of a file."""
STRETCH_BYTES = 1 << 20
"""From where on a stretch ends at the next record, and another begins."""
_LABEL = r"^\s*[^\p{Ll}\s][^.;!?]{0,59}$"
"""A line of a menu, or a page's own heading."""
_ENDED = r"[.!?…$)\]”\"]\s*$"
HEADINGS = 8
"""As many headings are kept for what follows."""


def furniture_above(page: Page, form: Form, line: int, reached: int, *, text_before: bool) -> int:
    """Return where the head of a form's page begins above its first record: menus and counts, for what precedes it.

    `reached` is the last line that surely belongs to what stands before. Labels between lines of the form's furniture
    go with them, and so do those above it when what stands before is an abstract (`text_before`) that has ended.
    Example: of `We look at owls.`, `Ada Pym`, `Title`, `Cited by`, `Year` before Scholar's first paper the last four
    are the page's.
    """
    if form.furniture is None:
        return line
    above = np.arange(max(reached + 1, first_above(page, line)), line)
    above = above[~page.blank[above]]
    if not len(above):
        return line
    texts = page.plain(above)
    known = texts.str.contains(form.furniture).to_list()
    label = texts.str.contains(_LABEL).to_list()
    best = at = len(above)
    while at and (known[at - 1] or label[at - 1]):
        at -= 1
        best = at if known[at] else best
    ended = text_before and at > 0 and bool(texts.gather([at - 1]).str.contains(_ENDED)[0])
    if best < len(above) and ended:
        best = at
    return int(above[best]) if best < len(above) else line


def _ended(page: Page, form: int, reached: int, stop: int) -> int:
    """Return the last line before `stop` that a form says ends its record, else `reached`, its last mark."""
    ends = [spec.pattern for spec in form_of(form).lines if spec.ends == 1] if form >= 0 else []
    behind = np.arange(max(reached + 1, first_above(page, stop)), stop)
    if not ends or not len(behind):
        return reached
    texts = page.plain(behind)
    found = behind[np.any([texts.str.contains(end).to_numpy() for end in ends], axis=0)]
    return int(found[-1]) if len(found) else reached


def _begins_a_line(page: Page, line: int) -> bool:
    """Whether an entry of the page begins a line of the bytes: a slice may be cut there."""
    return page.numbers is None or line == 0 or bool(page.numbers[line] != page.numbers[line - 1])


def _whole_line(page: Page, line: int) -> int:
    """Return the last entry of the page on the same line of the bytes: what is glued to a record stays with it."""
    if page.numbers is None:
        return line
    return int(np.searchsorted(page.numbers, page.numbers[line], "right")) - 1


@dataclass
class Tracker:
    """What is known of a file up to some byte; bytes are counted from the file's beginning."""

    form: int = NO_FORM
    since: int = 0
    """Where the present stretch begins."""
    headings: list[str] = field(default_factory=list)
    judged: int = 0
    """Marks before this byte have been taken."""
    reached: int = -1
    """Where the last line begins that surely belongs to what was met last."""
    broken: bool = False
    """What stands right before can't be read: a stretch begins with the next record, whatever it is."""

    def break_off(self) -> None:
        """Take a stretch that can't be read: it may have held anything, another heading, too."""
        self.form, self.broken = NO_FORM, True
        self.headings.clear()

    def skip_cards(self, last_header: int, behind: int) -> None:
        """Take lines without any mark: where the last header among them stands, and where the line behind it begins."""
        self.form, self.since, self.broken = CARD_FORM, last_header, False
        self.reached = max(self.reached, behind)
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
        reached = int(np.searchsorted(page.start, self.reached - offset, "right")) - 1
        for at in np.lexsort((mark, line)).tolist():
            place = offset + int(page.start[line[at]])
            form = int(kind[at])
            if form >= 0 and self.form >= 0 and form_of(self.form).name in form_of(form).inside:
                reached = _whole_line(page, int(marks.line[mark[at]]))
                continue
            long = (
                form != CARD_FORM and place - self.since >= STRETCH_BYTES and _begins_a_line(page, line[at])
            )
            if form == CARD_FORM or form != self.form or long or self.broken:
                if form == CARD_FORM or self.form not in {form, NO_FORM}:
                    self.headings.clear()  # those that are given to a slice hold for its first stretch
                elif self.headings and self.form != NO_FORM:
                    contexts[place - offset] = json.dumps(self.headings, ensure_ascii=False)
                # what leads to a file's first mark goes with it
                if self.form != NO_FORM or form == CARD_FORM or self.broken:
                    begin = int(line[at])
                    if form not in {CARD_FORM, self.form}:
                        text_before = self.form == CARD_FORM
                        ended = _ended(page, self.form, reached, begin)
                        begin = furniture_above(page, form_of(form), begin, ended, text_before=text_before)
                    found.append(int(page.start[begin]))
                    self.broken &= not _begins_a_line(page, begin)
                self.form, self.since = form, place
            reached = int(line[at]) + 1 if form == CARD_FORM else _whole_line(page, int(marks.line[mark[at]]))
            if mark[at] >= 0 and marks.heading[mark[at]]:
                text = page.lines(marks.line[mark[at]][None])[0]
                self.headings = [*self.headings[1 - HEADINGS :], text]
        if len(line):
            self.reached = offset + page.place(reached)
        return np.array(sorted(set(found)), np.int64), contexts
