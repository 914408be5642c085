r"""byline's own card, copied otherwise: a line break, a tab or a space between title and authors.

Looked at where the title and names that should touch were not surely found, and where the line below looks like names:
a title that ends in `Relativity:A Simplified Approach` is surely read as title and name, and yet the names stand below.
A line break or a tab says itself where the title ends, when what follows is a list of names; the boundary model is
asked whether it would have found the same border had the two touched. A space is tried at the last places before the
first comma, and the model judges each.

Example: `On Owls`, line break, `Ada Pym, Bo Li` is read as title and two names; `On Owls Ada Pym, Bo Li` is tried as
`On OwlsAda Pym, …`, `On Owls AdaPym, …` and so on, of which the model takes the first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import polars as pl

from byline import boundary
from byline.boundary.reading import SURE
from byline.core.matching import matching, nowhere
from byline.core.overlay import overlaid
from byline.forms.card_lines import Texts, lines_joined, shown_lines, without_labels
from byline.forms.card_rows import READ, nothing, put
from byline.forms.confidence import DOUBTFUL, MARKED
from byline.forms.list_lines import are_lists, plain_prose
from byline.forms.model import Form
from byline.forms.name_lists import PARTS, read_lists
from byline.forms.name_patterns import patterns
from byline.forms.restyled import OPEN_TITLE, restyled
from byline.listing.text import fold_space

NEARLY = 0.95
"""Names beside a title where the boundary model would have read something else."""
_LONGEST_BELOW = 3_000
"""A longer line, in characters, that is no list of names is an abstract: the model need not be asked."""
_LONGEST_NAME = 50
_CAPITALS = r"(?:^|[\s-])\p{Lu}.*[\s-]\p{Lu}|\p{Lo}"
"""A name has two words with capitals; an abstract of one short sentence has one."""
_UNDIVIDED = r"\s/\s|\s*[、；;|]\s*|\s•\s"
"""What parts names where the card's own list has commas; the model is asked as if they stood there."""
_PARTS_NAMES = r"[,;|·•∙‧⋅・¦‖&/…、，]|\s(?:and|et|und|y|e|og|och|en)\s|$"
_NAME_FIRST = rf"^(?:.{{3,{_LONGEST_NAME}}}?(?:{_PARTS_NAMES})|.{{0,{_LONGEST_NAME}}}\p{{Lo}})"
"""What every list begins with: a name, and what stands between names."""
_LINES_WITH_NAMES = 3
"""Lines behind the first one: title, names, abstract."""
_TRIED = 5
"""Places before the first comma where a space may stand between title and names: a name has rarely more words."""
_ENDS_OPEN = re.compile(r"(?i)\s(?:of|the|for|in|on|with|an?|to|by|from|at|via|or|as)$")
"""No title ends with such a word."""
_SPACE_AT_LEAST = 0.9
_SPACE_AT_MOST = 0.98


def read_apart(titles: pl.Series, below: pl.Series, rest: pl.Series, confidence: pl.Series) -> pl.DataFrame:
    """Read records whose title and authors may stand apart; `confidence`: how surely they were read as glued.

    Returns the columns of READ, all null where the record is not of this kind.
    """
    found = _read_below(Texts(titles, below, rest), confidence)
    left = found["title"].is_null()
    tabbed = (left & titles.str.contains("\t", literal=True).fill_null(value=False)).arg_true()
    if len(tabbed):
        read = _read_tabbed(titles.gather(tabbed), lines_joined(below, rest).gather(tabbed))
        found = put(found, tabbed, read)
    left = found["title"].is_null() & titles.is_not_null() & (confidence.fill_null(0.0) < SURE)
    spaced = left.arg_true()
    before = confidence.gather(spaced).fill_null(0.0)
    read = _read_spaced(fold_space(titles.gather(spaced)), lines_joined(below, rest).gather(spaced), before)
    better = read["boundary_confidence"] > before
    return put(found, spaced.filter(better), read.filter(better))


def read_glued(form: Form, texts: dict[str, pl.Series], frame: pl.DataFrame) -> pl.DataFrame:
    """Read records whose title and names the boundary model tells apart, or, on cards, lines of their own.

    `frame` is what `fields.columns` says of them; returned with title, names, labels, badges and confidence.
    """
    none = pl.Series([None], dtype=pl.String).new_from_index(0, frame.height)
    glued = texts.get("byline" if form.reader == "glued" else "title", none)
    looked = (
        boundary.segment(glued).drop("reason", "detail").with_columns(name_parts=pl.lit(None, dtype=PARTS))
    )
    below, rest = texts.get("authors", none), texts.get("abstract", none)
    behind = lines_joined(below, rest) if form.reader == "card" else frame["abstract"]
    looked = looked.with_columns(abstract=behind).select(
        pl.col(name).cast(dtype) for name, dtype in READ.items()
    )
    read = looked
    if form.reader == "card":
        apart = read_apart(glued, below, rest, looked["boundary_confidence"])
        read = put(
            looked, apart["title"].is_not_null().arg_true(), apart.filter(pl.col("title").is_not_null())
        )
    others = frame.drop([name for name in READ if name in frame.columns])
    badges = pl.select(pl.concat_list(texts.get("badge", none)).list.drop_nulls()).to_series()
    code = texts.get("code", none) if form.reader == "card" else frame["category_code"]
    return others.hstack(read).with_columns(
        badges=badges,
        category_code=code,
        byline=pl.Series(glued).set(read["title"] != looked["title"], None),
        authors=pl.col("authors").fill_null(pl.lit([], dtype=pl.List(pl.String))),
        authors_truncated=pl.col("authors_truncated").fill_null(value=False),
    )


def second_reading(frame: pl.DataFrame, texts: Sequence[bytes]) -> pl.DataFrame:
    """Read the unsure cards of a frame again. `texts`: the bytes that `slice`, `byte_start`, `byte_end` point into.

    Takes and returns the columns of `listing.SCHEMA` and READ, `boundary`'s `reason` and `detail` among them.
    """
    unsure = (pl.col("boundary_confidence") < SURE) | pl.col("reason").is_in(
        ["no_boundary", "missing_byline"]
    )
    wanted = frame.select(unsure.fill_null(value=False).alias("unsure"))["unsure"]
    wanted |= _names_below(frame)
    wanted |= _tabbed(frame, texts)
    rows = wanted.arg_true()
    if not len(rows):
        return restyled(frame)
    places = frame[rows].select("slice", "byte_start", "byte_end").iter_rows()
    lines = shown_lines([texts[number][a:b] for number, a, b in places])
    read = read_apart(lines.title, lines.below, lines.rest, frame["boundary_confidence"].gather(rows))
    if lines.damaged is not None:
        at_most = pl.Series([1.0], dtype=pl.Float32).new_from_index(0, len(rows)).set(lines.damaged, DOUBTFUL)
        read = read.with_columns(boundary_confidence=pl.min_horizontal("boundary_confidence", at_most))
    hits = read["title"].is_not_null()
    known = (
        hits
        & frame["category_code"].gather(rows).is_not_null()
        & frame["published"].gather(rows).is_not_null()
    )
    return restyled(_overlaid(frame, rows.filter(known), read.filter(known)))


def _names_below(frame: pl.DataFrame) -> pl.Series:
    """Tell which cards have a line between title and abstract that could be names, however surely they were read."""
    lines = pl.col("last_line") - pl.col("first_line")
    more = frame.select(pl.col("byline").is_not_null() & (lines >= _LINES_WITH_NAMES)).to_series()
    return matching(frame["abstract"], patterns().begins, more)


def _tabbed(frame: pl.DataFrame, texts: Sequence[bytes]) -> pl.Series:
    """Tell which cards have a tab in their first lines: there the page itself says where a title ends."""
    found = nowhere(frame.height)
    with_tabs = [number for number, text in enumerate(texts) if b"\t" in text]
    if not with_tabs:
        return found
    here = (frame["slice"].is_in(with_tabs) & frame["byline"].is_not_null()).arg_true()
    places = frame[here].select("slice", "byte_start", "byte_end").iter_rows()
    has = [b"\t" in b"\n".join(texts[number][a:b].strip().split(b"\n", 2)[:2]) for number, a, b in places]
    return found.scatter(here, pl.Series(has, dtype=pl.Boolean)) if len(here) else found


def _read_below(lines: Texts, confidence: pl.Series) -> pl.DataFrame:
    """Read the line below the title as names where it is a list of them, or the model takes it for one."""
    names, labels = without_labels(lines.below)
    found = nothing(len(lines.title))
    fits, several = are_lists(names)
    unsure = (confidence < SURE).fill_null(value=True)
    asked = fits | (unsure & _may_be_names(names))
    rows = (lines.title.is_not_null() & asked).arg_true()
    if not len(rows):
        return found
    title, names, labels, rest = (
        text.gather(rows) for text in (fold_space(lines.title), names, labels, lines.rest)
    )
    listed = _frame(title, names, labels, rest)
    glued = pl.select(pl.concat_str(title, names.str.replace_all(_UNDIVIDED, ", "))).to_series()
    touching = boundary.segment(glued, rest)
    chosen = _chosen(
        listed.with_columns(
            fits=fits.gather(rows),
            several=several.gather(rows),
            before=confidence.gather(rows),
            undivided=names.str.contains(_UNDIVIDED),
        ),
        touching.with_columns(agrees=(touching["title"] == title) & touching["reason"].is_null()),
    )
    return put(found, rows, chosen)


def _may_be_names(names: pl.Series) -> pl.Series:
    """Tell which lines could be odd lists of names: a name first, and no word of prose outside brackets and labels.

    Most lines asked for are abstracts, which the boundary model need not read.
    """
    p = patterns()
    asked = (names.str.len_chars() <= _LONGEST_BELOW) & ~plain_prose(names)
    rows = asked.arg_true()
    found = nowhere(len(names))
    if not len(rows):
        return found
    bare = names.gather(rows).str.replace(p.label, "").str.replace_all(r"\([^()]*\)", "")
    fits = bare.str.contains(_CAPITALS) & bare.str.contains(_NAME_FIRST) & ~bare.str.contains(p.prose)
    return found.scatter(rows, fits)


def _chosen(listed: pl.DataFrame, touching: pl.DataFrame) -> pl.DataFrame:
    """Choose between the border at the line's end (`listed`) and none, by what the model says had the lines touched.

    `listed` has `fits` and `several` (the line below is a list, of more than one name), `undivided` (it has no commas
    between names) and `before`: how surely the title's line was read by itself; `touching` has `agrees`: the model
    finds the same border. Null where there is none.
    """
    agrees, same = touching["agrees"].fill_null(value=False), touching["authors"] == listed["authors"]
    read = listed.with_columns(
        agrees=agrees,
        touching=touching["boundary_confidence"],
        same=same.fill_null(value=False),
        model_authors=touching["authors"],
        model_truncated=touching["authors_truncated"],
    )
    unsure = (pl.col("before") < SURE).fill_null(value=True)
    weak = (pl.col("before") <= DOUBTFUL).fill_null(value=True)
    plain = pl.col("fits") & (pl.col("agrees") | weak | (pl.col("several") & unsure))
    name = pl.element()
    people = pl.when("undivided").then("authors").otherwise("model_authors")
    short = people.list.eval(name.str.len_chars()).list.max() <= _LONGEST_NAME
    short &= people.list.eval(name.str.contains(_CAPITALS) & ~name.str.contains(patterns().prose)).list.all()
    odd = ~pl.col("fits") & pl.col("agrees") & short & (pl.col("touching") > pl.col("before").fill_null(0.0))
    whole = odd & pl.col("undivided")
    sure = pl.col("agrees") & pl.col("same") & ((pl.col("touching") >= SURE) | pl.col("several"))
    told = pl.when(odd).then("touching").when(sure).then(MARKED).otherwise(NEARLY)
    divided = pl.when(whole).then(_SPACE_AT_MOST).otherwise(1.0)  # otherwise than the model did
    confidence = pl.min_horizontal(told, "boundary_confidence", divided)
    return read.with_columns(
        title=pl.when(plain | odd).then("title"),
        authors=pl.when(odd & ~whole).then("model_authors").otherwise("authors"),
        authors_truncated=pl.when(odd & ~whole).then("model_truncated").otherwise("authors_truncated"),
        name_parts=pl.when(~odd | whole).then("name_parts"),
        boundary_confidence=confidence,
    ).select(pl.col(name).cast(dtype) for name, dtype in READ.items())


def _frame(titles: pl.Series, names: pl.Series, labels: pl.Series, abstract: pl.Series) -> pl.DataFrame:
    listed = read_lists(names, np.arange(len(names)), "listed")
    confidence = pl.when(pl.col("odd")).then(DOUBTFUL).otherwise(MARKED)
    return listed.with_columns(
        title=titles,
        labels=pl.concat_list(pl.lit(labels), "labels"),
        abstract=abstract,
        boundary_confidence=confidence,
    ).select(pl.col(name).cast(dtype) for name, dtype in READ.items())


def _read_tabbed(lines: pl.Series, abstract: pl.Series) -> pl.DataFrame:
    """Read title, tab, names; where there are several tabs, the last but one that names follow."""
    parts = pl.DataFrame({"line": lines}).select(
        title=pl.col("line").str.extract(r"^\s*(.*?)\s*\t[^\t]*$"),
        names=pl.col("line").str.extract(r"\t([^\t]*)$"),
    )
    names, labels = without_labels(fold_space(parts["names"]))
    fits, _ = are_lists(names)
    told = (parts["title"] != "").fill_null(value=False)
    rows = ((fits | _may_be_names(names)) & told).arg_true()
    title, names, labels, abstract = (
        text.gather(rows) for text in (fold_space(parts["title"]), names, labels, abstract)
    )
    at_most = pl.select(pl.when(fits.gather(rows)).then(MARKED).otherwise(DOUBTFUL)).to_series()
    listed = _frame(title, names, labels, abstract)
    return put(
        nothing(len(lines)),
        rows,
        listed.with_columns(
            boundary_confidence=pl.min_horizontal("boundary_confidence", at_most.cast(pl.Float32))
        ),
    )


def _read_spaced(lines: pl.Series, abstract: pl.Series, before: pl.Series) -> pl.DataFrame:
    """Try each space before the first comma (else before the line's end) as the border.

    `before`: how surely each was read so far; a reading that can't be surer may be left out.
    """
    tries: list[tuple[int, int, str]] = []
    for row, line in enumerate(lines.to_list()):
        head = line.split(", ", 1)[0].split(" · ", 1)[0]
        spaces = [at for at, char in enumerate(head) if char == " "][-_TRIED:]
        tries.extend((row, at, line[:at] + line[at + 1 :]) for at in spaces if _may_part(line, at))
    none = nothing(len(lines))
    if not tries:
        return none
    tried = pl.DataFrame(tries, schema={"row": pl.Int64, "at": pl.Int64, "glued": pl.String}, orient="row")
    read = pl.concat([tried, boundary.segment(tried["glued"]).drop("reason", "detail")], how="horizontal")
    here = (pl.col("title").str.len_chars() == pl.col("at")) & (
        pl.col("boundary_confidence") >= _SPACE_AT_LEAST
    )
    here &= ~pl.col("title").str.contains(OPEN_TITLE)
    here &= (
        pl.col("authors").list.first().str.contains(r"^\P{Ll}")
    )  # in small letters every word could be a name
    best = (
        read.filter(here)
        .sort("row", "boundary_confidence", descending=[False, True])
        .group_by("row", maintain_order=True)
        .agg(pl.all().first(), others=pl.col("boundary_confidence").slice(1).max())
    )
    doubt = pl.col("boundary_confidence") - pl.col("others").fill_null(0.0) * 0.5
    best = best.with_columns(before=before.gather(best["row"])).filter(doubt > pl.col("before"))
    if not best.height:
        return none
    listed, _ = are_lists(best["authors"].list.join(", "))
    doubt = pl.when(listed).then(doubt).otherwise(pl.min_horizontal(doubt, DOUBTFUL))
    best = best.with_columns(
        boundary_confidence=pl.min_horizontal(doubt, _SPACE_AT_MOST),
        name_parts=pl.lit(None, dtype=PARTS),
        abstract=abstract.gather(best["row"]),
    )
    return put(none, best["row"], best.select(pl.col(name).cast(dtype) for name, dtype in READ.items()))


def _may_part(line: str, at: int) -> bool:
    """Whether a space may stand between title and names: no small letter follows, and the title does not go on."""
    return not line[at + 1 : at + 2].islower() and not _ENDS_OPEN.search(line, max(0, at - 9), at)


def _overlaid(frame: pl.DataFrame, rows: pl.Series, read: pl.DataFrame) -> pl.DataFrame:
    """Put readings over the rows of a frame: no byline and no reason any more."""
    if not len(rows):
        return frame
    readings = read.with_columns(_row=rows.cast(pl.UInt32), byline=pl.lit(None, dtype=pl.String))
    return overlaid(frame.with_row_index("_row"), readings, "_row").drop("_row")
