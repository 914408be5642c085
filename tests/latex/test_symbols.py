"""The table of symbols says what pylatexenc, whose tables it comes from, says."""

import unicodedata

import pytest
from pylatexenc.latex2text import get_default_latex_context_db

from byline.latex.tables import alphabets, math_commands, symbols

PLAINER = {"epsilon", "phi", "leqslant", "geqslant", "ast", "prime", "leqq", "geqq", "subseteqq", "supseteqq"}
"""Commands for which byline shows the plainer twin on purpose."""


def theirs(name: str) -> str | None:
    found = get_default_latex_context_db().get_macro_spec(name)
    shown = getattr(found, "simplify_repl", None)
    return shown if isinstance(shown, str) else None


@pytest.mark.parametrize(
    "name", ["alpha", "Omega", "leq", "infty", "to", "times", "in", "cup", "otimes", "nabla", "hbar"]
)
def test_common_symbols_are_known(name):
    assert symbols()[name] == theirs(name)


def test_nearly_all_symbols_agree_with_pylatexenc():
    pairs = [(name, theirs(name)) for name in symbols()]
    shared = {name: unicodedata.normalize("NFKC", char) for name, char in pairs if char and len(char) == 1}
    other = {name for name, char in shared.items() if unicodedata.normalize("NFKC", symbols()[name]) != char}
    assert len(shared) > 400
    assert len(other - PLAINER) <= 0.05 * len(shared), sorted(other - PLAINER)


def test_symbols_are_single_characters_in_nfc():
    assert all(len(char) == 1 and unicodedata.is_normalized("NFC", char) for char in symbols().values())


def test_alphabets_are_named_as_unicode_names_them():
    assert unicodedata.name(alphabets()["mathbb"]["R"]) == "DOUBLE-STRUCK CAPITAL R"
    assert unicodedata.name(alphabets()["mathcal"]["A"]) == "MATHEMATICAL SCRIPT CAPITAL A"
    for name, word in (
        ("mathbb", "STRUCK"),
        ("mathcal", "SCRIPT"),
        ("mathfrak", ("FRAKTUR", "BLACK-LETTER")),
    ):
        words = (word,) if isinstance(word, str) else word
        assert all(any(one in unicodedata.name(char) for one in words) for char in alphabets()[name].values())


def test_commands_that_print_their_name_do():
    assert "log" in math_commands()["log"]
    assert math_commands()["R"] == "ℝ"
