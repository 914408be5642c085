"""Labels that a comma of their own has parted: `university of california, berkeley` stands in a list as two."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from byline.affiliations.forms import country_names, exact_form, legal_forms, loose_form
from byline.affiliations.registry import load_registry
from byline.core import lists, resources

LONGEST = 4
"""Parts of one label at most: three commas."""
NOTHING_YET = ("", "the")
"""Forms behind which any name may begin; an article goes only where a word follows."""


@resources.kept
def _known() -> tuple[dict[str, str | None], frozenset[str]]:
    """Return the forms of the curated organisations with their countries, and those that are ambiguous alone."""
    registry = load_registry()
    table = registry.forms.join(registry.organisations, on="key", how="left", maintain_order="left")
    return dict(table.select("form", "country").rows()), frozenset(registry.doubtful)


def join_labels(labels: pl.Series) -> pl.Series:
    """Return lists of labels in which those that belong together stand as one, as the page had them.

    Neighbours are joined where the whole is a known organisation and one of the parts alone is not (`cuhk, shenzhen`,
    but `google, deepmind` are two), or where what follows is a company's legal form (`amazon.com, inc.`) or the country
    of an organisation (`university of oslo, norway`). A list that is null or has one label only is not touched.
    """
    several = (labels.list.len() > 1).fill_null(value=False).arg_true()
    several = several.filter(_may_join(labels.gather(several))) if several.len() else several
    if several.len() == 0:
        return labels
    some = labels.gather(several)
    distinct = some.unique()
    joined = pl.DataFrame({"labels": distinct, "joined": _joined(distinct.to_list())})
    found = some.to_frame("labels").join(joined, on="labels", how="left", maintain_order="left")["joined"]
    changed = (found.list.len() != some.list.len()).arg_true()
    if changed.len() == 0:
        return labels
    return lists.put(labels, several.gather(changed), found.gather(changed))


@resources.kept
def _beginnings() -> frozenset[str]:
    """Return what the forms of the curated organisations begin with, whole ones too: `a`, `a b` and `a b c`."""
    words = [form.split(" ") for form in _known()[0]]
    return frozenset(" ".join(form[:size]) for form in words for size in range(1, len(form) + 1))


def _may_join(lists: pl.Series) -> pl.Series:
    """Tell which lists (of two labels at least) may hold labels that belong together, by each distinct pair of them.

    The form of a whole is the forms of its parts, one after the other, so it begins with that of its first two.
    """
    starts = np.cumsum(lists.list.len().to_numpy().astype(np.int64))[:-1]
    first = lists.explode()
    last = np.append(starts, len(first)) - 1
    inner = np.delete(np.arange(len(first)), last)
    pairs = pl.DataFrame({"one": first.gather(inner), "other": first.gather(inner + 1)})
    distinct = pairs.unique()
    whole = distinct.select(pl.concat_str("one", "other", separator=", ")).to_series()
    ending = exact_form(distinct["other"]).is_in(sorted({*legal_forms(), *country_names()}))
    may = distinct.with_columns(may=_begins(whole) | ending)
    said = pairs.join(may, on=["one", "other"], how="left", maintain_order="left")
    # A list of n labels has n - 1 pairs, so those of list k begin k places sooner than its labels.
    at = np.append(0, starts) - np.arange(len(lists))
    return pl.Series(np.logical_or.reduceat(said["may"].to_numpy(), at))


def _begins(labels: pl.Series) -> pl.Series:
    """Tell which labels a known organisation's name begins with, as it stands or spelled out."""
    forms, known = exact_form(labels), _beginnings()
    both = zip(forms, loose_form(forms), strict=True)
    begins = [form in known or loose in known or form in NOTHING_YET for form, loose in both]
    return pl.Series(begins, dtype=pl.Boolean)


def _joined(lists: list[list[str]]) -> pl.Series:
    """Return each list with its parts joined."""
    parts = sorted({", ".join(one[n : n + size]) for one in lists for n in range(len(one))
                    for size in range(1, LONGEST + 1) if n + size <= len(one)})  # fmt: skip
    forms = dict(zip(parts, exact_form(pl.Series(parts, dtype=pl.String)), strict=True))
    spelled = dict(zip(parts, loose_form(pl.Series(list(forms.values()), dtype=pl.String)), strict=True))
    known, doubtful = _known()

    def resolves(part: str) -> bool:
        return forms[part] not in doubtful and (forms[part] in known or spelled[part] in known)

    def belongs(listed: list[str]) -> bool:
        """Say whether these neighbours are one organisation: known together, and not all of them alone."""
        return resolves(", ".join(listed)) and not all(resolves(one) for one in listed)

    def follows(before: str, part: str) -> bool:
        """Say whether a part is nothing but a legal form, or the country of what stands before it."""
        if forms[part] in legal_forms():
            return True
        country = country_names().get(forms[part])
        form = forms.get(before, "")
        if country is None or form in country_names():
            return False
        return known.get(form, known.get(spelled.get(before, ""), country)) in (country, None)

    return pl.Series([_together(one, belongs, follows) for one in lists], dtype=pl.List(pl.String))


def _together(
    listed: list[str], belongs: Callable[[list[str]], bool], follows: Callable[[str, str], bool]
) -> list[str]:
    """Return the labels of one list, the longest known wholes first."""
    found: list[str] = []
    at = 0
    while at < len(listed):
        sizes = range(min(LONGEST, len(listed) - at), 1, -1)
        size = next((size for size in sizes if belongs(listed[at : at + size])), 1)
        part = ", ".join(listed[at : at + size])
        if size == 1 and found and follows(found[-1], part):
            found[-1] = f"{found[-1]}, {part}"
        else:
            found.append(part)
        at += size
    return found
