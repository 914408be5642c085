"""A paste from Python: what it says, without files and without a build."""

from __future__ import annotations

import polars as pl

from byline.reading.paste import declared_as, read_bylines, read_paste


def parse(
    text: str | bytes,
    *,
    form: str | None = None,
    published: str | None = None,
    venue: str | None = None,
    category: str | None = None,
) -> pl.DataFrame:
    r"""Return what a paste says, a row a record; nothing is written.

    Args:
        text: What was copied from a page that lists papers; bytes are UTF-8.
        form: The page's form, when the text doesn't tell (`byline forms` lists them).
        published: Date for records that state none (2023, 2023-09 or 2023-09-25).
        venue: Journal or conference for records that state none.
        category: arXiv category for records that state none.

    Returns:
        Columns form, status (published as a build would, or quarantined), reason, detail, title, authors (as listed),
        authors_truncated, labels, published, published_precision, category, arxiv_id, doi, venue, abstract,
        boundary_confidence (probability), first_line, last_line (1-based). A build knows more: it looks twice at
        doubtful records, merges records of one paper, and finds out who is who.

    Raises:
        UsageError: A declared form, date or category is none.

    Example:
        >>> rows = parse("LGSep 25, 2023\nOn Sparse GatesAda Lovelace, Alan Turing et al.\nWe show it.")
        >>> rows["title"][0], rows["authors"][0].to_list(), rows["authors_truncated"][0]
        ('On Sparse Gates', ['Ada Lovelace', 'Alan Turing'], True)
    """
    said = declared_as(form=form, published=published, venue=venue, category=category)
    return read_paste(text.encode() if isinstance(text, str) else text, said)


def segment(lines: str | list[str] | pl.Series) -> pl.DataFrame:
    """Tell title and authors apart where a page glued them together, a row a line.

    Args:
        lines: Bylines: title and authors with nothing between them, perhaps ` et al.` and ` · labels`.

    Returns:
        Columns title, authors, authors_truncated, labels, boundary_confidence (probability), reason (why a line could
        not be read, null when it was).

    Example:
        >>> segment("On Sparse GatesAda Lovelace, Alan Turing")["authors"][0].to_list()
        ['Ada Lovelace', 'Alan Turing']
    """
    return read_bylines([lines] if isinstance(lines, str) else list(lines))
