"""Fuzzer over where files are cut: slices hold the marks and stretches of the whole, whatever slices and blocks are.

    python tests/fuzz/fuzz_cuts.py --seconds 60 --seed 1 [--save DIR]

No field is read, and the forms are a few small ones that use all that a form's marks may say, so that many more inputs
are tried than `fuzz_forms` can; the bytes that a mark looks at are few, so that short lines reach that limit. Says how
many inputs were tried; ends with 1 at the first failure, whose input it prints or saves.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from byline.forms import marks, stretches
from byline.forms.model import Form, Line, Mark
from byline.forms.reading import outline
from byline.forms.stretches import CARD_FORM
from byline.inputs import Limits, Slice, Source, cutter, plan, streams

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # so that it can be started by its path

from tests.fuzz import trying

Found = tuple[list[tuple[int, ...]], list[tuple[object, ...]]]

_LINES = (
    *("A x", "HA day", "B x", "HB day", "C x", "D x", "xE one", "xE oneEz two", "xEz f oneE twoEA", "G x"),
    *("T title", "h", "s", "l", "o", "f menu", "g menu", "w", "u", "LABEL", "Prose that ends here.", "end"),
    *(
        "",
        "",
        " ",
        "\t",
        "\u00a0",
        "\x00",
        "café",
        "LGSep 25, 2023",
        "On OwlsAda Pym",
        "and so it is of them.",
    ),
)


def _form(name: str, *found: Mark, **more: object) -> Form:
    return Form(name=name, page="", example="", reads=(), says=(), marks=found, form=name, **more)  # type: ignore[arg-type]


FORMS = {
    form.name: form
    for form in (
        _form(
            "a",
            Mark("^A"),
            Mark("^HA", heading=True),
            furniture="^f",
            heading_date=True,
            lines=(Line("^end", ends=1),),
        ),
        _form(
            "b",
            Mark("^B", back=3, opens="^o", skip="^s", lead=("^l", "^f")),
            Mark("^HB", heading=True),
            furniture="^[fg]",
        ),
        _form("c", Mark("^C", start=(10, "^T"), halt="^h", within=((3, "^w"),)), furniture="^f"),
        _form("d", Mark("^D", unless=((60, "^u"),), back=40), furniture="^f", inside=("a",)),
        _form("e", Mark("E", also=("^x",), longest=4000), splits="Ez?", furniture="^f"),
        _form("g", Mark("^G", back=2, within=((30, "^[wu]"),)), lines=(Line("^end", ends=1),)),
    )
}


@contextmanager
def small(rnd: random.Random) -> Iterator[None]:
    """Let the small forms be the only ones, and few bytes reach every limit."""
    look = rnd.choice((100, 500, 2_000, 1 << 18))
    with (
        mock.patch.object(marks, "forms", return_value=FORMS),
        mock.patch.object(marks, "LOOK_BYTES", look),
        mock.patch.object(cutter, "LOOK_BYTES", look),
        mock.patch.object(streams, "HEAD", 1),
        mock.patch.object(stretches, "STRETCH_BYTES", rnd.choice((60, 300, 1 << 20))),
    ):
        marks.names.cache_clear()
        marks._unions.cache_clear()
        try:
            yield
        finally:
            marks.names.cache_clear()
            marks._unions.cache_clear()


def pasted(rnd: random.Random) -> bytes:
    """Return lines of all forms, some of them long, with runs of blank lines and of menus between them."""
    lines: list[str] = []
    some = rnd.sample(_LINES, rnd.randint(2, len(_LINES)))
    wanted = rnd.choice((40, 250, 400))
    while len(lines) < wanted:
        kind = rnd.random()
        line = rnd.choice(some)
        if kind < 0.03:
            lines += [rnd.choice(("", "  ", "f menu", "LABEL", "s", "g"))] * rnd.randint(1, 70)
        elif kind < 0.06:
            lines.append(f"{line or 'y'} {'z' * rnd.choice((100, 250, 700, 3_000))}")
        else:
            lines += [f"{line}\udcff" if kind < 0.07 else line] * (rnd.randint(1, 3) if kind < 0.3 else 1)
    text = rnd.choice(("\n", "\n", "\r\n", "\r")).join(lines)
    return text.encode("utf-8", "surrogateescape")


def _outlined(pieces: list[Slice], only: str | None) -> Found:
    """Return the marks, and the stretches with their headings and what is unreadable, counted from the file's start."""
    found: list[tuple[int, ...]] = []
    laid: list[tuple[object, ...]] = []
    for piece in pieces:
        if piece.reason is not None:
            laid.append((piece.start, piece.stop, piece.reason))
            continue
        data, ahead = piece.read_ahead()
        seen = outline(data, piece.headings, ahead, only)
        start = seen.page.start + piece.start
        rows = zip(
            start[seen.marks.line].tolist(),
            start[seen.marks.begin].tolist(),
            seen.marks.form.tolist(),
            strict=True,
        )
        found += rows
        for number, (first, kind) in enumerate(
            zip(start[seen.first].tolist(), seen.kind.tolist(), strict=True)
        ):
            headings = [] if kind == CARD_FORM else list(seen.given.get(number, (0, []))[1])
            if kind != CARD_FORM or not laid or laid[-1][1] != CARD_FORM:  # cards are read in runs
                laid.append((first, kind, headings))
    return found, laid


def check(data: bytes, rnd: random.Random, work: Path) -> None:
    """Hold the promise for one input."""
    path = work / "input.txt"
    path.write_bytes(data)
    only = rnd.choice((None, None, "a", "e"))
    source = Source("input.txt", path, len(data), declared=f'{{"form": "{only}"}}' if only else "")
    line, record = rnd.choice((1 << 20, 2_000)), rnd.choice((4 << 20, 8_000))

    def found(size: int, block: int) -> Found:
        limits = Limits(block=block, line=line, record=record)
        return _outlined(plan(source, work, size, limits).slices, only)

    whole = found(1 << 30, 16 << 20)
    for _ in range(2):
        size, block = rnd.choice((1, 100, 1_000)), rnd.choice((16 << 20, 200, 500, 1_000))
        assert found(size, block) == whole, (
            f"slices of {size} and blocks of {block} bytes say what the whole says"
        )


def fuzz(seconds: float, seed: int, save: Path | None = None) -> int:
    """Try inputs for some seconds; return how many. Raises what the first failing one raises."""
    rnd, tried = random.Random(seed), 0
    deadline = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < deadline:
            data = pasted(rnd)
            try:
                with small(rnd):
                    check(data, rnd, Path(folder))
            except BaseException:
                trying.tell(data, tried, save)
                raise
            tried += 1
    print(f"{tried} inputs tried in {seconds:g} s with seed {seed}: no failure")
    return tried


if __name__ == "__main__":
    options = trying.parser(__doc__).parse_args()
    fuzz(options.seconds, options.seed, options.save)
