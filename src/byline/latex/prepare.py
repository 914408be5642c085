"""What is done to each formula alone, before all of a batch are rewritten: references, environments, groups."""

from __future__ import annotations

import html
import re
import string

from byline.latex.accents import accented
from byline.latex.environments import unfold
from byline.latex.marks import BREAK, EDGE
from byline.latex.tables import math_commands

# `\\n` and `\\V` are bars of a norm as often as letters; `\\l` and `\\r` may be the halves of a delimiter.
_OWN_LETTERS = "".join(sorted(set(string.ascii_letters) - {*math_commands(), "l", "n", "r", "V"}))
_DROPPED = re.compile(
    r"\\(?:label|[hv]space\*?|[hv]?phantom|color|textcolor|mkern|rule *\{[^{}]*\}|eqno|leqno) *\{[^{}]*\}"
)
_SPECIAL = re.compile(
    r"[&]|\\(?:begin|substack|tag|over|choose|label|[hv]space|[hv]?phantom|color|textcolor|mkern|rule|l?eqno"
    r"|[A-Za-z](?![A-Za-z]))"
)
"""What a formula needs to be looked at alone for, before all are rewritten together."""
_HOOK = re.compile(r"\\[cvuHk]\{[A-Za-z]\}")
_STACK = re.compile(r"\\substack *\{((?:[^{}]|\{[^{}]*\})*)\}")
_TAG = re.compile(r"\\tag\*? *\{([^{}]*)\}")
_COMMAND_NAME = re.compile(r"\\[A-Za-z]+")
_OWN_LETTER = re.compile(rf"\\([{_OWN_LETTERS}]|[lr](?! *[(\[|{{.\\]))(?![A-Za-z]| *[{{\[])")
_BARE_LETTER = re.compile(r"[A-Za-z]")
_OVER = re.compile(r"\\(?:over|choose)(?![A-Za-z])")
_LEFT_DELIMITER = re.compile(r"\\left *(?:\\[A-Za-z]+|\\?.)")
_RIGHT_DELIMITER = re.compile(r"\\right(?![A-Za-z])")


def prepared(formula: str) -> str:
    """Return a formula as one line: references read, what prints nothing gone, environments unfolded, groups closed."""
    formula = formula.replace("\n", " ")
    if not _SPECIAL.search(formula):
        return formula
    formula = html.unescape(formula) if "&" in formula and ";" in formula else formula
    formula = _DROPPED.sub(" ", _HOOK.sub(_hooked, formula))
    formula = _STACK.sub(lambda match: "{" + match[1].replace(BREAK, ", ") + "}", formula)
    return _named(_grouped(unfold(_TAG.sub(r" (\1)", formula))))


def _hooked(match: re.Match[str]) -> str:
    r"""Return a letter with an accent of running text that got into a formula (`$\v{C}$`), where there is one."""
    return accented(match[0], "", "", names=True) or match[0]


def _named(formula: str) -> str:
    r"""Return a formula with an author's own one-letter commands as that letter (`\A`: A), unless it is there too."""
    letters = set(_OWN_LETTER.findall(formula))
    if not letters:
        return formula
    bare = set(_BARE_LETTER.findall(_COMMAND_NAME.sub(" ", formula)))
    return _OWN_LETTER.sub(lambda match: match[0] if match[1] in bare else EDGE + match[1], formula)


def _grouped(formula: str) -> str:
    r"""Return a formula with `\over` so that its delimiters enclose a group, as in TeX (`\left(a \over b\right)`)."""
    if not _OVER.search(formula):
        return formula
    return _RIGHT_DELIMITER.sub(r"}\g<0>", _LEFT_DELIMITER.sub(r"\g<0>{", formula))
