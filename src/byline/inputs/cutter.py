"""Slices, cut while the bytes of a file go by.

The cutter is fed complete lines and told where headers stand among them. It closes a slice at the first header at or
after `slice_bytes`, and makes one unreadable slice of what is too long or damaged. Only the bytes since the last
header are held, so that they can still go into either kind of slice; everything before is hashed and let go.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from byline.forms.marks import LOOK_BYTES, LOOKAHEAD
from byline.inputs.model import Limits, Slice, context_mark, slice_hash, unreadable_mark
from byline.inputs.windows import Needs
from byline.listing import reasons
from byline.listing.lines import Ints, read_page

_TOO_FAR = "no header within {} bytes; expected records that begin with {}"


class Cutter:
    """Collects the slices of one file.

    `offset` and `line` (1-based) are those of the next byte; `headed` tells whether a header was met, `marked`
    whether a line was that may be a mark of another form.
    """

    def __init__(self, path: Path, slice_bytes: int, limits: Limits, declared: str = "") -> None:
        self.slices: list[Slice] = []
        self.offset = 0
        self.line = 1
        self._path = path
        self._slice_bytes = max(1, slice_bytes)
        self._limits = limits
        self._unreadable: tuple[str, str] | None = None
        self._hash = slice_hash()
        self._start, self._start_line = 0, 1
        self._group, self._group_line = 0, 1
        self.headed = False
        self._pending: list[bytes | memoryview] = []
        self._declared, self._headings = declared, ""
        self._ahead = b""
        self.marked = False

    @property
    def unreadable(self) -> bool:
        """Whether the present slice is an unreadable stretch."""
        return self._unreadable is not None

    @property
    def needs(self) -> Needs | None:
        """Which headers of the next bytes make a difference; null while each does, since it ends what is unreadable."""
        if self._unreadable is not None:
            return None
        return Needs(
            due=max(0, self._start + self._slice_bytes - self.offset),
            behind=self.offset - self._group,
            slice_bytes=self._slice_bytes,
            record=self._limits.record,
        )

    def feed(
        self,
        data: bytes,
        headers: Ints,
        starts: Ints,
        headings: Mapping[int, str] | None = None,
        ahead: bytes = b"",
    ) -> None:
        """Take complete lines: where each line starts and which of those are headers, as offsets into `data`.

        `headings` holds, by header, what a slice that begins there must know of what stands before; `ahead` are the
        bytes that follow, as far as they are known.
        """
        view, taken, index = memoryview(data), 0, 0
        gaps = np.diff(headers + self.offset, prepend=self._group)
        too_big = np.flatnonzero(gaps > self._limits.record)
        while index < len(headers):
            index = self._next_border(headers, too_big, index)
            at = int(headers[index])
            self._pending.append(view[taken:at])
            if index in too_big:
                self._set_apart()
            line = self.line + int(np.searchsorted(starts, at))
            if self._due(self.offset + at):
                behind = data[at : at + LOOK_BYTES] + ahead[: max(0, LOOK_BYTES - len(data) + at)]
                self._ahead = self._looked_at(behind)
            self._border(self.offset + at, line, (headings or {}).get(at, ""))
            taken, index = at, index + 1
        self._pending.append(view[taken:])
        self.offset += len(data)
        self.line += len(starts)
        if self._unreadable is not None:
            self._commit()
        elif self.offset - self._group > self._limits.record:
            self._set_apart()

    def feed_long(self, data: bytes, reason: str, detail: str) -> None:
        """Take a part of a line that is too long: it and what follows up to the next header are unreadable."""
        if self._unreadable is None:
            self._commit()
            self._close(self.offset, self.line)
            self._unreadable = (reason, detail)
        self._hash.update(data)
        self.offset += len(data)

    def end_line(self) -> None:
        """Count a line whose parts were fed by `feed_long`."""
        self.line += 1

    def finish(self, damage: str | None) -> None:
        """Close the last slice; with damage, what stands since the last header is unreadable (it may be empty)."""
        if damage is not None:
            self._set_apart()
            self._unreadable = (
                reasons.DAMAGED_FILE,
                f"the file {damage}; it could be read up to byte {self.offset}",
            )
        else:
            self._commit()
        self._close(self.offset, self.line, even_empty=damage is not None)

    def _next_border(self, headers: Ints, too_big: Ints, index: int) -> int:
        """Return the next header, from `index` on, at which there is something to do."""
        if self._unreadable is not None:
            return index
        target = int(np.searchsorted(headers, self._start + self._slice_bytes - self.offset))
        big = int(np.searchsorted(too_big, index))
        if big < len(too_big) and too_big[big] <= target:
            target = max(int(too_big[big]) - 1, index)
        return min(max(target, index), len(headers) - 1)

    def _border(self, at: int, line: int, headings: str) -> None:
        """Let what stands before the header at `at` go into the slice, and close the slice there when it is due."""
        self._commit()
        if self._due(at):
            self._close(at, line)
            self._headings = headings
        self._group, self._group_line, self.headed = at, line, True

    def _due(self, at: int) -> bool:
        """Whether the slice ends at a header at `at`."""
        return self._unreadable is not None or at - self._start >= self._slice_bytes

    def _looked_at(self, behind: bytes) -> bytes:
        """Return the lines behind a slice that its marks may look at; none where nothing in it can be a mark."""
        if not self.marked:
            return b""
        starts = read_page(behind).start
        return behind[: int(starts[LOOKAHEAD])] if len(starts) > LOOKAHEAD else behind

    def _commit(self) -> None:
        """Let the held bytes go into the slice."""
        for part in self._pending:
            self._hash.update(part)
        self._pending.clear()

    def _set_apart(self) -> None:
        """Close the slice before the last header; what is held, too much, becomes an unreadable one."""
        if self._unreadable is None:
            self._ahead = self._looked_at(b"".join(self._pending)[:LOOK_BYTES])
            self._close(self._group, self._group_line)
            reason = reasons.TOO_LONG if self.headed else reasons.NO_HEADER
            self._unreadable = (reason, _TOO_FAR.format(self._limits.record, reasons.FORMS))
        self._commit()

    def _close(self, stop: int, line: int, *, even_empty: bool = False) -> None:
        if stop > self._start or even_empty:
            reason, detail = self._unreadable or (None, None)
            if reason is not None:
                self._hash.update(unreadable_mark(reason, detail))
                self._headings, self._ahead = "", b""
            else:
                self._hash.update(context_mark(self._headings, self._declared, self._ahead))
            self.slices.append(
                Slice(
                    path=self._path,
                    start=self._start,
                    stop=stop,
                    first_line=self._start_line,
                    lines=line - self._start_line,
                    digest=self._hash.hexdigest(),
                    reason=reason,
                    detail=detail,
                    headings=self._headings,
                    marked=self.marked,
                    ahead=len(self._ahead),
                    declared=self._declared if reason is None else "",
                )
            )
        self._start, self._start_line = stop, line
        self._group, self._group_line = stop, line
        self._hash, self._unreadable, self._headings, self._ahead = slice_hash(), None, "", b""
