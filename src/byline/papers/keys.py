"""The key of a record, and the ids by which records of other keys may be the same paper."""

from __future__ import annotations

import polars as pl

from byline import names
from byline.core import ids
from byline.core.hashing import hash64
from byline.papers.titles import fold_unmarked

ARXIV_DOI = r"^10\.48550/arxiv\.(.+?)(?:v[0-9]+)?$"
"""arXiv registers a DOI for every paper: it is the arXiv id in other words."""


def paper_keys(frame: pl.DataFrame, decoded: pl.Series) -> pl.Series:
    """Return the hash of each record's folded title and of its first author's folded family name, without particle.

    Of a double family name the last word counts: a page that has initials, or a parser, may take the first one for a
    given name. Who agrees is looked at later.

    `frame`, a row a record, and `decoded`, its titles without LaTeX, those of `unmarked_titles` in their rows:

    | column | type | what it says |
    |---|---|---|
    | `title` | String? | as listed; a row without one (quarantined) gets its digest, so equal ones share a bucket |
    | `authors` | List(String) | as listed, in order |
    | `name_parts` | List(Struct)? | what the form says of each name: given, family, suffix |
    | `digest` | String | hash of the record's bytes |

    The result, `paper_key`, is a String of 20 hexadecimal digits a row.
    """
    title = fold_unmarked(frame["title"], decoded)
    family = names.family_words(frame["authors"].list.first(), frame["name_parts"].list.first())
    keys = ids.digest_all(title + ids.SEPARATOR + family, "paper")
    return pl.select(pl.coalesce(keys, frame["digest"])).to_series().rename("paper_key")


def with_ids(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with `arxiv_id` filled where the DOI is the one that arXiv registers for it.

    | column | type | what it says |
    |---|---|---|
    | `arxiv_id` | String? | as a page states it: taken before what the DOI says |
    | `doi` | String? | in lower case, without an address in front |

    All other columns stay as they are.
    """
    return frame.with_columns(arxiv_id=pl.coalesce("arxiv_id", pl.col("doi").str.extract(ARXIV_DOI, 1)))


def id_names() -> pl.Expr:
    """Return the ids of a record as list[str]: `arxiv:…` and `doi:…`, the DOI that is an arXiv id left out."""
    doi = pl.when(~pl.col("doi").str.contains(ARXIV_DOI)).then("doi:" + pl.col("doi"))
    return pl.concat_list("arxiv:" + pl.col("arxiv_id"), doi).list.drop_nulls()


def id_ties(rows: pl.DataFrame) -> pl.DataFrame:
    """Return what ties readable records of different keys together: tie (UInt64) and paper_key, each pair once.

    Records that share an id are one paper when their authors agree, and then their first authors share a word, whatever
    the order and the parts of the name. So a tie is an id together with a word of the first name: a volume's DOI that
    stands beside a thousand of its papers ties few of them. Who is tied is only looked at together; nothing is merged
    by a tie.

    `rows`, as `merge_records` takes them, of which these are looked at:

    | column | type | what it says |
    |---|---|---|
    | `paper_key` | String | see `paper_keys` |
    | `reason` | String? | why a record is quarantined; those with one tie nothing |
    | `arxiv_id`, `doi` | String? | the ids that pages state |
    | `authors` | List(String) | as listed |

    For the DOI `10.1000/x` beside `Ada Pym` with the key `k` and `A. Pym` with the key `l`:

        tie = hash(doi:10.1000/x, ada)   k
        tie = hash(doi:10.1000/x, pym)   k      one tie, two keys: k and l are looked at together
        tie = hash(doi:10.1000/x, pym)   l
    """
    some = rows.filter(
        pl.col("reason").is_null() & pl.any_horizontal(pl.col("arxiv_id", "doi").is_not_null())
    )
    first = names.fold_names(some["authors"].list.first())
    said = some.select("paper_key", id=id_names(), word=first.str.split(" "))
    words = pl.col("word").list.eval(pl.element().filter(pl.element().str.len_chars() > 1))
    said = said.with_columns(word=pl.when(words.list.len() > 0).then(words).otherwise(pl.lit([""])))
    said = said.explode("id").explode("word").unique()
    tie = hash64(said.select(pl.concat_str("id", "word", separator=ids.SEPARATOR)).to_series(), "tie")
    return said.select(pl.Series("tie", tie, dtype=pl.UInt64), "paper_key").unique().sort("tie", "paper_key")


def tied_keys(ties: pl.DataFrame) -> list[tuple[str, str]]:
    """Return pairs of keys that a tie holds together: enough to connect all of a tie.

    `ties` is what `id_ties` gives of any rows, put together in any order:

    | column | type | what it says |
    |---|---|---|
    | `tie` | UInt64 | hash of an id and a word of the first author's name |
    | `paper_key` | String | key of a record that has both |
    """
    distinct = ties.unique().sort("tie", "paper_key")
    first = pl.col("paper_key").first().over("tie")
    pairs = distinct.select("paper_key", first=first).filter(pl.col("paper_key") != pl.col("first"))
    return pairs.select("first", "paper_key").unique().sort("first", "paper_key").rows()
