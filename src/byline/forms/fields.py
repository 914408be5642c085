"""From the texts of fields to the columns of parsed rows: ids, categories, venues, dates, names."""

from __future__ import annotations

import numpy as np
import polars as pl

from byline.forms import dates
from byline.forms.confidence import ABBREVIATED, DOUBTFUL, MARKED
from byline.forms.engine import LIST_MARK
from byline.forms.list_lines import are_lists
from byline.forms.model import Form
from byline.forms.name_lists import read_lists
from byline.forms.name_patterns import patterns
from byline.forms.paired import parted_there
from byline.listing.lines import Ints

_NEW_ID = r"\d{4}\.\d{4,5}"
_OLD_ID = r"[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?/\d{7}"
ARXIV_ID = rf"({_NEW_ID}|{_OLD_ID})(?:v\d+)?"
_ARXIV_LINK = rf"(?i:arxiv\.org/(?:abs|pdf|html|ps|format)/){ARXIV_ID}"
_ARXIV_SAID = rf"(?i:arxiv(?:\.org/(?:abs|pdf|html|ps|format))?[:/.\s]\s*){ARXIV_ID}"
_DOI = r"\b(10\.\d{4,9}/[^\s\x1f,;\"<>]+)"
_CATEGORY_IN_BRACKETS = r"\(([a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2}|\.[a-z]+(?:-[a-z]+)?)?)\)"
_CATEGORY_BARE = r"^\s*([a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2}|\.[a-z]+(?:-[a-z]+)?)?)\b"
_MOST = 0.5
_QUOTED = r'^["“]([^"“”]*)["”]$'
_URL = r"https?://[^\s\x1f<>\"\]]+[^\s\x1f<>\"\].,;:!?)']"
_TAILS = (
    r"\bvol(?:ume|\.)?\s*\d.*",
    r"\bpp?\.\s*\d.*",
    r"\b\d+\s*(?:\(\p{L}{0,7}\.?\s?\d[^)]*\))?\s*[,:].*",  # `12 (3), 45-67`
    r"\b\d+\s*\(\d[^)]*\)\s*(?:\p{Lu}{0,2}\d\S*)?\s*$",  # `12 (2024) 1-9`, `370 (2001) L1`
    r"(?:^|[\s.])\p{Lu}?\d+\s*\((?:19|20)\d\d\)[\s,]*(?:no\..*|\p{Lu}{0,2}\d\S*)?\s*$",  # `B550 (1999) 1-20`
    r"\p{Lu}?\d+:\p{Lu}?\d[\p{L}\d–-]*\s*$",  # INSPIRE's `B567:1-20`
    r",\s*\p{L}{0,2}\d+[\p{L}\d]*\s*[-–—]\s*\p{L}{0,2}\d+\b.*",  # `…, 1-6`
    r"(?:\((?:19|20)\d\d\)|\b(?:19|20)\d\d)\s*$",
    r"\s\d+\s*$",
)
_VENUE_TAIL = rf"(?i)[\s,.;:(]*(?:{'|'.join(_TAILS)})$"
"""Volume, issue, pages and year behind a venue; taken off twice."""


def columns(form: Form, texts: dict[str, pl.Series], records: int, stretch: Ints) -> pl.DataFrame:
    """Return what the records say, one row each; null where they don't."""
    none = pl.Series([None], dtype=pl.String).new_from_index(0, records)

    def text(name: str) -> pl.Series:
        return texts.get(name, none)

    published, precision = dates.read_texts(pl.select(pl.coalesce(text("date"), text("year"))).to_series())
    listed = _names(form, texts, none, stretch)
    frame = pl.DataFrame(
        {
            "title": _title(text("title"), form, stretch),
            "category_code": _category(text("subjects")),
            "published": published,
            "published_precision": precision,
            "arxiv_id": _arxiv_id(text("id"), text("link"), text("venue"), text("doi"), text("item")),
            "doi": _doi(text("doi"), text("citation"), text("link"), text("item")),
            "venue": _venue(pl.select(pl.coalesce(text("venue"), text("abbreviated"))).to_series()),
            "comments": text("comments"),
            "abstract": _abstract(text("abstract")),
            "listed_links": _links(text("link"), text("item"), text("comments")),
            "mark": text("mark"),
            "badges": _badges(form, text("item")),
        }
    ).hstack(listed)
    if form.lone:
        frame = frame.with_columns(odd=frame["odd"] | _no_persons(frame))
    sure = ~pl.col("odd") & (pl.col("authors").list.len() > 0)
    marked = ABBREVIATED if form.names in {"initials_first", "initials_last"} else MARKED
    return frame.with_columns(
        boundary_confidence=pl.when(sure).then(marked).otherwise(DOUBTFUL).cast(pl.Float32)
    ).drop("odd")


def _no_persons(frame: pl.DataFrame) -> pl.Series:
    """Tell which lists may be a venue's name or a link's words instead: one piece, or none of two words.

    Example: `[On Owls](…), Neural Networks, 2019` has one piece, and the boundary model would not part it from the
    title as a name; `Ada Pym` it would.
    """
    listed, name = pl.col("authors"), pl.element()
    alone = (listed.list.len() == 1) & ~pl.col("authors_truncated") & pl.col("title").is_not_null()
    words = ~listed.list.eval(name.str.contains(r"\S\s+\S")).list.any() & ~pl.col("authors_truncated")
    venue = alone & listed.list.first().str.contains(patterns().venue)
    first = frame["venue"].str.replace(r"\.\s.*$", "")
    left = are_lists(first)[0] & ~first.str.contains(patterns().venue)
    left |= first.str.contains(r",\s|\s[-–—]\s|(?i)\b(?:collaboration|consortium|team)\b")
    left |= frame["venue"].str.contains(r"^-?\p{Lu}\p{Ll}?\.\s?-?\p{Lu}")
    left = left.fill_null(value=False)  # more names behind those that were told
    doubt = venue | words | pl.lit(left) | pl.lit(are_lists(frame["title"])[1])
    found = frame.select(doubt=doubt.fill_null(value=False), alone=alone.fill_null(value=False))
    asked = (found["alone"] & ~found["doubt"]).arg_true()
    parted = parted_there(frame["title"].gather(asked), frame["authors"].list.first().gather(asked))
    return found["doubt"].scatter(asked, pl.Series(~parted)) if len(asked) else found["doubt"]


def _badges(form: Form, item: pl.Series) -> pl.Series:
    """Return `Code` for the records that have a link labelled so."""
    if form.code is None:
        return pl.Series([[]], dtype=pl.List(pl.String)).new_from_index(0, len(item))
    has = item.str.contains(form.code).fill_null(value=False)
    return pl.select(
        pl.when(has).then(pl.lit(["Code"])).otherwise(pl.lit([], pl.List(pl.String)))
    ).to_series()


def _names(form: Form, texts: dict[str, pl.Series], none: pl.Series, stretch: Ints) -> pl.DataFrame:
    if "full" in texts or "short" in texts:  # a list in the record's own order: full names where all have one
        full, short = texts.get("full", none), texts.get("short", none)
        fuller = full.str.count_matches(LIST_MARK) >= short.str.count_matches(LIST_MARK)
        chosen = pl.select(pl.when(fuller.fill_null(short.is_null())).then(full).otherwise(short))
        names = chosen.to_series().str.replace_all(LIST_MARK, ";", literal=True)
        return read_lists(names, stretch, form.names)
    return read_lists(texts.get("authors", none), stretch, form.names)


def _title(title: pl.Series, form: Form, stretch: Ints) -> pl.Series:
    title = title.str.strip_chars(" ").str.replace(r"^\[(?:PDF|HTML|BOOK|CITATION|B|C)\](?:\[[BC]\])?\s*", "")
    title = title.str.replace(r"\s*\[(?:PDF|HTML|DOC)\]\s*(?:from )?[\w.-]+\.\w{2,}$", "")
    if form.emphasis:
        for signs in (r"\*\*", "__", r"\*", "_"):
            title = title.str.replace(rf"^{signs}(.+){signs}$", "${1}")
    if form.library is None:  # an export's quotes are the title's own
        title = _unquoted(title, stretch)
    if form.names in {"initials_last", "nbib"}:
        title = title.str.replace(r"^\[(.*)\]\.?$", "${1}").str.replace(r"([^.])\.$", "${1}")
    title = title.str.strip_chars(" ")  # what was taken off left a space where one stood before it
    return title.set(title == "", None)


def _unquoted(title: pl.Series, stretch: Ints) -> pl.Series:
    """Take off quotes where a page has them around titles; where no other title of a stretch has, they are its own."""
    quoted = title.str.contains(_QUOTED).fill_null(value=False)
    rows = quoted.arg_true()
    if not len(rows):
        return title
    _, place = np.unique(stretch, return_inverse=True)
    share = np.bincount(place, quoted.to_numpy()) / np.bincount(place)
    rows = rows.filter(pl.Series(share[place[rows.to_numpy()]] >= _MOST))
    return title.scatter(rows, title.gather(rows).str.replace(_QUOTED, "${1}"))


def _category(subjects: pl.Series) -> pl.Series:
    """Return the first category: `Machine Learning (cs.LG); …`, or `cs.LG stat.ME`."""
    bracketed = subjects.str.extract(_CATEGORY_IN_BRACKETS)
    return pl.select(pl.coalesce(bracketed, subjects.str.extract(_CATEGORY_BARE))).to_series()


def _arxiv_id(own: pl.Series, *others: pl.Series) -> pl.Series:
    said = [other.str.extract(how) for other in others for how in (_ARXIV_LINK, _ARXIV_SAID)]
    return pl.select(pl.coalesce(own.str.extract(rf"^(?i:arxiv:)?\s*{ARXIV_ID}"), *said)).to_series()


def _doi(*texts: pl.Series) -> pl.Series:
    """Return the first DOI in lower case; arXiv's own DOIs are ids, not DOIs of the record."""
    all_said = pl.select(
        pl.concat_list(text.str.extract_all(_DOI).fill_null([]) for text in texts)
    ).to_series()
    own = pl.element().str.to_lowercase().str.replace(r"[.,;:)\]]+$", "")
    return all_said.list.eval(own.filter(~own.str.starts_with("10.48550/arxiv"))).list.first()


def _venue(venue: pl.Series) -> pl.Series:
    """Return the venue without volume, pages and year; a preprint's number is part of it."""
    kept = venue.str.contains(r"(?i)arxiv").fill_null(value=False)
    bare = venue.str.replace(_VENUE_TAIL, "").str.replace(_VENUE_TAIL, "").str.strip_chars(" .,;:-–—")
    chosen = pl.select(
        pl.when(kept)
        .then(venue.str.replace(r",\s*(?:19|20)\d\d\s*$", "").str.strip_chars(" ,;"))
        .otherwise(bare)
    ).to_series()
    return chosen.set(chosen.str.len_chars() < 2, None)


def _abstract(abstract: pl.Series) -> pl.Series:
    abstract = abstract.str.replace(r"^(?:Abstract|ABSTRACT)\s*[:.]\s*", "")
    abstract = abstract.str.replace(r"^.*▽ More\s+(\S.*△ Less)$", "${1}")  # the short and the whole one
    abstract = abstract.str.replace(r"\s*(?:▽ More|△ Less)\s*$", "")
    return abstract.set(abstract == "", None)


def _links(*texts: pl.Series) -> pl.Series:
    found = [text.str.extract_all(_URL).fill_null([]) for text in texts]
    return (
        pl.select(pl.concat_list(found).list.unique(maintain_order=True)).to_series().rename("listed_links")
    )


def id_month(ids: pl.Series) -> np.ndarray:
    """Return year * 12 + month of arXiv ids (`2310.00001` and `hep-th/9901001` say it), -1 for null."""
    digits = ids.str.extract(r"(?:^|/)(\d{4})").cast(pl.Int64, strict=False).fill_null(-1).to_numpy()
    year, month = digits // 100, digits % 100
    year = np.where(year > 90, 1900 + year, 2000 + year)
    return np.where(digits < 0, -1, year * 12 + month)
