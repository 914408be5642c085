"""What pages write around names: labels, marks that a list was cut, brackets, marks of footnotes, degrees.

All of it is taken off before a list is split. Where what is taken off could be a part of a name (one digit in the whole
list, `MD` behind one name), the list is doubted.
"""

from __future__ import annotations

import polars as pl

from byline.core import lists
from byline.core.matching import holding, matching, nowhere, replaced
from byline.forms.name_patterns import Patterns, patterns

MARK = "\x1f"


def bare_lists(texts: pl.Series) -> pl.Series:
    """Return lists without what says that they were cut, brackets, footnote marks and degrees."""
    if not len(texts):
        return texts
    cut = uncut(unlabelled(patterns(), "listed"), patterns())
    return without_marks(pl.DataFrame({"text": texts.cast(pl.String)}).select(cut).to_series(), "listed")[0]


def unlabelled(p: Patterns, order: str) -> pl.Expr:
    """Return the column `text` without what introduces a list (`Authors:`). `order`: see `Form.names`.

    Where names begin with initials, `By Hou` is a person.
    """
    text = pl.col("text").str.strip_chars()
    if order != "initials_first":
        text = text.str.replace(p.label, "")
    return text.str.replace_all(r"，\s*", ", ").str.replace_all(r"[、；]\s*", "; ")


def uncut(text: pl.Expr, p: Patterns) -> pl.Expr:
    """Take off what says that a list was cut; it may be said twice (`…, et al.`)."""
    return text.str.replace(p.cut, "").str.replace(p.cut, "")


def without_marks(texts: pl.Series, order: str) -> tuple[pl.Series, pl.Series]:
    """Take off affiliations in brackets, marks of footnotes, and degrees where no initials could be meant.

    `Quill MD` of PubMed is a person with the initials M. D., not a doctor. `order`: see `Form.names`. Returns the lists
    and which of them are doubted, for what was taken off may be a part of a name.
    """
    p = patterns()
    texts = replaced(texts, p.affiliations, "", holding(texts, ["("]))
    odd = nowhere(len(texts))
    if (
        order != "initials_first"
    ):  # Scholar shows no notes: a digit there is a part of what it took for a name
        texts, odd = _without_footnotes(texts, odd, p)
    texts = replaced(texts, p.team, "${1}, ", holding(texts, [":"]))
    if order == "listed":
        titled, maybe = texts.str.contains(p.degrees), texts.str.contains(p.maybe_initials)
        initials = matching(texts, p.family_initials, titled | maybe)
        initials |= matching(texts, p.initials_pairs, titled | maybe)
        odd |= ~initials & maybe
        few = titled & initials
        texts = replaced(texts, p.degrees, "${1}", titled & ~initials)
        texts = replaced(texts, p.no_initials, "${1}", few)
    bare = texts.str.replace_all(r"\s+([,;])", "${1}").str.replace_all(r"\s{2,}", " ").str.strip_chars()
    return bare, odd.fill_null(value=False)


def _without_footnotes(texts: pl.Series, odd: pl.Series, p: Patterns) -> tuple[pl.Series, pl.Series]:
    """Take off marks of footnotes. One digit in a whole list may be a slip, or a part of the name: it is doubted.

    Example: `Ada Pym1, Bo Li2` are `Ada Pym` and `Bo Li`, surely; `Ada Pym1, Bo Li` are they, too, and doubted.
    """
    rows = texts.str.contains(p.noted).arg_true()
    if not len(rows):
        return texts, odd
    some = texts.gather(rows)
    digits = some.str.replace_all(p.numbered_team, "").str.count_matches(p.digits)
    bare = some.str.replace_all(f"{p.numbered_team}|{p.footnotes}", "${1}${2}")
    return texts.scatter(rows, bare), odd.scatter(rows, (digits == 1).fill_null(value=False))


def labels_of(texts: pl.Series, p: Patterns) -> pl.Series:
    """Return what stands in brackets behind names: `Ada Pym (Mila)`, `A Pym (1) ((1) Mila, (2) MIT)`."""
    none = pl.Series([[]], dtype=pl.List(pl.String)).new_from_index(0, len(texts))
    rows = holding(texts, ["("]).arg_true()
    if not len(rows):
        return none
    text, one = pl.col("text"), pl.element()
    behind = (
        text.str.replace_all(p.legend, "")
        .str.extract_all(p.bracketed)
        .list.eval(one.str.extract(p.bracketed, 1))
    )
    legend = text.str.extract(p.legend).str.replace_all(p.legend_mark, MARK).str.split(MARK)
    said = pl.concat_list(behind.fill_null([]), legend.fill_null([]))
    said = said.list.eval(one.str.strip_chars(" ,;."))
    said = said.list.eval(one.filter((one.str.len_chars() > 1) & ~one.str.contains(p.no_organisation)))
    found = pl.DataFrame({"text": texts.gather(rows)}).select(
        said.list.unique(maintain_order=True).fill_null([])
    )
    return lists.put(none, rows, found.to_series())
