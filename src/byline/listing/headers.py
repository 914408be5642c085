"""Which lines are headers of records.

A header is a line of the right shape that the following lines don't gainsay: with prose that goes on in the middle of
a sentence it stands inside an abstract; prose that begins one is an abstract whose title line is missing. The decision
looks at the line itself and at the next line that shows anything, at most LOOKAHEAD lines on, never at what came
before; the end of the bytes and a line that is header-shaped itself count alike. So bytes may be cut before any header,
and the parts read one by one give the records of the whole: the planner cuts files with this very function.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from byline.core import resources
from byline.core.matching import matching
from byline.listing import badges, dates, words
from byline.listing.lines import Flags, Ints, Page, next_shown
from byline.listing.text import fold_space

LOOKAHEAD = 64
"""Lines after a header that are looked at for its byline; further on, none stands there."""
MAX_HEADER_BYTES = 240
"""A longer line is no header: 40 bytes of code and date leave room for badges."""
PROSE_BYTES = 400
"""A longer prose line behind a header is an abstract without byline; a shorter one may go on with a sentence."""

_GAP = r"[\s·|:,]*"
_MAYBE = (
    r"^[\s\p{Cc}\p{Cf}]*[A-Za-z][A-Za-z.\p{Cf}-]*[\s\p{Cc}\p{Cf}·|:,]*"
    r"(?:(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[A-Za-z]*\.?[\s\p{Cc}\p{Cf}]*)?\d"
)
"""What every header looks like before white space is folded."""
_MONTHS = "(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_DATED = rf"{_MONTHS}(?i:[a-z]*)\.?[\s,]*\d|\d(?i:st|nd|rd|th)?[\s.-]*{_MONTHS}|\d[-/.]\d"
"""What every date holds (`dates.FORMS`): digits beside a month's name or beside a mark and digits."""
_ARCHIVE = r"(?:[a-z]+(?:-[a-z]+)?|[A-Z]{2,8}(?:-[A-Z]{2,4})?)"
_CAPITALS = r"[A-Z]{2,8}(?:-[A-Z]{2,5})?"
"""A code in capitals, known or not: `LG`, `HEP-TH`."""
_USUAL_CODE = rf"^(?:{_ARCHIVE}\.[A-Za-z-]+|{_CAPITALS}|[a-z-]+|[A-Z]?[a-z]+(?:-[a-z]+)+)$"
"""A code in another spelling (`Cs.Lg`, `LgX`) is one only where a month's name touches it."""
_GLUED_BADGE = r"^[\p{L}\p{N}][^\p{Cc}]{0,60}[^\p{Cc}.,;:]$"
_BADGE = r"^[\p{Lu}\p{Lt}\p{Lo}\p{N}\p{S}\p{Po}(\[#@\"'\x{2600}-\x{27BF}][^\p{Cc}]{0,60}$"
_SENTENCE = (
    r"^\s*[,.;:)\]]|^\s+\p{Ll}|^\p{Ll}|^\d|[.,;:]$|\s(?:the|of|and|we|is|are|was|that|with|to|for|in|by|as)\s"
)

_ET_AL = r"\bet al\.?(?:\s*·.*)?$|\s·\s"
_STOP_WORD = (
    r"(?:the|of|we|is|are|was|were|that|which|with|to|for|in|on|by|as|our|this|these|from|be|it|or"
    r"|can|has|have)"
)
_ENDS_OPEN = rf"\s(?:{_STOP_WORD}|and|an|a)$"
_SMALL = r"^(?:\p{Ll}|\P{Lu}*$)"
"""Begins in lower case, or holds no capital at all."""
_STARTS_LARGE = r"^\s*[\"'“‘(\[]?[\p{Lu}\p{Lt}\p{Lo}]"
_ENDS_NEAR_STOP_WORD = rf"\s{_STOP_WORD}(?:\s+\S+){{0,4}}$"
_SENTENCE_END = r"[\p{Ll}\d]{3}[)\]\"'”’$]*[.;:!?]$"
_GLUED = r"[\p{Ll}\p{Nd}.?!)\]}\"'”’$:…+*^#&-]\p{Lu}|\p{Lu}{2}[\p{Ll}--s]|\p{Lo}\p{Lu}|\p{Lu}\p{Lo}"
"""Title and first author touch: a capital after neither space nor capital, or `BERTJacob`. Rare in prose."""


@dataclass(frozen=True)
class Headers:
    """Accepted headers in the order of the page; every column has one entry a header."""

    line: Ints
    code: pl.Series
    published: pl.Series
    """Null where the calendar has no such day, or the date can't be told."""
    rest: pl.Series
    """What stands behind the date: badges."""


@resources.kept
def _fast() -> str:
    """Return what nearly all headers look like, known badges at most; read at a fifth of the full pattern's cost."""
    months = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
    return rf"^([A-Z]{{2}}|[a-z]+(?:-[a-z]+)*)({months}) (\d{{1,2}}), (\d{{4}})({badges.known()}*)$"


_NONE = pl.DataFrame(
    schema={"line": pl.Int64, "code": pl.String, "published": pl.Date, "rest": pl.String, "sure": pl.Boolean}
)


@cache
def _pattern() -> str:
    """Return the full pattern: code, gap, date in any form, rest."""
    dotted = rf"{_ARCHIVE}\.(?:[A-Z]{{2}}|[a-z]{{2,5}}(?:-[a-z]{{2,5}})?)"
    code = rf"{dotted}|{_CAPITALS}|(?i:{words.codes()})|[a-z]+(?:-[a-z]+)*|[A-Za-z]+(?:[.-][A-Za-z]+)*"
    return rf"^(?P<code>{code})(?P<gap>{_GAP})(?:{dates.FORMS})(?P<rest>.*)$"


def find_headers(page: Page, begins: Ints | None = None, among: Flags | None = None) -> Headers:
    """Return the headers of a page. `begins`: the first line of each slice in it; no line looks beyond its own slice.

    `among`: the lines to look at, null for all; with a line, the LOOKAHEAD behind it must be among them.
    A header-shaped line whose date is impossible is a header, too: its record exists, and is quarantined.

        0  LGSep 25, 2023Code           header: code LG, 2023-09-25, rest `Code`
        1  Counting owlsAda Pym, Bo Li
        2  We count owls, as we did on
        3  CLSep 24, 2021               shaped like one, but prose goes on in the middle of a sentence: none
        4  with more of them, in vain.
        5  hep-thFeb 30, 2024           header: no such day, `published` is null, the record is quarantined
        6  Strings and owlsCy Fox

    gives `line` [0, 5], `code` [LG, hep-th], `published` [2023-09-25, null], `rest` [Code, ""].
    """
    short = (page.stop - page.start <= MAX_HEADER_BYTES) & ~page.blank
    lines = np.flatnonzero(short if among is None else short & among)
    texts = page.lines(lines)
    fast = texts.str.contains(_fast())
    shaped = _read_fast(lines[fast.to_numpy()], texts.filter(fast))
    other = _read_full(lines[~fast.to_numpy()], texts.filter(~fast))
    if other.height:
        shaped = pl.concat([shaped, other]).sort("line")
    kept = shaped.filter(_accepted(page, shaped, np.zeros(1, np.int64) if begins is None else begins))
    return Headers(kept["line"].to_numpy(), kept["code"], kept["published"], kept["rest"])


def _read_fast(lines: Ints, texts: pl.Series) -> pl.DataFrame:
    parts = texts.str.extract_groups(_fast()).struct.unnest()
    code, month, day, year, rest = parts.iter_columns()
    return pl.DataFrame({"line": lines}).with_columns(
        code=code, published=dates.read_dates(year, month, day), rest=rest, sure=pl.lit(value=True)
    )


def _read_full(lines: Ints, texts: pl.Series) -> pl.DataFrame:
    """Read the less common forms, and leave out what has not the shape of a header."""
    maybe = texts.str.contains(_MAYBE).arg_true()
    lines, texts = lines[maybe.to_numpy()], fold_space(texts.gather(maybe))
    for pattern in (_DATED, _pattern()):  # no text, no pattern: a long one is not compiled for nothing
        if len(texts):
            shaped = texts.str.contains(pattern).arg_true()
            lines, texts = lines[shaped.to_numpy()], texts.gather(shaped)
    if not len(texts):
        return _NONE.clone()
    parts = texts.str.extract_groups(_pattern()).struct.unnest()
    frame = pl.DataFrame({"line": lines}).hstack(parts)
    parts_of_date = {
        part: pl.coalesce(f"{part}1", f"{part}2", f"{part}3") for part in ("year", "month", "day")
    }
    frame = frame.with_columns(**parts_of_date)
    frame = frame.with_columns(published=dates.read_dates(frame["year"], frame["month"], frame["day"]))
    return frame.filter(_header_like()).select(
        "line", "code", "published", pl.col("rest").str.strip_chars(), sure=_sure()
    )


def _known_rest() -> pl.Expr:
    return pl.col("rest").str.contains(badges.known_only())


def _header_like() -> pl.Expr:
    """What the line itself must be: code and date touch or the code is a known one, and the rest could be badges.

    Where all three touch, the rest is a badge however it begins (`LGSep 26, 20232 repos`): no sentence runs on so.
    """
    touching = pl.col("gap") == ""
    code, rest = pl.col("code"), pl.col("rest")
    known = code.str.contains(rf"^(?:{words.codes()}|[A-Z]{{2}}|{_ARCHIVE}\.[A-Za-z-]+)$")
    known |= code.str.contains(rf"^(?i:{words.codes()})$") & code.str.contains("-", literal=True)
    badge = rest.str.strip_chars().str.contains(_BADGE) & ~rest.str.contains(_SENTENCE)
    unclear = pl.col("unclear").is_not_null()
    usual = code.str.contains(_USUAL_CODE) | pl.col("month1").is_not_null()
    glued = touching & ~unclear & rest.str.contains(_GLUED_BADGE)
    return (touching & usual | (known & ~unclear)) & (_known_rest() | badge | glued)


def _sure() -> pl.Expr:
    """Where the line alone decides unless prose follows; elsewhere a byline must follow."""
    touching = pl.col("gap") == ""
    return (_known_rest() | (touching & ~pl.col("rest").str.starts_with(" "))) & pl.col("unclear").is_null()


def _accepted(page: Page, shaped: pl.DataFrame, begins: Ints) -> pl.Series:
    """Judge header-shaped lines by the next line of the slice that shows anything."""
    line, sure = shaped["line"].to_numpy(), shaped["sure"].to_numpy()
    count = len(page.start)
    after = np.append(next_shown(page), count)[line + 1]
    border = np.append(begins[1:], count)[np.searchsorted(begins, line, "right") - 1]
    after[(after - line > LOOKAHEAD) | (after >= border)] = count
    shape = np.zeros(count + 1, bool)
    shape[line] = True
    shape[count] = True
    nothing = shape[after]
    goes_on = np.zeros(len(line), bool)
    looked = np.flatnonzero(~nothing)
    looked = looked[page.stop[after[looked]] - page.start[after[looked]] <= PROSE_BYTES]
    doubted, trusted = looked[~sure[looked]], looked[sure[looked]]
    goes_on[doubted] = is_prose(page, after[doubted]) | goes_on_small(page, after[doubted])
    prose = trusted[is_prose(page, after[trusted])]
    goes_on[prose] = ~_begins_sentence(page, after[prose])
    goes_on[looked] |= _ends_export(page, after[looked])
    return pl.Series(np.where(nothing, sure, ~goes_on))


def _ends_export(page: Page, lines: Ints) -> Flags:
    """Whether each line (ascending) ends a record of an export: `DA 2021-04-01` above `ER` is a tag and its date."""
    found: Flags = page.stop[lines] - page.start[lines] == len("ER")
    some = np.flatnonzero(found)
    if len(some):
        found[some] = page.lines(lines[some]).is_in(["ER", "EF"]).to_numpy()
    return found


def _begins_sentence(page: Page, lines: Ints) -> Flags:
    """Whether each line (ascending) begins as an abstract does: behind a header its title and authors are missing."""
    found: Flags = page.lines(lines).str.contains(_STARTS_LARGE).to_numpy()
    return found


def shaped_like_header(texts: pl.Series) -> Flags:
    """Whether folded texts have the shape of a header, whatever follows them; null has not."""
    rows = (texts.str.len_bytes() <= MAX_HEADER_BYTES).fill_null(value=False).arg_true().to_numpy()
    found = np.zeros(len(texts), bool)
    found[_read_full(rows, texts.gather(rows))["line"].to_numpy()] = True
    return found


def is_prose(page: Page, lines: Ints) -> Flags:
    """Whether each line (ascending) goes on like an abstract rather than naming a title and its authors.

    It does when no title touches a name in it, and it ends as sentences do, or with a small word that no list of
    authors ends with. A page in lower case touches without a capital and names people `jing an`: there, only the
    end of a sentence counts.
    """
    texts = page.lines(lines).str.strip_chars()
    ends = texts.str.contains(_ENDS_OPEN)
    ends &= ~matching(texts, _SMALL, ends)
    return _nothing_touches(texts, ends | texts.str.contains(_SENTENCE_END))


def goes_on_small(page: Page, lines: Ints) -> Flags:
    """Whether each line (ascending) is in lower case and has a small word of sentences at or near its end.

    A sentence that goes on reads so, and so does a title with names, both in lower case: evidence only against a
    header that is doubtful itself.
    """
    texts = page.lines(lines).str.strip_chars()
    small = texts.str.contains(_SMALL)
    ends = matching(texts, _ENDS_OPEN, small) | matching(texts, _ENDS_NEAR_STOP_WORD, small)
    return _nothing_touches(texts, ends)


def _nothing_touches(texts: pl.Series, which: pl.Series) -> Flags:
    """Whether those of the texts hold no cut list, and no title that touches a name."""
    rows = which.arg_true()
    for pattern in (_ET_AL, _GLUED):
        if len(rows):
            rows = rows.filter(~texts.gather(rows).str.contains(pattern))
    found = np.zeros(len(texts), bool)
    found[rows.to_numpy()] = True
    return found
