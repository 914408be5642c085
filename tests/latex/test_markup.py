"""Markup beyond accents and plain formulas: HTML, headings, braces, ties, dollars too many or forgotten, own macros."""

import polars as pl
import pytest

from byline.latex import decode

CASES = {
    "html": [
        ("Search &amp; Rescue", "Search & Rescue"),
        ("a &lt; b", "a < b"),
        ("twice &amp;amp; escaped", "twice & escaped"),
        ("pages 3&ndash;5", "pages 3–5"),
        ("&#945;-decay", "α-decay"),
        ("&#x3B2;-sheet", "β-sheet"),
        ("an&nbsp;owl", "an owl"),
        ("H<sub>2</sub>O", "H₂O"),
        ("10<sup>-3</sup> m", "10⁻³ m"),
        ("x<sup>n</sup>", "x^n"),
        ("<i>Strix aluco</i> at night", "Strix aluco at night"),
        ("<p>One <b>bold</b> word</p>", "One bold word"),
        ("first<br/>second", "first second"),
        ("<jats:p>An owl.</jats:p>", "An owl."),
        ("AT&T; R&D", "AT&T; R&D"),
        ("<p> = 3 and <Q> = 4", "<p> = 3 and <Q> = 4"),
        ("a<b>c", "a<b>c"),
        ("x<y and y>z", "x<y and y>z"),
        ("&unheard; of", "&unheard; of"),
    ],
    "headings": [
        (r"\texorpdfstring{$k$}{k}-Nests", "k-Nests"),
        (r"\texorpdfstring{$\ell_1$}{l1} Bounds", "ℓ₁ Bounds"),
        (r"\texorpdfstring{$\unheard{x}$}{Unheard} of", "Unheard of"),
        (r"\texorpdfstring{$\mathbb{R}^{2}$}{R2} Maps", "ℝ² Maps"),
        (r"\texorpdfstring {\textbf{Owls}}{Owls}", "Owls"),
    ],
    "braces": [
        (r"{Poincar\'e} Maps", "Poincaré Maps"),
        ("{3D} Vision", "3D Vision"),
        ("{C++} and {COVID-19}", "C++ and COVID-19"),
        ("{B}ayesian t{E}x", "Bayesian tEx"),
        ("{A/B} tests", "A/B tests"),
        (r"$S\cup\{x\}$", "S∪{x}"),
        (r"$S\cup\{left\}$", "S∪{left}"),
        ("the set {1, 2}", "the set {1, 2}"),
        ("S ∖ {x} is", "S ∖ {x} is"),
    ],
    "ties": [
        ("Fig.~3", "Fig. 3"),
        ("Theorem~2", "Theorem 2"),
        ("Section~4", "Section 4"),
        ("10~GeV", "10 GeV"),
        ("Ada~Pym", "Ada Pym"),
        ("z~6", "z~6"),
        ("(R~100)", "(R~100)"),
        ("redshift~7", "redshift~7"),
        ("S/N~5", "S/N~5"),
        ("5~10", "5~10"),
        ("about ~10", "about ~10"),
        ("$P$~10", "P~10"),
        ("http://www.example.org/~user", "http://www.example.org/~user"),
    ],
    "stray dollars": [
        ("costs $5 and $x^2$ is", "costs $5 and x² is"),
        (r"$x$ and $y is a stray one", "x and $y is a stray one"),
        (r"let $x and $y^2$ then $z^2$", "let $x and y² then z²"),
        (r"$\alpha$, $\beta$ and $", "α, β and $"),
        (r"a price of $3 for $\gamma$ rays", "a price of $3 for γ rays"),
        ("from $5 to $10 a month", "from $5 to $10 a month"),
        ("from 5$ to 10$ a month", "from 5$ to 10$ a month"),
        ("costs 5$, 6$ and 7$", "costs 5$, 6$ and 7$"),
        ("20$ vs 30$", "20$ vs 30$"),
        ("US$5 and US$6 each", "US$5 and US$6 each"),
        ("sets $A$, 5 of $B$", "sets A, 5 of B"),
        (r"from 5$\times$ to 10$\times$", "from 5× to 10×"),
        ("$5, $6 and $7", "$5, $6 and $7"),
        ("costs $5 today", "costs $5 today"),
    ],
    "forgotten dollars": [
        (r"O(\sqrt{n}) time", "O(√n) time"),
        (r"2^{n-1} sets", "2^(n-1) sets"),
        (r"2^{n}x", "2^n x"),
        (r"half, \frac{1}{2}x", "half, (1/2)x"),
        (r"n^\frac{3}{2} steps", "n^(3/2) steps"),
        (r"x_{max} and x_{1}", "x_max and x₁"),
        (r"maps of \mathbb{R}^n", "maps of ℝ^n"),
        (r"the sheaf {\cal A}_n", "the sheaf 𝒜_n"),
        (r"fatness 9-\eps", "fatness 9-ε"),
        (r"u\not=0", "u≠0"),
        (r"{n \choose 2} pairs", "(n choose 2) pairs"),
        (r"on \R^n", "on ℝ^n"),
        (r"\b{eta}-decay", "β-decay"),
        (r"attachment\detachment", r"attachment\detachment"),
        (r"S_n\semidirect T", r"S_n\semidirect T"),
        (r"a \unheard owl", "a unheard owl"),
        (r"V\B has and K[x]\F[x]", r"V\B has and K[x]\F[x]"),
        ("x_1 and a^b", "x_1 and a^b"),
    ],
    "several lines": [
        (r"\begin{equation} a = \frac{1}{2} \end{equation}", "a = 1/2"),
        (r"\begin{align} a &= b \\ c &= d \end{align}", "a = b; c = d"),
        (r"\begin{eqnarray*} a &=& b \end{eqnarray*}", "a = b"),
        (r"$\begin{pmatrix}a&b\\c&d\end{pmatrix}^{-1}$", "(a, b; c, d)⁻¹"),
        (r"$\left(\begin{array}{c}x\\y\end{array}\right)$", "(x; y)"),
        (r"$\sum_{\substack{i<n\\j<m}} a$", "∑_(i<n, j<m) a"),
        (r"$\begin{tikzcd}a&b\end{tikzcd}$", r"$\begin{tikzcd}a&b\end{tikzcd}$"),
    ],
    "authors' own macros": [
        (r"$\al \ra \om$", "α → ω"),
        (r"$\R^n$ and $\eps$", "ℝ^n and ε"),
        (r"$\cH$ and $\bbR$", "ℋ and ℝ"),
        (r"$\bSigma^{-1}$", "Σ⁻¹"),
        (r"$\Homeo(M)$", "Homeo(M)"),
        (r"$\A\subset\B$", "A⊂B"),
        (r"$\A+A$", r"$\A+A$"),
        (r"$\norm{x}$ and $\abs{y}$", "‖x‖ and |y|"),
        (r"$\ket{0}$", "|0⟩"),
        (r"$\fa$ and $\fm$", "𝔞 and 𝔪"),
        (r"$\myownmacro{x}$", r"$\myownmacro{x}$"),
        (r"$A^\op$", "A^op"),
        (r"$\be x \ee$", r"$\be x \ee$"),
        (r"$\newcommand{\x}{y}$", r"$\newcommand{\x}{y}$"),
        (r"$\widehat{HF}$", "hat(HF)"),
        (r"$\overline{x+y}$", "overline(x+y)"),
    ],
    "quantities": [
        (r"\SI{5}{\micro\metre}", "5 μm"),
        (r"\SI{200}{\per\cm}", "200 /cm"),
        (r"\si{\kilogram}", "kg"),
        (r"\SI{3}{\unheard}", r"\SI{3}{\unheard}"),
    ],
    "beside a formula": [
        (r"$\frac12$x", "(1/2)x"),
        (r"n$\frac12$", "n(1/2)"),
        (r"$\frac12$-spin", "1/2-spin"),
        (r"a $\frac12$ share", "a 1/2 share"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("listed", "expected"), [case for cases in CASES.values() for case in cases])
def test_markup_is_read_by_kind(listed, expected):
    assert decode(pl.Series([listed]))[0] == expected


def test_the_same_title_in_two_spellings_reads_the_same():
    pairs = [
        (r"Poincar\'e Nests", "Poincaré Nests"),
        ("Owls &amp; Mice", "Owls & Mice"),
        (r"$k$-Nests", "k-Nests"),
    ]
    left, right = (decode(pl.Series(side)).to_list() for side in zip(*pairs, strict=True))
    assert left == right
