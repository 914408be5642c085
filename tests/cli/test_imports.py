"""What a command imports: what it does not use costs every build, a fifth of a small one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

IMPORTED = """
import atexit, json, sys
to, *words = sys.argv[1:]
atexit.register(lambda: open(to, "w").write(json.dumps(sorted(sys.modules))))
sys.argv = ["byline", *words]
from byline.__main__ import main
main()
"""
OF_OTHERS = {
    "byline.boundary.explain", "byline.forms.engine", "byline.forms.reading", "byline.identity.explain",
    "byline.identity.uncertain", "byline.pipeline.engines.dask", "byline.reference", "byline.storage.remote",
    "byline.validation.models", "byline.validation.past", "pandas", "pyarrow._s3fs", "pyarrow.compute", "rapidfuzz",
}  # fmt: skip
"""What explains, validates, reads other forms than cards, or takes arXiv's metadata, Dask or an object store."""


def imported(place: Path, *words: str) -> set[str]:
    """Return the modules that a command imported."""
    code = [sys.executable, "-c", IMPORTED, str(place / "imported.json"), *words]
    subprocess.run(code, check=True, capture_output=True)
    return set(json.loads((place / "imported.json").read_text()))


@pytest.fixture(scope="module")
def first_build(tmp_path_factory) -> tuple[Path, set[str]]:
    place = tmp_path_factory.mktemp("imports")
    raw, out = ROOT / "data" / "raw", place / "out"
    return place, imported(place, "build", "--raw", str(raw), "--out", str(out), "--workers", "0")


def test_a_build_of_cards_imports_nothing_that_only_others_use(first_build):
    _, modules = first_build
    assert {"byline.boundary.model", "byline.identity.resolver", "byline.validation.between"} <= modules
    assert sorted(modules & OF_OTHERS) == []
