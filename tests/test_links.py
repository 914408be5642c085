"""Links stand as listed, without the punctuation of the sentence around them."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byline.core import resources
from byline.normalize import links as module
from byline.normalize.links import extract


def links(text: str | None) -> list[str]:
    return list(extract(pl.Series([text], dtype=pl.String)).to_list()[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Code: https://github.com/ada/engine.", ["https://github.com/ada/engine"]),
        ("(see http://example.org/a_(b)).", ["http://example.org/a_(b)"]),
        ("at www.example.org, and", ["www.example.org"]),
        ("at github.com/ada/engine; also", ["github.com/ada/engine"]),
        ("at ada.github.io/engine.", ["ada.github.io/engine"]),
        (r"\url{https://example.org/a\_b}.", ["https://example.org/a_b"]),
        (r"\href{https://example.org/x}{here}", ["https://example.org/x"]),
        (r"http://example.org/$\sim$ada/", ["http://example.org/~ada/"]),
        ('"https://example.org/q?a=1&b=2#c"', ["https://example.org/q?a=1&b=2#c"]),
        ("<https://example.org>", ["https://example.org"]),
        ("代码见https://example.org/x。谢谢", ["https://example.org/x"]),
        (
            "b https://b.example a https://a.example b https://b.example",
            ["https://b.example", "https://a.example"],
        ),
        ("https://a.example/x;data:https://b.example", ["https://a.example/x", "https://b.example"]),
        ("https://a.example/x,https://b.example/y", ["https://a.example/x", "https://b.example/y"]),
        ("https://a.example/xhttps://b.example", ["https://a.example/x", "https://b.example"]),
        ("(https://a.example)https://b.example", ["https://a.example", "https://b.example"]),
        (
            "https://web.example/web/2020/https://b.example",
            ["https://web.example/web/2020/https://b.example"],
        ),
        ("https://a.example/?u=https://b.example", ["https://a.example/?u=https://b.example"]),
        ("http://a.example/page.html.We show", ["http://a.example/page.html"]),
        ("http://a.example/page.pdf.Results", ["http://a.example/page.pdf"]),
        ("https://github.com/ada/engine.Our code", ["https://github.com/ada/engine"]),
        ("http://a.example/v1.0", ["http://a.example/v1.0"]),
        ("http://a.example/Main.WebHome", ["http://a.example/Main.WebHome"]),
        (r"http://a.example/\~{}user/x", ["http://a.example/~user/x"]),
        (r"http://a.example/\~user", ["http://a.example/~user"]),
        (r"http://a.example/\textasciitilde{}user", ["http://a.example/~user"]),
        (r"http://a.example/{\~}user", ["http://a.example/~user"]),
        (r"http://a.example/\string~user", ["http://a.example/~user"]),
        (r"http://a.example/$\tilde{}$user", ["http://a.example/~user"]),
        ("https://a.example/?b=1&amp;c=2", ["https://a.example/?b=1&c=2"]),
        ("nothing here, e.g. this", []),
        ("http:// broken and https://.", []),
        ("we use github.com a lot", []),
        ("", []),
        (None, []),
    ],
)
def test_links_of_an_abstract(text, expected):
    assert links(text) == expected


def test_rows_stay_aligned():
    found = extract(pl.Series("abstract", ["none", "at www.example.org", None]))
    assert found.to_list() == [[], ["www.example.org"], []]
    assert found.dtype == pl.List(pl.String)
    assert extract(pl.Series([], dtype=pl.String)).dtype == pl.List(pl.String)


@given(st.text(alphabet="htps:/w.aé(){}[]\\_~$ \n,", max_size=60))
@settings(deadline=None)
def test_no_text_breaks_it_and_no_link_ends_a_sentence(text):
    found = links("https://a.example/" + text)
    assert found
    assert all(not link.endswith((".", ",")) and " " not in link for link in found)


PIECES = [
    "https://",
    "www.",
    "GitHub.IO",
    "ada.",
    ".",
    "/",
    "a",
    " ",
    "ſ",
    "K",
    *resources.lines("link_hosts.txt"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), st.booleans())
@settings(deadline=None)
def test_what_is_not_searched_for_links_holds_none(text, capitals):
    texts = pl.Series([text.upper() if capitals else text])
    hint, found = texts.str.contains(module._hint()).item(), texts.str.contains(module._pattern()).item()
    assert hint or not found
