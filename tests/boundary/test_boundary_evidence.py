"""A second look with names that the corpus has beyond doubt. All people are made up."""

import numpy as np
import polars as pl

from byline.boundary import count_evidence, evidence_keys, second_look, segment
from byline.boundary.explain import explain

DOUBTFUL = pl.Series(["Transfer in multilingual XLMBERTAnqelo Zviradze", "Edge statesqiupo zhvan, wei lu"])
SURE = pl.Series(
    [["Anqelo Zviradze", "Ines Moreau"], ["qiupo zhvan"], ["Qiupo Zhvan", "Anqelo Zviradze"], []]
)


def test_keys_are_sorted_and_distinct():
    keys = evidence_keys(DOUBTFUL)
    assert keys.dtype == np.uint64
    assert np.all(np.diff(keys.astype(object)) > 0)
    assert np.array_equal(keys, evidence_keys(pl.concat([DOUBTFUL, DOUBTFUL.reverse()])))


def test_counts_add_up_over_shards_in_any_order():
    keys = evidence_keys(DOUBTFUL)
    whole = count_evidence(SURE, keys)
    parts = [count_evidence(SURE[i : i + 1], keys) for i in (2, 0, 3, 1)]
    assert whole.dtype == np.uint32
    assert whole.sum() > 0
    assert np.array_equal(whole, np.sum(parts, axis=0))


def test_sure_names_raise_the_confidence_of_the_right_reading():
    keys = evidence_keys(DOUBTFUL)
    nothing = second_look(DOUBTFUL, keys, np.zeros(len(keys), dtype=np.uint32))
    with_names = second_look(DOUBTFUL, keys, count_evidence(pl.concat([SURE] * 3), keys))
    assert with_names["authors"].to_list() == [["Anqelo Zviradze"], ["qiupo zhvan", "wei lu"]]
    assert (with_names["boundary_confidence"] >= nothing["boundary_confidence"]).all()
    assert (with_names["boundary_confidence"] > nothing["boundary_confidence"]).any()


def test_no_evidence_leaves_the_shape_alone():
    none = np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.uint32)
    assert second_look(DOUBTFUL, *none).schema == segment(DOUBTFUL).schema
    assert len(evidence_keys(pl.Series([], dtype=pl.String))) == 0


def test_explain_shows_the_evidence_of_the_corpus():
    keys = evidence_keys(DOUBTFUL)
    best = explain(DOUBTFUL[0], keys, count_evidence(SURE, keys)).readings[0]
    assert any(
        "read beyond doubt elsewhere in the corpus" in w.feature and w.weight > 0 for w in best.evidence
    )
