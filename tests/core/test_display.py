"""Texts from listings where people read them."""

from __future__ import annotations

import pytest

from byline.core.display import clean

CASES = {
    "plain ASCII with line ends and tabs": ("a\tb\nc", "a\tb\nc"),
    "letters, accents and signs of any script": ("Éva 王小明 \u2014 ½", "Éva 王小明 \u2014 ½"),
    "an escape code": ("a\x1b[31mb", "a\\x1b[31mb"),
    "an override of the direction": ("a\u202eb", "a\\u202eb"),
    "a carriage return": ("a\rb", "a\\rb"),
    "a control beside letters beyond ASCII": ("é\x07\n\t", "é\\x07\n\t"),
    "a lone surrogate": ("a\ud800", "a\\ud800"),
    "no text": ("", ""),
}


@pytest.mark.parametrize("kind", CASES)
def test_what_acts_on_a_terminal_is_written_as_an_escape_and_nothing_else(kind):
    text, shown = CASES[kind]
    assert clean(text) == shown
