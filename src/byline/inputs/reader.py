"""Blocks of a file made into complete lines, with the headers among them."""

from __future__ import annotations

import numpy as np

from byline.forms.declared import LINES
from byline.forms.marks import Marks, cut_apart, find_marks, first_above, first_open, headers_beside
from byline.forms.model import CARD
from byline.forms.stretches import Tracker
from byline.inputs.cutter import Cutter
from byline.inputs.encodings import HEAD, foreign
from byline.inputs.model import Limits
from byline.inputs.windows import Needs, headers_to_cut
from byline.listing import reasons
from byline.listing.headers import LOOKAHEAD
from byline.listing.lines import Ints, Page, read_page


class Reader:
    """Makes complete lines of blocks, finds the headers among them, and hands both to the cutter.

    What can't be decided yet (the last line, and the last header with nothing behind it) is carried to the next block.
    """

    def __init__(self, cutter: Cutter, limits: Limits, only: str | None = None) -> None:
        self._cutter = cutter
        self._only = only
        self._record = limits.record
        self._nothing_shown = True
        self._limit = limits.line
        self._carry = b""
        self._in_long_line = False
        self._foreign: str | None = None
        self._begun = False
        self._tracker = Tracker()
        self._known = 0
        self._later: dict[int, str] = {}
        self._pairs_since: int | None = 0
        self._too_long = f"a line of more than {limits.line} bytes; expected lines of a listing"

    def take(self, block: bytes, *, last: bool, uncut: bool = False) -> None:
        """Take the next bytes of the file; `uncut` spares looking for headers where nothing will be cut."""
        if not self._begun:
            self._begun = True
            self._foreign = foreign(block[:HEAD])
        if self._foreign is not None:
            self._cutter.feed_long(block, reasons.NOT_UTF8, self._foreign)
        else:
            self._take_text(self._carry + block, last=last, uncut=uncut)
        if last and (self._foreign is not None or self._in_long_line):
            self._cutter.end_line()  # the lines of a foreign file can't be told: it counts as one

    def _take_text(self, data: bytes, *, last: bool, uncut: bool) -> None:
        if self._in_long_line:
            data = self._go_on_long_line(data, last=last)
        if last:
            self._lines(data, final=True, uncut=uncut)
            return
        end = _end_of_lines(data)
        rest = data[end:]
        if len(rest) <= self._limit + 1:  # one more: it may be the CR of a line end
            self._carry = self._lines(data[:end], final=False) + rest
            return
        self._lines(data[:end], final=True)
        self._in_long_line = True
        self._carry = self._go_on_long_line(rest, last=False)

    def _go_on_long_line(self, data: bytes, *, last: bool) -> bytes:
        """Feed the rest of a line that is too long; return what stands behind it, or a CR that may go on."""
        ends = [at for at in (data.find(b"\n"), data.find(b"\r")) if at >= 0]
        end = min(ends, default=len(data))
        if not last and data[end:] == b"\r":
            self._cutter.feed_long(data[:end], reasons.TOO_LONG, self._too_long)
            return data[end:]
        if ends:
            end += 2 if data[end : end + 2] == b"\r\n" else 1
        self._cutter.feed_long(data[:end], reasons.TOO_LONG, self._too_long)
        if ends:
            self._end_long_line()
            self._in_long_line = False
        return data[end:]

    def _end_long_line(self) -> None:
        self._cutter.end_line()
        self._tracker.break_off()
        self._pairs_since = None  # behind it the next paragraph begins a slice

    def _lines(self, data: bytes, *, final: bool, uncut: bool = False) -> bytes:
        """Feed complete lines; return those that can't be decided before more is known (none when final)."""
        page = read_page(data)
        long = np.flatnonzero(page.stop - page.start > self._limit)
        if not len(long):
            return self._settle(data, page, final=final, uncut=uncut)
        at = 0
        ends = np.append(page.start[1:], len(data))
        for begin, end in zip(page.start[long].tolist(), ends[long].tolist(), strict=True):
            self._settle(data[at:begin], read_page(data[at:begin]), final=True)
            self._cutter.feed_long(data[begin:end], reasons.TOO_LONG, self._too_long)
            self._end_long_line()
            at = end
        return self._settle(data[at:], read_page(data[at:]), final=final)

    def _settle(self, data: bytes, page: Page, *, final: bool, uncut: bool = False) -> bytes:
        """Feed the lines whose headers are decided; return the rest."""
        certain = known = len(page.start)
        shown = np.flatnonzero(~page.blank)
        if not final:  # one line is kept, to tell whether what follows is a paragraph
            certain = known = max(0, certain - 1)
            if len(shown) and certain - shown[-1] < LOOKAHEAD:
                known = min(int(shown[-1]), first_open(page))
                certain = first_above(page, known)  # where the head of a page above the next record may begin
        stop = page.place(certain)
        if stop:
            lead = self._lead(page, shown[shown < certain])
            needs = self._cutter.needs if lead is None else None
            headers, headings = self._borders(page, stop, known, needs, uncut=uncut)
            if lead is not None:
                headers = self._without_lead(lead, headers)
            self._cutter.feed(data[:stop], headers, page.start[:certain], headings, data[stop:])
        return data[stop:]

    def _borders(
        self, page: Page, stop: int, known: int, needs: Needs | None, *, uncut: bool
    ) -> tuple[Ints, dict[int, str]]:
        """Return where the bytes may be cut before `stop`, and the headings that hold behind a cut.

        `known` is the line before which it is decided what begins.
        """
        if self._only == LINES:
            self._cutter.marked = True
            return (page.start[:0] if uncut else self._pairs(page, stop, known)), {}
        every = find_marks(page, only=self._only)
        self._cutter.marked |= len(every.line) > 0
        if uncut:
            return page.start[:0], {}
        if not len(every.line):
            return self._without_marks(page, stop, needs), {}
        pieces = cut_apart(page, self._only)  # as reading does: else what is tracked is not what is read
        every = every if pieces is page else find_marks(pieces, only=self._only)
        headers = headers_beside(pieces, every, self._only)
        offset, limit = self._cutter.offset, page.place(known)
        new = (pieces.start[headers] < limit) & (pieces.start[headers] >= self._known - offset)
        marks = self._new_marks(pieces, every, limit)
        self._known = max(self._known, offset + limit)
        borders, headings = self._tracker.borders(pieces, headers[new], marks, offset)
        for border in borders[np.isin(borders, page.start)].tolist():  # a slice begins with a line
            self._later[offset + border] = headings.get(border, "")
        return self._taken(stop)

    def _pairs(self, page: Page, stop: int, known: int) -> Ints:
        """Return where a file of pairs of lines may be cut before `stop`."""
        from byline.forms.paired import stretch_begins  # noqa: PLC0415 - only files declared so need it

        offset, limit = self._cutter.offset, page.place(known)
        since = None if self._pairs_since is None else self._pairs_since - offset
        for place in stretch_begins(page, since, self._known - offset, limit):
            self._later[offset + place] = ""
            self._pairs_since = offset + place
        self._known = max(self._known, offset + limit)
        return self._taken(stop)[0]

    def _without_marks(self, page: Page, stop: int, needs: Needs | None) -> Ints:
        """Return where lines that hold no mark may be cut before `stop`: at the headers of cards."""
        if self._only not in {None, CARD}:
            return page.start[:0]
        headers = headers_to_cut(page, stop, needs)
        offset = self._cutter.offset
        self._known = max(self._known, offset + stop)
        if len(headers):
            behind = page.place(int(np.searchsorted(page.start, headers[-1])) + 1)
            self._tracker.skip_cards(offset + int(headers[-1]), offset + behind)
        return np.union1d(headers, self._taken(stop)[0])

    def _taken(self, stop: int) -> tuple[Ints, dict[int, str]]:
        """Take the borders before `stop` from those that were found."""
        offset = self._cutter.offset
        now = sorted(place for place in self._later if place < offset + stop)
        texts = {place - offset: self._later.pop(place) for place in now}
        return np.array(list(texts), np.int64), {place: text for place, text in texts.items() if text}

    def _new_marks(self, page: Page, marks: Marks, limit: int) -> Marks:
        """Return the marks whose records begin before `limit` that were not taken yet."""
        place = self._cutter.offset + page.start[marks.line]
        kept = (page.start[marks.begin] < limit) & (place >= self._tracker.judged)
        if kept.any():
            self._tracker.judged = int(place[kept].max()) + 1
        return Marks(marks.line[kept], marks.begin[kept], marks.form[kept], marks.heading[kept])

    def _lead(self, page: Page, shown: Ints) -> int | None:
        """Return how many blank bytes precede the first line of the file that shows anything, if it is met only now."""
        if not len(shown) or not self._nothing_shown:
            return None
        self._nothing_shown = False
        begin = int(page.start[shown[0]])
        return begin if self._cutter.offset + begin > 0 else None

    def _without_lead(self, begin: int, headers: Ints) -> Ints:
        """Take the first header off when only blank lines stand before it: they belong to its record."""
        lead = self._cutter.offset + begin
        is_header = len(headers) > 0 and headers[0] == begin
        if lead > self._record or not is_header or self._cutter.unreadable:
            return headers
        self._cutter.headed = True
        return headers[1:]


def _end_of_lines(data: bytes) -> int:
    """Return where the last complete line ends. A CR at the very end may be half of CRLF: its line is not complete."""
    last = len(data) - 1 if data.endswith(b"\r") else len(data)
    return max(data.rfind(b"\n", 0, last), data.rfind(b"\r", 0, last)) + 1
