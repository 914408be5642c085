"""A decoded formula has the value of its LaTeX: generated expressions, read back from plain text."""

import cmath
import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byline.latex import decode

VALUES = {"a": 1.3, "b": 2.1, "c": 0.7, "k": 1.9, "n": 2.6, "x": 0.4, "y": 3.2, "α": 1.7}
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")


class Reader:
    """Value of a plain formula: powers and roots bind tightest, then products from the left, then sums."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def peek(self) -> str:
        while self.at < len(self.text) and self.text[self.at] == " ":
            self.at += 1
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        char = self.peek()
        self.at += 1
        return char

    def value(self) -> complex:
        total = self.sum()
        assert self.peek() == "", f"{self.text[self.at :]!r} is left of {self.text!r}"
        return total

    def sum(self) -> complex:
        sign = -1 if self.peek() == "-" and self.take() else 1
        total = sign * self.product()
        while self.peek() in ("+", "-") and self.peek():
            minus = self.take() == "-"
            term = self.product()
            total += -term if minus else term
        return total

    def product(self) -> complex:
        total = self.power()
        while (char := self.peek()) and char not in "+-)":
            if char in "/·":
                self.take()
            factor = self.power()
            total = total / factor if char == "/" else total * factor
        return total

    def power(self) -> complex:
        base = self.atom()
        while (char := self.peek()) and (char == "^" or char in "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"):
            base = base ** (self.exponent() if char == "^" else self.raised())
        return base

    def exponent(self) -> complex:
        self.take()
        return self.atom()

    def raised(self) -> complex:
        digits = ""
        while self.peek() and self.text[self.at] in "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻":
            digits += self.take()
        return complex(int(digits.translate(RAISED)))

    def atom(self) -> complex:
        char = self.take()
        if char == "(":
            total = self.sum()
            assert self.take() == ")", self.text
            return total
        if char in "√∛":
            return self.atom() ** (1 / (2 if char == "√" else 3))
        if char.isascii() and char.isdigit():
            while self.at < len(self.text) and self.text[self.at] in "0123456789":
                char += self.text[self.at]
                self.at += 1
            return complex(int(char))
        return complex(VALUES[char])


def read(text: str) -> complex:
    return Reader(text).value()


ATOM, PRODUCT, SUM = 3, 2, 1
"""How tightly an expression holds together in LaTeX."""
Written = tuple[str, complex, int]


NOTHING = complex("nan")
"""Value of an expression that has none, or one that depends on the sign of a zero (a power of a negative number)."""


def power(base: complex, exponent: complex) -> complex:
    try:
        return NOTHING if base.real <= 0 and abs(base.imag) < 1e-9 else base**exponent
    except (OverflowError, ZeroDivisionError):
        return NOTHING


def ratio(above: complex, below: complex) -> complex:
    return above / below if below else NOTHING


def within(one: Written, least: int, left: str = "(", right: str = ")") -> str:
    return one[0] if one[2] >= least else f"{left}{one[0]}{right}"


def divided(form: str, above: Written, below: Written) -> Written:
    if form == "over":
        return (rf"{{{above[0]} \over {below[0]}}}", ratio(above[1], below[1]), PRODUCT)
    short = len(above[0]) == len(below[0]) == 1
    typed = f"{above[0]}{below[0]}" if short else f"{{{above[0]}}}{{{below[0]}}}"
    space = " " if typed[0].isalpha() else ""
    return (rf"\{form}{space}{typed}", ratio(above[1], below[1]), PRODUCT)


def multiplied(sign: str, left: Written, right: Written) -> Written:
    first, second = within(left, PRODUCT), within(right, PRODUCT, r"\left(", r"\right)")
    between = r" \cdot " if second[0].isdigit() else sign
    return (first + between + second, left[1] * right[1], PRODUCT)


def added(sign: str, left: Written, right: Written) -> Written:
    second = within(right, PRODUCT)
    return (f"{left[0]}{sign}{second}", left[1] + right[1] * (1 if sign.strip() == "+" else -1), SUM)


def raised(braced: bool, base: Written, exponent: Written) -> Written:
    bare = len(exponent[0]) == 1 and not braced
    typed = exponent[0] if bare else f"{{{exponent[0]}}}"
    return (f"{within(base, ATOM)}^{typed}", power(base[1], exponent[1]), PRODUCT)


def raised_by_fraction(base: Written, above: Written, below: Written) -> Written:
    fraction = divided("frac", above, below)
    return (f"{within(base, ATOM)}^{fraction[0]}", power(base[1], fraction[1]), PRODUCT)


def rooted(degree: str, body: Written) -> Written:
    order = {"": 2, "[3]": 3, "[5]": 5}[degree]
    return (rf"\sqrt{degree}{{{body[0]}}}", power(body[1], 1 / order), PRODUCT)


def signed(one: Written) -> Written:
    return (f"-{within(one, PRODUCT)}", -one[1], SUM)


def extended(inner: st.SearchStrategy[Written]) -> st.SearchStrategy[Written]:
    return st.one_of(
        st.builds(divided, st.sampled_from(["frac", "frac", "tfrac", "dfrac", "over"]), inner, inner),
        st.builds(multiplied, st.sampled_from(["", " ", r"\,", r" \cdot "]), inner, inner),
        st.builds(added, st.sampled_from(["+", "-", " + ", " - "]), inner, inner),
        st.builds(raised, st.booleans(), inner, inner),
        st.builds(raised_by_fraction, inner, inner, inner),
        st.builds(rooted, st.sampled_from(["", "", "[3]", "[5]"]), inner),
        st.builds(signed, inner),
    )


NUMBERS = st.integers(1, 19).map(lambda one: (str(one), complex(one), ATOM))
LETTERS = st.sampled_from(sorted(VALUES)).map(
    lambda one: (r"\alpha " if one == "α" else one, complex(VALUES[one]), ATOM)
)
EXPRESSIONS = st.recursive(st.one_of(NUMBERS, LETTERS), extended, max_leaves=9)


def comparable(value: complex) -> bool:
    return cmath.isfinite(value) and 1e-9 < abs(value) < 1e9


def same_value(latex: str, value: complex) -> None:
    plain = str(decode(pl.Series([f"${latex}$"]))[0])
    assert "$" not in plain, plain
    assert cmath.isclose(read(plain), value, rel_tol=1e-6), f"{latex} became {plain}"


@given(EXPRESSIONS)
@settings(max_examples=150, deadline=None)
def test_a_decoded_formula_has_the_value_of_its_latex(written):
    if comparable(written[1]):
        same_value(written[0], written[1])


HALF = 1.3 / 2.1


@pytest.mark.parametrize(
    ("latex", "value"),
    [
        (r"\frac{1}{2}x", 0.5 * 0.4),
        (r"n^\frac{3}{2}", 2.6**1.5),
        (r"\frac{a}{b}\frac{c}{k}", HALF * 0.7 / 1.9),
        (r"1/\frac{a}{b}", 1 / HALF),
        (r"\frac{1}{n}\sqrt{x}", math.sqrt(0.4) / 2.6),
        (r"\frac{1}{2n}", 1 / 5.2),
        (r"\frac{\frac{a}{b}}{c}", HALF / 0.7),
        (r"\frac{a}{\frac{b}{c}}", 1.3 / 3),
        (r"\frac{a}{b}^2", HALF**2),
        (r"x^\frac12 y", math.sqrt(0.4) * 3.2),
        (r"x^ny", 0.4**2.6 * 3.2),
        (r"x^{n}y", 0.4**2.6 * 3.2),
        (r"x^{nk}", 0.4 ** (2.6 * 1.9)),
        (r"\sqrt{2}x", math.sqrt(2) * 0.4),
        (r"\sqrt{xy}", math.sqrt(0.4 * 3.2)),
        (r"\sqrt{x}^3", 0.4**1.5),
        (r"{x^2}^3", 0.4**6),
        (r"a-\frac{-1}{2}", 1.8),
        (r"2^{-\frac{x}{2}}y", 2**-0.2 * 3.2),
        (r"a \over b", HALF),
        (r"c{a+1 \over b}x", 0.7 * 2.3 / 2.1 * 0.4),
        (r"\left(a \over b\right)^2", HALF**2),
        (r"\frac1{\sqrt n}", 1 / math.sqrt(2.6)),
        (r"\frac by \cdot 1", 2.1 / 3.2),
        (r"x^{2^{k}}", 0.4 ** (2**1.9)),
    ],
)
def test_traps_of_fractions_powers_and_roots_keep_their_value(latex, value):
    same_value(latex, complex(value))


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"\frac{1}{n}\sum_{i=1}^n x_i", "(1/n)∑_(i=1)^n x_i"),
        (r"\frac{1}{2} + x", "1/2 + x"),
        (r"f(\frac{1}{2})", "f(1/2)"),
        (r"\frac{a}{b} = c", "a/b = c"),
        (r"|\frac{a}{b}|", "|a/b|"),
        (r"|x|\frac{a}{b}", "|x|(a/b)"),
        (r"\log\frac{a}{b}", "log(a/b)"),
        (r"\frac{1}{\log n}", "1/(log n)"),
        (r"\frac{1}{n!}", "1/n!"),
        (r"\frac{a}{b}!", "(a/b)!"),
        (r"\frac{dy}{dx}", "dy/dx"),
        (r"\frac{\partial f}{\partial x}g", "(∂f/∂x)g"),
        (r"\frac{\text{width}}{\text{height}}", "width/height"),
        (r"\frac{x}{y}\%", "(x/y)%"),
        (r"x^a_i", "x_i^a"),
        (r"a_ib_j", "a_i b_j"),
        (r"x_{ij}", "x_ij"),
        (r"{}^{14}_{6}C", "¹⁴₆C"),
        (r"10^{1.5}", "10^(1.5)"),
        (r"\{\frac12,\frac13\}", "{1/2,1/3}"),
    ],
)
def test_brackets_stand_where_a_neighbour_would_bind_and_only_there(latex, plain):
    assert decode(pl.Series([f"${latex}$"]))[0] == plain
