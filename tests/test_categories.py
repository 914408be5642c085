"""Listed category codes become arXiv's active categories."""

from collections.abc import Mapping, Sequence

import polars as pl
import pytest

from byline.core.errors import UsageError
from byline.normalize.categories import resolve, taxonomy


def category(
    code: str, order: Sequence[str] | None = None, overrides: Mapping[str, str] | None = None
) -> str | None:
    found: str | None = resolve(pl.Series([code], dtype=pl.String), order, overrides)["category"].to_list()[0]
    return found


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("LG", "cs.LG"), ("ML", "stat.ML"), ("cs.LG", "cs.LG"), ("hep-th", "hep-th"), ("flu-dyn", "physics.flu-dyn"),
        ("chao-dyn", "nlin.CD"), ("cmp-lg", "cs.CL"), ("q-alg", "math.QA"), ("alg-geom", "math.AG"),
        ("math.MP", "math-ph"), ("cs.SY", "eess.SY"), ("SY", "eess.SY"), ("stat.TH", "math.ST"), ("IT", "cs.IT"),
        ("NA", "math.NA"), ("EC", "econ.GN"), ("lg", "cs.LG"), ("HEP-TH", "hep-th"), (" LG ", "cs.LG"),
    ],
)  # fmt: skip
def test_codes_and_aliases_resolve(code, expected):
    assert category(code) == expected


@pytest.mark.parametrize(
    ("code", "candidates"),
    [
        ("CV", ["cs.CV", "math.CV"]),
        ("AP", ["stat.AP", "math.AP"]),
        ("CO", ["stat.CO", "math.CO", "astro-ph.CO"]),
        ("GN", ["q-bio.GN", "math.GN", "econ.GN", "q-fin.GN"]),
        ("TH", ["econ.TH", "math.ST"]),
    ],
)
def test_a_code_that_fits_several_takes_the_first_in_the_reviewed_order(code, candidates):
    row = resolve(pl.Series([code])).row(0, named=True)
    assert row["category_candidates"] == candidates
    assert row["category"] == candidates[0]


def test_a_code_that_fits_no_active_category_is_null():
    found = resolve(pl.Series(["cond-mat", "zz", "", None, "test"], dtype=pl.String))
    assert found["category"].to_list() == [None] * 5
    assert found["category_candidates"].to_list() == [[]] * 5
    assert found["category_name"].to_list() == [None] * 5


def test_rows_stay_aligned_and_named():
    found = resolve(pl.Series(["LG", None, "CL", "LG"]))
    assert found["category_name"].to_list() == [
        "Machine Learning", None, "Computation and Language", "Machine Learning",
    ]  # fmt: skip


def test_another_order_and_single_codes_can_be_set():
    assert category("CO", order=["math"]) == "math.CO"
    assert category("CO", overrides={"co": "astro-ph.CO"}) == "astro-ph.CO"
    assert category("zz", overrides={"ZZ": "cs.LG"}) == "cs.LG"


def test_settings_that_arxiv_does_not_know_are_refused():
    with pytest.raises(UsageError, match="no archive 'maths'"):
        resolve(pl.Series(["CO"]), order=["maths"])
    with pytest.raises(UsageError, match="no active category"):
        resolve(pl.Series(["CO"]), overrides={"CO": "cs.XX"})


def test_every_alias_leads_to_an_active_category_and_every_archive_has_a_rank():
    known = taxonomy()
    assert set(known.aliases.values()) <= set(known.names)
    assert not set(known.aliases) & set(known.names)
