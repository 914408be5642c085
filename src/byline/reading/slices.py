"""Slices → rows: cards by `listing` and `boundary`, other forms by `forms`, in the order of the bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from byline import boundary, listing
from byline.core import lists
from byline.core.limits import LONGEST_LIST
from byline.forms import behind, declared
from byline.forms.cards import second_reading
from byline.forms.habits import one_line_each
from byline.inputs import Slice
from byline.listing.reasons import NO_HEADER, OTHER_FORM, TOO_LONG
from byline.listing.text import UNFOLDED, escape, fold_space
from byline.reading.columns import COLUMNS

CARD = "card"
NOT_ON_A_CARD = ("arxiv_id", "doi", "venue", "comments", "name_parts")


def read_slices(slices: Sequence[Slice]) -> list[pl.DataFrame]:
    """Return a frame a slice, with the columns of `COLUMNS`; lines and bytes are counted from its start."""
    texts = [piece for piece in slices if piece.reason is None]
    parsed = iter(_parse_texts(texts))
    return [next(parsed) if piece.reason is None else _unreadable(piece) for piece in slices]


def parse_text(data: bytes, said: str = "") -> pl.DataFrame:
    """Return the parsed rows of a text by itself; `said`: what is declared of it (`byline.forms.declared.to_text`)."""
    habit = one_line_each(data)
    piece = Slice(Path(), 0, len(data), 1, 0, "", declared=said, marked=True, one_line=habit)
    return _parsed([piece], [data], [b""])[0]


def _parse_texts(slices: Sequence[Slice]) -> list[pl.DataFrame]:
    if not slices:
        return []
    texts, ahead = zip(*(piece.read_ahead() for piece in slices), strict=True)
    return _parsed(slices, texts, ahead)


def _parsed(slices: Sequence[Slice], texts: Sequence[bytes], ahead: Sequence[bytes]) -> list[pl.DataFrame]:
    cards, others = _read_texts(slices, texts, ahead)
    frame = second_reading(_card(_segmented(cards, texts)), texts)
    if others.height:
        columns = ["slice", *COLUMNS]
        frame = pl.concat([frame.select(columns), others.select(columns)], how="vertical_relaxed")
        frame = frame.sort("slice", "byte_start", "byte_end")
    heights = [0] * len(slices)
    for index, count in frame.group_by("slice").len().iter_rows():
        heights[index] = count
    frame = _with_declared(frame, slices)
    frame = _with_folded_names(frame).select(COLUMNS.keys())
    result, start = [], 0
    for height in heights:
        result.append(frame.slice(start, height))
        start += height
    return result


def _with_folded_names(frame: pl.DataFrame) -> pl.DataFrame:
    """Fold the few names and labels at whose ends a mark left a space: what parts names differs from page to page."""
    for column in ("authors", "labels"):
        listed = frame[column]
        odd = listed.list.eval(pl.element().str.contains(UNFOLDED)).list.any().fill_null(value=False)
        rows = odd.arg_true()
        if rows.len():
            folded = [fold_space(texts).to_list() for texts in listed.gather(rows)]
            frame = frame.with_columns(lists.put(listed, rows, pl.Series(folded, dtype=listed.dtype)))
    return frame


def _with_declared(frame: pl.DataFrame, slices: Sequence[Slice]) -> pl.DataFrame:
    """Fill what rows leave null with what a person declared of their files."""
    if not any(piece.declared for piece in slices):
        return frame
    parts = frame.partition_by("slice", as_dict=True, maintain_order=True)
    return pl.concat(
        declared.fill(part, declared.from_text(slices[number].declared)) for (number,), part in parts.items()
    )


def _read_texts(
    slices: Sequence[Slice], texts: Sequence[bytes], ahead: Sequence[bytes]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows of cards and those of other forms; `slice` is the index among all slices."""
    cards, others = [], []
    marked = [index for index, piece in enumerate(slices) if piece.marked]
    for one_line in (False, True):
        plain = [at for at, piece in enumerate(slices) if not piece.marked and piece.one_line == one_line]
        if len(plain) == len(slices):
            return _read_lines(listing.parse(texts, behind.ends_of(one_line=one_line)), texts, [])
        parsed = listing.parse([texts[index] for index in plain], behind.ends_of(one_line=one_line))
        numbers = pl.Series(plain, dtype=pl.UInt32)
        cards.append(parsed.with_columns(slice=numbers.gather(parsed["slice"])))
    if marked:
        from byline.forms.reading import read_slice  # noqa: PLC0415 - a text of cards alone needs none of it
    for index in marked:
        only = declared.from_text(slices[index].declared).get("form")
        read = read_slice(
            texts[index], slices[index].headings, ahead[index], only, one_line=slices[index].one_line
        )
        number = pl.lit(index, dtype=pl.UInt32)
        cards.append(read.cards.with_columns(slice=number))
        others.append(read.others.with_columns(slice=number))
    return _read_lines(pl.concat(cards).sort("slice", "byte_start", "byte_end"), texts, others)


def _read_lines(
    cards: pl.DataFrame, texts: Sequence[bytes], others: list[pl.DataFrame]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Take texts that belong to no card and are beyond doubt pairs of title and names from the cards to the others."""
    strange = cards.with_row_index("row").filter(pl.col("reason").is_in([NO_HEADER, OTHER_FORM]))
    gone: list[int] = []
    if strange.height:
        from byline.forms.reading import without_doubt  # noqa: PLC0415 - as above
    for (number,), rows in strange.partition_by("slice", as_dict=True).items():
        paired, read = without_doubt(rows, texts[number])
        gone += rows["row"].gather(read).to_list()
        others.append(paired.with_columns(slice=pl.lit(number, dtype=pl.UInt32)))
    if gone:
        cards = cards.with_row_index("row").filter(~pl.col("row").is_in(gone)).drop("row")
    return cards, pl.concat(others) if others else pl.DataFrame()


def _segmented(rows: pl.DataFrame, texts: Sequence[bytes]) -> pl.DataFrame:
    """Add what the byline says; a byline that can't be read puts its record into quarantine."""
    looked = without_endless_lists(boundary.segment(rows["byline"], rows["abstract"]))
    failed = rows["reason"].is_null() & looked["reason"].is_not_null()
    looked = looked.rename({"reason": "segment_reason", "detail": "segment_detail"})
    frame = pl.concat([rows, looked], how="horizontal")
    places = rows.filter(failed).select("slice", "byte_start", "byte_end").iter_rows()
    raw = pl.Series([escape(texts[number][a:b]) for number, a, b in places], dtype=pl.String)
    frame = frame.with_columns(raw_text=rows["raw_text"].clone().scatter(failed.arg_true(), raw))
    return _quarantine_unsegmented(frame, failed)


def _card(rows: pl.DataFrame) -> pl.DataFrame:
    """Add what the other columns of `COLUMNS` say of a card: form and day; it states nothing more."""
    is_card = pl.col("reason").is_null() | pl.col("category_code").is_not_null()
    nothing = {name: pl.lit(None, dtype=COLUMNS[name]) for name in NOT_ON_A_CARD}
    return rows.with_columns(
        form=pl.when(is_card).then(pl.lit(CARD)),
        published_precision=pl.when(pl.col("published").is_null())
        .then(pl.lit("none"))
        .otherwise(pl.lit("day")),
        listed_links=pl.lit([], dtype=pl.List(pl.String)),
        **nothing,
    )


def without_endless_lists(looked: pl.DataFrame) -> pl.DataFrame:
    """Give a reason to readings with more names or labels than a position can count."""
    for column in ("authors", "labels"):
        length = pl.col(column).list.len()
        said = pl.format("expected at most {} {}, found {}", pl.lit(LONGEST_LIST), pl.lit(column), length)
        endless = pl.col("reason").is_null() & (length > LONGEST_LIST)
        looked = looked.with_columns(
            reason=pl.when(endless).then(pl.lit(TOO_LONG)).otherwise("reason"),
            detail=pl.when(endless).then(said).otherwise("detail"),
        )
    return looked


def _quarantine_unsegmented(frame: pl.DataFrame, failed: pl.Series) -> pl.DataFrame:
    """Move `segment_reason` and `segment_detail` into `reason` and `detail` of the rows that failed."""
    no_names = pl.lit([], dtype=pl.List(pl.String))
    frame = frame.with_columns(
        reason=pl.when(failed).then("segment_reason").otherwise("reason"),
        detail=pl.when(failed).then("segment_detail").otherwise("detail"),
    )
    bad = pl.col("reason").is_not_null()
    return frame.with_columns(
        title=pl.when(bad).then(None).otherwise("title"),
        authors=pl.when(bad).then(no_names).otherwise(pl.col("authors").fill_null(no_names)),
        labels=pl.when(bad).then(no_names).otherwise(pl.col("labels").fill_null(no_names)),
        authors_truncated=pl.when(bad).then(False).otherwise("authors_truncated"),
        boundary_confidence=pl.when(bad).then(None).otherwise("boundary_confidence"),
        badges=pl.col("badges").fill_null(no_names),
    ).drop("segment_reason", "segment_detail")


def _unreadable(piece: Slice) -> pl.DataFrame:
    """Return the one quarantined row of a stretch that the planner found unreadable."""
    row = {
        "byte_start": 0,
        "byte_end": piece.stop - piece.start,
        "first_line": 1,
        "last_line": max(1, piece.lines),
        "digest": piece.digest[:20],
        "reason": piece.reason,
        "detail": piece.detail,
        "raw_text": piece.raw_text,
        "published_precision": "none",
        "badges": [],
        "listed_links": [],
        "authors": [],
        "labels": [],
        "authors_truncated": False,
    }
    filled = {name: [row.get(name)] for name in COLUMNS}
    return pl.DataFrame(filled, schema=COLUMNS)
