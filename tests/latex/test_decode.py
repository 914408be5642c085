"""Listed LaTeX becomes plain Unicode where that is safe, and stays as typed where it isn't."""

import importlib
import unicodedata
from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byline.latex import decode, marks, markup
from byline.latex.markup import decode_pieces, decode_segments

MODULE = importlib.import_module("byline.latex.decode")


def plain(text: str | None) -> str | None:
    found: str | None = decode(pl.Series([text], dtype=pl.String)).to_list()[0]
    return found


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        (r"on $\leq5$% of the data", "on ≤5% of the data"),
        (r"91.2\% of cases", "91.2% of cases"),
        (r"the $\mu$Param trick", "the μParam trick"),
        (r"a \textit{} b \emph{} c", "a b c"),
        (r"an \emph{important} point", "an important point"),
        (r"{\em very} {\bf bold}", "very bold"),
        (r"time $O(n \log n)$", "time O(n log n)"),
        (r"$x^2$, $x_1$, $10^{-3}$", "x², x₁, 10⁻³"),
        (r"$\mathbb{R}^d$", "ℝ^d"),
        (r"$\ell_1$ and $\ell_\infty$", "ℓ₁ and ℓ_∞"),
        (r"$2^{n-1}$ and $x_{i,j}$", "2^(n-1) and x_(i,j)"),
        (r"$\frac{1}{2}$ and $\frac{a+b}{c}$", "1/2 and (a+b)/c"),
        (r"$x\frac12$", "x(1/2)"),
        (r"$\frac12\frac34$", "(1/2)(3/4)"),
        (r"$|\frac{1}{2}|$", "|1/2|"),  # a bar that opens or closes binds to nothing
        (r"$|x|\frac{1}{2}$", "|x|(1/2)"),
        (r"$\frac{1}{2}|x|$", "(1/2)|x|"),
        (r"$|x + \frac{1}{2}| + |\frac{a}{b}|$", "|x + 1/2| + |a/b|"),
        (r"$|x|\,\frac{1}{2}\,|y|$", "|x| (1/2) |y|"),
        (r"$||x|\frac{1}{2}|$", "||x|1/2|"),
        (r"$a - \frac{-1}{2}$", "a - (-1/2)"),  # two signs do not meet
        (r"$a - \frac{1}{2}$", "a - 1/2"),
        (r"$= \frac{-1}{2}$", "= -1/2"),
        (r"$\sqrt{n}$ and $\sqrt{n+1}$", "√n and √(n+1)"),
        (r"$\sum_{n=1}^{\infty} a_n$", "∑_(n=1)^∞ a_n"),
        (r"$A\not\in B$ and $a \not= b$", "A∉B and a ≠ b"),
        (r"${\rm SL}_2({\mathbb Z})$", "SL₂(ℤ)"),
        (r"$\hat{\beta}$ and $\bar x$", "β̂ and x̄"),
        (r"$\{1,\ldots,n\}$", "{1,…,n}"),
        (r"$f''(x)$", "f″(x)"),
        (r"$^{12}$C and $n^{th}$ and 3$^\circ$C", "¹²C and nth and 3°C"),
        (r"\(a+b\) and $$c$$", "a+b and c"),
    ],
)
def test_mathematics_reads_on_one_line(listed, expected):
    assert plain(listed) == unicodedata.normalize("NFC", expected)


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        (r"{\'e} \'{e} \'e", "é é é"),
        (r"Schr\"odinger and M\"{o}bius", "Schrödinger and Möbius"),
        (r"Petr\' ik", "Petrík"),
        (r"na\"{\i}ve", "naïve"),
        (r"Erd\H{o}s, \v{C}ech, Fran\c{c}ois", "Erdős, Čech, François"),
        (r"S\o rensen, \L ukasz, Stra{\ss}e", "Sørensen, Łukasz, Straße"),
        (r"10 \AA resolution", "10 Å resolution"),
        ("``quoted'' -- and---so 1--2", "“quoted” – and—so 1–2"),
        (r"Fig.~1 and 10~GeV", "Fig. 1 and 10 GeV"),
        (r"AT\&T, a\_b, \#1", "AT&T, a_b, #1"),
        (r"{B}ayesian t{E}x and {BERT}", "Bayesian tEx and BERT"),
        (r"see \cite{lovelace1843}", "see [lovelace1843]"),
        (r"\href{https://a.example/x}{our page}", "our page (https://a.example/x)"),
        (r"\textsuperscript{3}He and 10^{-4} m", "³He and 10⁻⁴ m"),
        (r"\emph{the $x_{1}$ thing}", "the x₁ thing"),
        ("empty $$~mathematics", "empty $$ mathematics"),
    ],
)
def test_markup_in_running_text_is_read(listed, expected):
    assert plain(listed) == expected


@pytest.mark.parametrize(
    "listed",
    [
        "costs $5 today",
        "from $5 to $10 a month",
        "$5, $6 and $7",
        "an unbalanced { brace and $x",
        r"$\begin{tikzcd}a&b\end{tikzcd}$",
        r"$\myownmacro{x}$",
        r"\begin{theorem} a \end{theorem}",
        "http://www.example.org/~user",
        "about ~10 and 5~10",
        "run it with --verbose",
        "x_1 and a^b",
        r"\emph{}",
        "",
        "plain text",
    ],
)
def test_what_is_not_safe_to_read_stays_as_typed(listed):
    assert plain(listed) == listed


def test_escaped_dollars_are_prices():
    assert plain(r"from \$5 to \$6") == "from $5 to $6"


def test_the_normal_form_of_the_input_does_not_matter():
    assert plain("\\logA\u0300") == plain("\\log\u00c0")


def test_null_and_length_and_name_are_kept():
    decoded = decode(pl.Series("title", [None, r"$\alpha$", None]))
    assert decoded.to_list() == [None, "α", None]
    assert decoded.name == "title"


def test_no_rows_are_no_trouble():
    assert decode(pl.Series([], dtype=pl.String)).len() == 0
    assert decode(pl.Series([None], dtype=pl.String)).to_list() == [None]


PIECES = st.sampled_from(
    [
        "$", "$$", "\\", "{", "}", "\\{", "\\}", "\\$", "^", "_", "~", "--", "``", "''", "\\alpha", "\\frac", "\\emph{",
        "\\'", "e", "x", "2", " ", "\\left(", "\\right.", "\\mathbb{R}", "\\over", "\\begin{a}", "\\(", "\\)", "\\[",
        "\\]", "{\\em ", "\\unknown{", "\\sqrt[3]", "word of the", "5", "é", "e\u0301", "\ue007", "\n", "\\\\", "\\&",
        "\\o ", "{}", "\\cite{", "\\hat", "\\not", "\\text", "'", "%", "&", "-", "\\log",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map("".join))


@given(st.lists(TEXTS, min_size=1, max_size=30))
@settings(max_examples=70, deadline=None)
def test_any_text_decodes_to_nfc_and_decoding_again_changes_nothing(texts):
    once = decode(pl.Series(texts, dtype=pl.String))
    assert decode(once).to_list() == once.to_list()
    assert all(unicodedata.is_normalized("NFC", text) for text in once)
    assert all(bool(after) or not before for before, after in zip(texts, once, strict=True))


@given(st.lists(TEXTS, min_size=1, max_size=30), st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_text_that_is_not_decoded_a_second_time_would_not_have_changed(texts, names):
    listed = pl.Series(texts, dtype=pl.String)
    found, settled = MODULE._passes(listed.filter(~listed.str.contains(marks.ANY)), names)
    some = found.filter(MODULE._stays(found, settled))
    assert MODULE._passes(some, names)[0].to_list() == some.to_list()


def test_pieces_that_are_known_read_as_they_did(monkeypatch):
    monkeypatch.setattr(markup, "KEPT", 3)
    pieces = [["$x_1$", "~"], [r"\emph{so}"], ["$x_1$", "$y^2$", r"\emph{so}"], ["$x_1$"]]
    for some, names in product(pieces * 2, (False, True)):
        assert decode_pieces(some, names) == decode_segments(some, names)
    assert all(len(known) <= 3 for known in markup._kept)


@given(st.lists(TEXTS, min_size=1, max_size=10))
@settings(max_examples=25, deadline=None)
def test_a_text_reads_the_same_alone_and_in_company(texts):
    together = decode(pl.Series(texts, dtype=pl.String)).to_list()
    assert together == [plain(text) for text in texts]


def test_a_formula_that_ends_in_an_open_delimiter_keeps_to_itself():
    listed = pl.Series([r"$x\left$", "$.5$", r"$\right$"])
    assert decode(listed).to_list() == [plain(text) for text in listed]


def test_texts_keep_their_rows_however_they_are_batched(monkeypatch):
    kinds = [
        r"$x_{}$",
        r"{} \$ and \{{a\}}",
        "plain {}",
        r"\emph{{\emph{{{}}}}}",
        "e\u0301 {}~a",
        r"$\unknown_{}$",
    ]
    listed = pl.Series([kinds[n % len(kinds)].format(n % 10) for n in range(60)] + [None])
    whole = decode(listed)
    monkeypatch.setattr(MODULE, "BATCH", 7)
    assert decode(listed).to_list() == whole.to_list()
    assert whole.to_list() == [plain(text) for text in listed]
