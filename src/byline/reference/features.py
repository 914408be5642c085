"""How a paper of the listing and one of arXiv's compare: numbers a pair, for `scoring`.

A worked example. The page: `Sparse Gates`, A. Lovelace, B. Ohm et al., 25 Sep 2023, `We gate.`; arXiv's: `Sparse
gates: a study`, Ada Lovelace, Beth Ohm, Carl Roe, 24 Sep 2023, `We gate.`: title_same 0, title_head 1 (without the
subtitle they agree), names_same 0, names_fit 1, names_wrong 0, abstract_same 1, day_near 1, the rest 0.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import Indel

from byline.normalize import categories
from byline.normalize.bare import bare
from byline.reference import keys, spelling
from byline.reference.agreement import name_verdicts, names_among

SIMILAR_LETTERS = 2000
"""Letters of abstracts that are compared, nearly all: sister papers share whole first sentences."""
NUMBERS = (
    r"^(?:.*\p{N}.*|[^as]|ii|iii|iv|vi|vii|viii|ix|one|two|three|four|five|first|second|third|fourth|fifth)$"
)
"""Words that number the parts of a series, or name its subject in a letter or number (SU(2), $B$ decays); a lone s is
mostly what an apostrophe left of `Felder's`."""
SERIES = r"^(?:\d{1,2}|i{1,3}|iv|v|vi{1,3}|ix|x|one|two|three|four|five|first|second|third|fourth|fifth)$"
"""Those of them that number parts."""
NUMERALS = r"^(?:\d{1,2}|i{1,3}|iv|v|vi{1,3}|ix|x)$"
"""Those that hardly do anything else: `two` also stands in `two-bridge knots`."""
REWRITTEN_WORDS = 2
"""Other words that each of two titles must have alone for a missing number to be part of a rewriting."""
BEFORE_BRACKETS = r"(?s)^(.*\S)\s*[\[(][^\[\]()]*[\])]\s*$"
"""What stands before a remark in brackets: `Sparse gates (extended abstract)`."""
CUT = r"\s*(?:…|\.\.\.)$"
"""How a page marks a title that it cut."""
CUT_LETTERS = 20
"""Letters that a cut title must have kept."""
CUT_WITHIN = 30
"""And one that ends within a word, without a mark."""
TURNED_WORDS, TURNED_LETTERS = 4, 6
"""Words that a title must have, and letters that others may add, to be the same words in another order."""
TURNED = 0.95
"""How similar such titles are: `Trees that gate: sparse rivers`, `Sparse rivers with trees that gate`."""
SHORT_TITLE = 20
"""Letters below which a title is no paper's own (Preface, On entropy)."""
FEATURES = (
    "id_same", "id_differs", "doi_same",
    "title_same", "title_near", "title_head", "title_like", "title_far", "title_short",
    "marks_differ", "numbers_differ", "numbers_clash", "subtitle_differs",
    "names_same", "names_fit", "names_wrong", "first_wrong", "names_moved", "no_names", "one_name", "count_differs",
    "list_too_short",
    "abstract_same", "abstract_like", "abstract_differs",
    "day_same", "day_near", "day_beside", "day_far", "day_ages", "day_unknown", "category_same", "category_differs",
)  # fmt: skip


@cache
def settings() -> dict[str, Any]:
    """Return the data of the match: words that mark another paper, weights, thresholds."""
    text = (files("byline") / "resources" / "arxiv_match.toml").read_text("utf-8")
    return tomllib.loads(text)


def features(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Return `FEATURES` (Float32, mostly 0 or 1) of pairs, row-aligned.

    `one`: `queries.QUERY`, `other`: `records.ENTRIES` and kinds (a bit for each `keys.Kind` of the keys that both
    share): where both ends of the abstract and the title are shared (`keys.ALIKE`), the text may be missing.
    """
    titles = _titles(one, other)
    parts = [_ids(one, other), titles, _names(one, other, titles["title_same"])]
    parts += [_abstracts(one, other), _days(one, other), _categories(one, other)]
    return pl.concat(parts, how="horizontal").select(
        pl.col(name).fill_null(value=False).cast(pl.Float32) for name in FEATURES
    )


def _ids(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "id_same": one["arxiv_id"] == other["arxiv_id"],
            "id_differs": one["arxiv_id"] != other["arxiv_id"],
            "doi_same": one["doi"] == other["doi"],
        }
    )


def _titles(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Compare folded titles: the same, one without the other's subtitle, similar in letters (0 to 1), or far."""
    quick = keys.title_letters(one["title"])
    same = (quick == keys.title_letters(other["title"])).to_numpy()
    short = (quick.str.len_chars() < SHORT_TITLE).to_numpy()
    rest = np.flatnonzero(~same)  # the few that are worth decoding
    odd = _odd_titles(one["title"].gather(rest), other["title"].gather(rest))
    table = {name: np.zeros(len(same), dtype=np.float32) for name in odd.columns}
    for name, values in table.items():
        values[rest] = odd[name].to_numpy()
    same |= table.pop("same") > 0
    table["title_like"][same] = 1
    return pl.DataFrame({"title_same": same, "title_short": short, **table})


def _odd_titles(one: pl.Series, other: pl.Series) -> pl.DataFrame:
    """Compare titles that are not the same at first sight: same, title_near, title_head, title_like and so on."""
    one = spelling.without_notes(one)
    plain, plain_other = keys.decoded_title(one), keys.decoded_title(other)
    words, words_other = keys.fold_decoded(plain), keys.fold_decoded(plain_other)
    a, b = keys.letters(words), keys.letters(words_other)
    cut = _cut((one, a, words), (b, words_other))
    heads, others = _head(plain), _head(plain_other)
    head = ((a == others) | (b == heads) | cut).fill_null(value=False)
    for before in (keys.BEFORE_LAST, BEFORE_BRACKETS):
        head |= ((a == _head(plain_other, before)) | (b == _head(plain, before))).fill_null(value=False)
    differing = pl.DataFrame(_differing(_without_rest(words, words_other, cut), words_other, cut))
    like = _alike(a, b, differing["turned"])
    near = pl.Series(spelling.near_titles(words, words_other, like)) & (a.str.len_chars() >= SHORT_TITLE)
    same = (a == b) | near
    frame = differing.with_columns(
        same=same, title_near=near & (a != b), title_head=head & ~same, like=like,
        subtitle_differs=_siblings((a, heads), (b, others), same) & ~head,
    )  # fmt: skip
    begins = pl.lit(a).str.starts_with(pl.lit(b)) | pl.lit(b).str.starts_with(pl.lit(a))
    whole = pl.col("same") | pl.col("title_head")
    told = ("marks_differ", "numbers_differ", "numbers_clash")
    return frame.with_columns(
        pl.col(told) & ~pl.col("title_near"),
        title_like=pl.when(whole).then(1.0).otherwise("like"),
        title_far=~whole & ~begins & (pl.col("like") < settings()["far"]["title"]),
    ).select(pl.all().exclude("like", "turned").cast(pl.Float32))


def _alike(one: pl.Series, other: pl.Series, turned: pl.Series) -> npt.NDArray[np.float32]:
    """Return how similar the letters of titles are, 0 to 1; nearly whole where the words stand in another order."""
    like = process.cpdist(
        one.to_list(), other.to_list(), scorer=Indel.normalized_similarity, dtype=np.float32
    )
    return np.where(turned.to_numpy(), np.maximum(like, np.float32(TURNED)), like)


def _cut(one: tuple[pl.Series, pl.Series, pl.Series], other: tuple[pl.Series, pl.Series]) -> pl.Series:
    """Tell which titles a page cut (`Sparse gates in de…`, or within a word), and of which the other is the whole.

    `one`: titles as listed, their letters and their words; `other`: letters and words.
    """
    marked = one[0].str.contains(CUT) & (one[1].str.len_chars() >= CUT_LETTERS)
    starts = pl.select(pl.lit(other[0]).str.starts_with(pl.lit(one[1]))).to_series()
    begin = pl.select(pl.lit(other[1]).str.starts_with(pl.lit(one[2]))).to_series()
    following = pl.select(pl.lit(other[1]).str.slice(pl.lit(one[2]).str.len_chars(), 2)).to_series()
    within = begin & following.str.contains(r"^\p{L}{2}") & (one[1].str.len_chars() >= CUT_WITHIN)
    return (marked & starts) | within


def _without_rest(words: pl.Series, whole: pl.Series, cut: pl.Series) -> pl.Series:
    """Return folded titles without the word that a page `cut`, where it cut one (`Sparse gates in d`)."""
    last = words.str.extract(r"(\S+)$")
    within = cut & ~pl.select(pl.lit(whole).str.split(" ").list.contains(pl.lit(last))).to_series()
    return words.str.replace(r"\s*\S+$", "").zip_with(within.fill_null(value=False), words)


def _head(titles: pl.Series, before: str = keys.SUBTITLE) -> pl.Series:
    """Return the letters of decoded titles before their subtitle; null where there is none, or too few letters."""
    head = keys.letters(keys.fold_decoded(titles.str.extract(before)))
    return head.set(head.str.len_chars() < keys.HEAD_LETTERS, None)


def _siblings(
    one: tuple[pl.Series, pl.Series], other: tuple[pl.Series, pl.Series], same: pl.Series
) -> pl.Series:
    """Tell the pairs of titles with one beginning and subtitles that are not alike (`Gates: theory`, `Gates: data`).

    `one`, `other`: the letters of the titles, and of their heads (`_head`).
    """
    rows = ((one[1] == other[1]).fill_null(value=False) & ~same).arg_true()
    tails = [
        letters.gather(rows).str.slice(head.gather(rows).str.len_chars()).to_list()
        for letters, head in (one, other)
    ]
    like = process.cpdist(*tails, scorer=Indel.normalized_similarity, dtype=np.float32)
    far = rows.filter(pl.Series(like < settings()["far"]["title"]))
    return pl.repeat(value=False, n=len(same), dtype=pl.Boolean, eager=True).scatter(far, values=True)


def _differing(one: pl.Series, other: pl.Series, cut: pl.Series) -> dict[str, pl.Series]:
    """Tell the pairs of titles of which one alone has a word that marks another paper, or numbers a part; or each.

    Of a title that the page `cut` the rest says nothing but which part it is. Where the rest of both was rewritten,
    too, a number that one alone has says nothing. `turned`: the words are the same.
    """
    pairs = pl.DataFrame({"a": one.str.split(" "), "b": other.str.split(" ")})
    a, b, element = pl.col("a"), pl.col("b"), pl.element()
    alone = {"mine": a.list.set_difference(b), "theirs": b.list.set_difference(a)}
    counts = {
        f"{name} {kind}": words.list.eval(element.str.contains(pattern)).list.sum()
        for name, words in alone.items()
        for kind, pattern in (("numbers", NUMBERS), ("parts", SERIES), ("numerals", NUMERALS))
    }
    both = a.list.set_symmetric_difference("b")
    marks = both.list.eval(element.is_in(settings()["marks"]["words"])).list.any()
    several = pl.min_horizontal(a.list.len(), b.list.len()) >= TURNED_WORDS
    turned = several & (both.list.join("").str.len_chars() <= TURNED_LETTERS)
    found = pairs.select(
        marks.alias("marks"), turned.alias("turned"), **alone, **counts,
        **{f"{name} words": words.list.len() for name, words in alone.items()},
    )  # fmt: skip
    return {
        "marks_differ": (found["marks"] | spelling.opposed(found["mine"], found["theirs"])) & ~cut,
        "numbers_differ": found.select(_numbers_differ(pl.lit(cut))).to_series(),
        "numbers_clash": (found["mine parts"] > 0) & (found["theirs parts"] > 0),
        "turned": found["turned"],
    }


def _numbers_differ(cut: pl.Expr) -> pl.Expr:
    """Tell the titles whose numbers say that they are two papers: of both, numerals, or where little else differs."""
    mine, theirs = pl.col("mine numbers"), pl.col("theirs numbers")
    rewritten = (
        pl.min_horizontal(pl.col("mine words") - mine, pl.col("theirs words") - theirs) >= REWRITTEN_WORDS
    )
    either = (mine + theirs > 0) & ~(rewritten & ((mine == 0) | (theirs == 0)))
    return (
        (pl.col("mine numerals") + pl.col("theirs numerals") > 0)
        | (either & ~cut)
        | (either & (pl.col("mine parts") + pl.col("theirs parts") > 0))
    )


def _names(one: pl.DataFrame, other: pl.DataFrame, same_title: pl.Series) -> pl.DataFrame:
    """Compare the listed names, in order, with the beginning of arXiv's list; of one title also in any order."""
    verdicts = name_verdicts(one["names"], other["names"])
    listed, theirs = one["names"].list.len(), other["names"].list.len()
    odd = (same_title & (verdicts["fits"] < listed)).arg_true()
    moved = pl.repeat(value=False, n=len(listed), dtype=pl.Boolean, eager=True)
    moved = moved.scatter(odd, names_among(one["names"].gather(odd), other["names"].gather(odd)))
    some = pl.col("listed") > 0
    return verdicts.with_columns(listed=listed, theirs=theirs, cut=one["cut"]).select(
        names_same=some & (pl.col("same") == pl.col("listed")),
        names_fit=some & (pl.col("same") < pl.col("listed")) & (pl.col("fits") == pl.col("listed")),
        names_wrong=pl.when(some).then((pl.col("listed") - pl.col("fits")) / pl.col("listed")),
        first_wrong=some & ~pl.col("first"),
        names_moved=moved,
        no_names=~some,
        one_name=pl.col("listed") == 1,
        count_differs=some & ~pl.col("cut") & (pl.col("listed") != pl.col("theirs")),
        list_too_short=some & pl.col("cut") & (pl.col("theirs") <= pl.col("listed")),
    )


def _abstracts(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Compare the letters of abstracts as far as both go; those that share both ends and the title are the same.

    Sister papers may share their first and last sentence, but not the title, too.
    """
    shared = ((other["kinds"] & keys.ALIKE) == keys.ALIKE).to_numpy()
    like = shared.astype(np.float32)
    known = shared | (one["abstract"].is_not_null() & other["abstract"].is_not_null()).to_numpy()
    rest = np.flatnonzero(known & ~shared)
    short = pl.DataFrame(
        {name: _letters(frame["abstract"].gather(rest)) for name, frame in (("a", one), ("b", other))}
    )
    size = pl.min_horizontal(pl.col("a", "b").str.len_chars())
    short = short.select(pl.col("a", "b").str.slice(0, size))
    known[rest] = short.select(pl.all_horizontal(pl.col("a", "b").is_not_null())).to_series().to_numpy()
    like[rest] = process.cpdist(
        short["a"].fill_null("").to_list(), short["b"].fill_null("").to_list(),
        scorer=Indel.normalized_similarity, dtype=np.float32,
    )  # fmt: skip
    limits = settings()["far"]
    return pl.DataFrame(
        {
            "abstract_same": known & (like >= limits["abstract_same"]),
            "abstract_like": known & (like < limits["abstract_same"]) & (like >= limits["abstract"]),
            "abstract_differs": known & (like < limits["abstract"]),
        }
    )


def _letters(texts: pl.Series) -> pl.Series:
    """Return the first letters and digits of abstracts; null where there are too few to compare."""
    kept = bare(texts.str.head(2 * SIMILAR_LETTERS)).str.head(SIMILAR_LETTERS)
    return kept.set(kept.str.len_chars() < keys.ABSTRACT_LETTERS, None)


def _days(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Compare days; a month or a year is an interval that begins on the day given."""
    length = pl.col("precision").replace_strict(
        {"day": 0, "month": 30, "year": 365}, default=None, return_dtype=pl.Int64
    )
    frame = pl.DataFrame(
        {"a": one["published"], "b": other["published"], "precision": one["published_precision"]}
    ).with_columns(length=length, apart=(pl.col("b") - pl.col("a")).dt.total_days())
    beyond = pl.max_horizontal(-pl.col("apart"), pl.col("apart") - pl.col("length"), 0)
    outside = pl.when(pl.col("apart").is_not_null() & pl.col("length").is_not_null()).then(beyond)
    limits = settings()["far"]
    return frame.with_columns(outside=outside).select(
        day_same=(pl.col("outside") == 0) & (pl.col("length") == 0),
        day_near=(pl.col("outside") <= limits["days_near"])
        & ~((pl.col("outside") == 0) & (pl.col("length") == 0)),
        day_beside=pl.col("outside") <= 1,
        day_far=pl.col("outside") > limits["days_far"],
        day_ages=pl.col("outside") > limits["days_ages"],
        day_unknown=pl.col("a").is_null() | pl.col("b").is_null() | pl.col("length").is_null(),
    )


def _categories(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    listed = categories.canonical(other["categories"].str.split(" "))
    frame = pl.DataFrame({"a": one["category_candidates"], "b": listed})
    shared = pl.col("a").list.set_intersection("b").list.len() > 0
    known = (pl.col("a").list.len() > 0) & (pl.col("b").list.len() > 0)
    return frame.select(category_same=known & shared, category_differs=known & ~shared)
