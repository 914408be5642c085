"""Lists of names in any style are taken apart, and say when another reading is possible."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byline.boundary import names_list
from byline.boundary.list_order import Part

KINDS = tomllib.loads((Path(__file__).parent / "names_lists.toml").read_text("utf-8"))
CASES = [(text, case) for cases in KINDS.values() for case in cases for text in case["texts"]]


@pytest.mark.parametrize(("text", "case"), CASES, ids=[text for text, _ in CASES])
def test_a_list_is_taken_apart(text: str, case: dict[str, Any]):
    found = names_list.read_names(text)
    assert found.names == ([text] if case["names"] == "whole" else case["names"])
    assert found.cut == case.get("cut", False)
    labels = case.get("labels", [])
    assert found.labels == ([text.rsplit(", ", 1)[-1]] if labels == "last" else labels)
    if case.get("sure", True) != "either":
        assert (not found.doubts) == case.get("sure", True)


def test_an_inverted_list_gives_the_parts_of_its_names():
    found = names_list.read_names("Keller, Anna M., Jr., van den Berg, T.-J.", inverted=True)
    assert found.parts == [Part("Anna M.", "Keller", "Jr."), Part("T.-J.", "van den Berg")]


def test_who_knows_the_order_is_obeyed():
    assert names_list.read_names("Keller, Anna, Brandt, Tomas", inverted=False).names == [
        "Keller",
        "Anna",
        "Brandt",
        "Tomas",
    ]
    assert names_list.read_names("Ada Pym, Bo Li").parts is None


@given(text=st.text(alphabet=st.sampled_from("Aab ,;&|·•….et l+3()佐"), max_size=40))
def test_any_text_is_taken_apart_and_nothing_is_made_up(text: str):
    found = names_list.read_names(" ".join(text.split()))
    for name in found.names:
        assert name.strip()
        assert set(name) <= set(text) | {",", " "}
