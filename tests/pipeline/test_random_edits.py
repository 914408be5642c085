"""Whatever is edited in whatever order: each snapshot is a full build's, and old ids lead where a full build's lead.

`BYLINE_SEQUENCES=100 python -m pytest -m slow tests/pipeline/test_random_edits.py` tries more sequences of ten steps.
"""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from byline.core.options import Options
from byline.pipeline.incremental import store
from byline.pipeline.stages import sharing
from tests.pipeline.edited import Corpus, small_corpora_too
from tests.pipeline.edited_decisions import decide_anything
from tests.pipeline.edited_pages import add_a_page
from tests.pipeline.edits import OFTEN, SELDOM, metadata
from tests.pipeline.fabricated import listing
from tests.pipeline.told import records

SEQUENCES = int(os.environ.get("BYLINE_SEQUENCES", "12"))
STEPS = 10
REASONS = (
    "reviewed decisions changed (categories.toml)",
    "a name that was withheld is so no longer",
    "arXiv's metadata changed",
)
"""What takes a full build; other decisions that are made and withdrawn don't."""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_random_edits_end_where_full_builds_end(tmp_path: Path, monkeypatch, seed):
    small_corpora_too(monkeypatch)
    # with a few blocks in hand at a time, and files of blocks that soon go into the parts, as large corpora have it
    monkeypatch.setattr(store, "PARTS_AT_ONCE", (64, 1, 4)[seed % 3])
    monkeypatch.setattr(store, "LATER_AT_MOST", (16, 1, 5)[seed % 3])
    # with common names in shares, of which some stay in files
    monkeypatch.setattr(sharing, "MENTIONS_AT_ONCE", (sharing.MENTIONS_AT_ONCE, 20)[seed % 2])
    rnd = random.Random(seed)
    corpus = Corpus(tmp_path)
    corpus.standing["slice_bytes"] = rnd.choice([Options.slice_bytes, 300, 1_000, 4_000])
    for number in range(rnd.randint(1, 4)):
        cards = listing(seed * 10 + number, rnd.randint(5, 60)) + records(rnd, "card", rnd.randint(0, 20))
        corpus.write(f"first-{number}.txt", cards)
    for _ in range(rnd.randint(0, 6)):
        add_a_page(corpus, rnd)
    if rnd.random() < 0.5:
        metadata(corpus, rnd)
    corpus.follows()
    if rnd.random() < 0.5:
        decide_anything(corpus, rnd)
        corpus.follows()
    anew = 0
    for _ in range(STEPS):
        edits = rnd.choices(OFTEN, k=rnd.randint(1, 3)) if rnd.random() < 0.8 else [rnd.choice(SELDOM)]
        for edit in edits:
            edit(corpus, rnd)
        if rnd.random() < 0.3:  # else slices that were read before are not read again
            shutil.rmtree(corpus.home / "full" / ".cache", ignore_errors=True)
        did = corpus.follows()
        anew += did.startswith("built anew") and not any(why in did for why in REASONS)
    assert anew == 0
