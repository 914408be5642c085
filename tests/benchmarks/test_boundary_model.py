"""The boundary model is what its command makes, on every machine."""

import hashlib
import json
import math
import random
from importlib import resources

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import boundary_kinds
from benchmarks.boundary_model import build, contents, learn
from benchmarks.common.gold import gold_folder
from benchmarks.exact_math import exact_exp, exact_log
from byline.boundary import model, segment

MADE_UP = "af125010da9c1a2c"
"""Digest of what 150 made-up papers teach; another one here means that training depends on the machine."""


def made_up_papers(count: int) -> pl.DataFrame:
    rnd = random.Random(5)
    made = [boundary_kinds.camel_title(rnd) for _ in range(count)]
    return pl.DataFrame(
        {
            "title": [one.title for one in made],
            "authors": [one.authors for one in made],
            "abstract": [one.abstract for one in made],
            "fold": [n % 4 for n in range(count)],
        }
    )


def test_made_up_papers_teach_the_same_bits_everywhere():
    learned = learn(made_up_papers(150), 1)
    taught = hashlib.blake2b(learned.weights.tobytes() + learned.lexicon.table.tobytes(), digest_size=8)
    assert taught.hexdigest() == MADE_UP


def test_the_shipped_model_is_the_one_that_its_record_describes():
    about = json.loads(resources.files("byline.resources").joinpath("boundary.json").read_text("utf-8"))
    shipped = model.load()
    assert (shipped.digest, contents(shipped)) == (about["digest"], about["contents"])


@pytest.mark.slow
def test_the_shipped_model_is_what_the_command_makes():
    gold = gold_folder(None)
    about = json.loads(resources.files("byline.resources").joinpath("boundary.json").read_text("utf-8"))
    made = about["contents"] if gold is None else contents(build(gold, about["epochs"])[0])
    assert made == contents(model.load())


@given(x=st.floats(-690, 690))
def test_the_exponential_is_right_to_the_last_bits(x):
    assert exact_exp(np.array([x]))[0] == pytest.approx(math.exp(x), rel=1e-15)


@given(x=st.floats(1e-12, 1e12))
def test_the_logarithm_is_right_to_the_last_bits(x):
    assert exact_log(np.array([x]))[0] == pytest.approx(math.log(x), rel=1e-14, abs=1e-15)


def test_more_doubt_is_never_less_error_in_any_kind_of_reading():
    assert (np.diff(model.load().calibration, axis=1) >= 0).all()


LEAST = {"japanese": 0.9, "korean": 0.9, "chinese": 0.9, "camel given": 0.9, "space": 0.95}
"""Share that must be read right, 0.97 where a kind is not named; see the model card for what is weak."""


@pytest.mark.parametrize("kind", boundary_kinds.KINDS)
def test_every_odd_kind_is_read_and_none_is_sure_and_wrong(kind):
    rnd = random.Random(11)
    made = [boundary_kinds.KINDS[kind](rnd) for _ in range(60)]
    said = pl.Series([one.abstract for one in made], dtype=pl.String)
    rows = segment(pl.Series([one.text for one in made]), said).to_dicts()
    right = [
        (row["title"], row["authors"]) == (one.title, one.authors)
        for one, row in zip(made, rows, strict=True)
    ]
    sure = [(row["boundary_confidence"] or 0.0) >= 0.99 for row in rows]
    assert [one.text for one, good, s in zip(made, right, sure, strict=True) if s and not good] == []
    assert sum(right) / len(made) >= LEAST.get(kind, 0.97)
