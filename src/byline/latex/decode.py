"""Columns of listed text in, plain Unicode out.

Only rows that hold a trigger are touched. Such a row is cut into plain text and pieces of markup; the distinct pieces
are decoded once each (they repeat: 180,000 formulas of 120,000 abstracts are 69,000 different ones) and put back.
That is repeated until nothing changes, so that markup within markup is met from the inside out.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from byline.latex import marks
from byline.latex.dollars import strays
from byline.latex.segments import SUSPECT, is_prose
from byline.latex.splice import substitute
from byline.normalize.text import nfc

TRIGGER = r"[\\$~{}]|``|--|&[#A-Za-z][0-9A-Za-z]*;|</?[a-z]"
"""What makes a row worth a closer look."""
ROUNDS = 6
"""Nesting of markup in running text beyond which the rest stays as typed."""
BATCH = 32_768
"""Rows decoded at a time: enough that patterns are compiled seldom, few enough that their copies stay small."""

_MATH = r"(?s:\$\$[^$]+\$\$|\$[^$]+\$)"
_ESCAPE = r"\\[\\${}]"
_ESCAPES = {r"\\": marks.BREAK, r"\$": marks.DOLLAR, r"\{": marks.LEFT, r"\}": marks.RIGHT}


def decode(texts: pl.Series, *, names: bool = False) -> pl.Series:
    r"""Return listed texts as plain Unicode in NFC: `$\leq5$%` is `≤5%`, `{\'e}` is `é`, `\emph{so}` is `so`.

    Mathematics is kept readable on one line (`x²`, `ℓ₁`, `x^(n-1)`, `a/b`); what can't be, unknown macros and broken
    markup stay as typed. Null stays null, a text that isn't empty never becomes so, and decoding twice is the same
    as decoding once: a text whose decoded form would be read differently again is left as listed. With `names` the
    texts are names of people: a tie is always a space, `\'s` at the end of a word always a letter.
    """
    name, texts = texts.name, texts.cast(pl.String)
    beyond = _beyond_ascii(texts).arg_true()
    if beyond.len():
        texts = texts.clone().scatter(beyond, nfc(texts.gather(beyond)))
    wanted = texts.str.contains(TRIGGER).fill_null(value=False)
    marked = beyond.filter(texts.gather(beyond).str.contains(marks.ANY))
    rows = wanted.scatter(marked, values=False).arg_true()
    if rows.len() == 0:
        return texts.alias(name)
    return texts.clone().scatter(rows, _decoded_until_stable(texts.gather(rows), names)).alias(name)


def _beyond_ascii(texts: pl.Series) -> pl.Series:
    """Say which texts have a character beyond ASCII, much faster than by searching for one; null is none."""
    return (texts.str.len_bytes() != texts.str.len_chars()).fill_null(value=False)


def _decoded_until_stable(listed: pl.Series, names: bool) -> pl.Series:
    """Return the decoded texts, but the listed one where decoding again would change it or nothing is left."""
    found, settled = _passes(listed, names)
    rows = ((found != listed) & found.str.contains(TRIGGER)).arg_true()
    rows = rows.filter(~_stays(found.gather(rows), settled.gather(rows)))
    some = found.gather(rows)
    unstable = rows.filter(_passes(some, names)[0] != some)
    lost = pl.concat([unstable, (found.str.strip_chars() == "").arg_true()])
    return found.scatter(lost, listed.gather(lost))


def _stays(found: pl.Series, settled: pl.Series) -> pl.Series:
    """Tell, without decoding them again, of which decoded texts it is plain that this would not change them.

    `settled`: those of which the last step saw that what was found stays so. Of these the steps before it change
    nothing either where there is no escape and no dollar stands for itself.
    """
    rows = (settled & ~found.str.contains(_ESCAPE)).arg_true()
    some = found.gather(rows)
    return pl.repeat(False, len(found), eager=True).scatter(rows, _protect(some, False) == some)


def _passes(texts: pl.Series, names: bool) -> tuple[pl.Series, pl.Series]:
    """Decode texts in batches, those with escapes apart, since to search them takes longer; see `_pass`."""
    escaped = texts.str.contains(_ESCAPE)
    batches, found, settled = [], [], []
    for group, some in ((~escaped, False), (escaped, True)):
        rows = group.arg_true()
        for start in range(0, rows.len(), BATCH):
            batches.append(rows.slice(start, BATCH))
            one, stays = _pass(texts.gather(batches[-1]), some, names)
            found.append(one)
            settled.append(stays)
    if not batches:
        return texts, pl.Series([], dtype=pl.Boolean)
    order = pl.concat(batches)
    return texts.clone().scatter(order, pl.concat(found)), pl.concat(settled).gather(order.arg_sort())


def _pass(listed: pl.Series, escaped: bool, names: bool) -> tuple[pl.Series, pl.Series]:
    """Decode texts until nothing changes; return them, and which the last step left as they are returned."""
    start = _protect(listed, escaped)
    texts, odd = substitute(start, escaped, names)
    odd |= _beyond_ascii(listed)
    rows = ((texts != start) & texts.str.contains(TRIGGER)).arg_true()
    for _ in range(ROUNDS - 1):
        if rows.len() == 0:
            break
        before = texts.gather(rows)
        after, newly_odd = substitute(before, escaped, names)
        texts, odd = texts.scatter(rows, after), odd.scatter(rows, newly_odd | odd.gather(rows))
        rows = rows.filter((after != before) & after.str.contains(TRIGGER))
    same = (texts == start).arg_true()
    found = _clean(_restore(texts), odd)
    settled = (found == texts).scatter(rows, values=False)
    return found.scatter(same, listed.gather(same)), settled


def _clean(texts: pl.Series, odd: pl.Series) -> pl.Series:
    """Fold the white space that dropped markup left behind, and restore the normal form; cheap where not needed."""
    loose = texts.str.contains("  ", literal=True) | texts.str.contains(r"[\t-\r]")
    loose |= texts.str.starts_with(" ") | texts.str.ends_with(" ")
    rows = odd.arg_true()
    some = texts.gather(rows)
    loose = loose.scatter(rows, loose.gather(rows) | some.str.contains(r"[^\S\x00-\x7F]"))
    texts = texts.scatter(rows, nfc(some))
    rows = loose.arg_true()
    folded = texts.gather(rows).str.replace_all(r"\s{2,}|[^\S ]", " ").str.strip_chars()
    return texts.scatter(rows, folded)


def _protect(texts: pl.Series, escaped: bool) -> pl.Series:
    """Put marks in place of escapes, and of the dollars of texts where they can't all enclose mathematics."""
    if escaped:
        texts = texts.str.replace_many(list(_ESCAPES), list(_ESCAPES.values()), leftmost=True)
    odd_number = texts.str.count_matches("$", literal=True) % 2 == 1
    doubtful = odd_number.scatter(_with_prose(texts), values=True).arg_true()
    strayed = pl.Series([_strayed(text) for text in texts.gather(doubtful)], dtype=pl.String)
    return texts.clone().scatter(doubtful, strayed)


def _strayed(text: str) -> str:
    """Return a text with marks in place of the dollars that enclose no mathematics."""
    for start, end in reversed(strays(text)):
        text = text[:start] + marks.STRAY * (end - start) + text[end:]
    return text


def _with_prose(texts: pl.Series) -> pl.Series:
    """Return the rows of the texts that have a sentence or a price between two dollars."""
    spans = texts.str.extract_all(_MATH)
    rows = np.repeat(np.arange(len(texts)), spans.list.len().to_numpy())
    flat = spans.explode().drop_nulls()
    at = flat.str.contains(SUSPECT).arg_true()
    suspects = flat.gather(at).to_list()
    prose = {one for one in set(suspects) if is_prose(one)}
    return pl.Series(rows[at.to_numpy()][[one in prose for one in suspects]], dtype=pl.UInt32)


def _restore(texts: pl.Series) -> pl.Series:
    """Put what they stand for in place of the marks."""
    every = marks.TYPED | marks.LITERAL
    return texts.str.replace_many(list(every), list(every.values()))
