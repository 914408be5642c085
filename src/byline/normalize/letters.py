"""Latin letters without accents: the one table of those that Unicode does not take apart (`resources/letters.tsv`)."""

from __future__ import annotations

from functools import cache

import polars as pl

from byline.core import resources


@cache
def letters() -> dict[str, str]:
    """Return what stands for each letter that has no decomposition, both in lower case: `đ` is `d`."""
    return resources.pairs("letters.tsv")


def without_accents(texts: pl.Series) -> pl.Series:
    """Return the texts in lower case, NFKD, accents off their letters, `letters` in place of those without."""
    bare = texts.str.normalize("NFKD").str.replace_all(r"\p{M}+", "").str.to_lowercase()
    return bare.str.replace_many(list(letters()), list(letters().values()))
