"""Markup in running text: accents, emphasis, symbols, quotes, dashes, ties. Each distinct token once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from byline.latex.accents import accented
from byline.latex.marks import BREAK, CUT, DOLLAR, LEFT, LITERAL_DOLLAR, LITERAL_LEFT, LITERAL_RIGHT, RIGHT
from byline.latex.math import decode_math
from byline.latex.segments import DEEP, LISTS, NESTED, SWITCHES, WRAPPERS, formula, is_math
from byline.latex.tables import ACCENTS, LETTERS, math_commands, plain_commands, quantities, symbols, units
from byline.latex.tags import entity, tag
from byline.latex.terms import lower, raise_

KEPT = 1 << 16
"""Pieces whose decoded form is kept, for texts and for names: a process takes some 20 MB for them at most."""
_kept: tuple[dict[str, str], dict[str, str]] = {}, {}


def decode_pieces(segments: Sequence[str], names: bool) -> list[str]:
    """Return `decode_segments` of each distinct segment; those of this process's last texts are known already.

    A third of the formulas of 120,000 abstracts stand in one of the slices before, too.
    """
    known = _kept[names]
    shown = [known.get(one) for one in segments]
    new = [one for one, text in zip(segments, shown, strict=True) if text is None]
    found = dict(zip(new, decode_segments(new, names), strict=True))
    if len(known) + len(found) > KEPT:
        known.clear()
    known.update(found)
    return [found[one] if text is None else text for one, text in zip(segments, shown, strict=True)]


def decode_segments(segments: Sequence[str], names: bool = False) -> list[str]:
    """Return each distinct segment as plain text, or as it was where that is safer.

    A segment whose meaning depends on its neighbours comes with them: CUT before CUT segment CUT after. `names` says
    that the texts are names of people.
    """
    decoded, maths, formulas = list(segments), [], []
    for n, one in enumerate(segments):
        before, segment, after = one.split(CUT)[1:] if one[:1] == CUT else ("", one, "")
        if is_math(segment):
            found, body = None, formula(segment)
        else:
            found, body = _token(segment, before, after, names), _bare(segment, before)
        if found is None and body:
            maths.append(n)
            formulas.append(
                f"{_neighbour(before)}{CUT}{body}{CUT}{_neighbour(after)}" if one[:1] == CUT else body
            )
        decoded[n] = segment if found is None else found
    for n, shown in zip(maths, decode_math(formulas), strict=True):
        if shown is not None:
            decoded[n] = _trimmed(shown, script=decoded[n][:1] in ("^", "_"))
    return decoded


_OWN_NAME = re.compile(r"\\([A-Za-z]+)")
_OWN = "ABCDEFGIJKMNQRTUVWXYZ"
"""Capitals that LaTeX gives no command of their own in text: an author's own (`a torus \\T`)."""


def _bare(segment: str, before: str) -> str:
    r"""Return a token of running text that may be mathematics without dollars, else "".

    A backslash before a single letter is as often a difference of sets (`A\B`).
    """
    if segment[0] not in "\\{^_" or (segment[0] == "{" and "\\" not in segment):
        return ""
    own = _OWN_NAME.match(segment)
    if own is None or (own[1] in math_commands() and len(own[1]) > 1):
        return segment
    touching = before.isalnum() or before in tuple(")]}")
    single = len(own[1]) == 1 and (len(segment) > 2 or own[1] not in _OWN)
    return "" if touching or single else segment


def _neighbour(char: str) -> str:
    """Return a character beside a formula; a space for what would be markup in it."""
    return " " if not char or char in "{}\\&$%" or "\ue000" <= char <= "\uf8ff" else char


def _trimmed(shown: str, script: bool) -> str:
    """Return a decoded formula without the characters beside it; a script in text keeps its distance from a letter."""
    shown = shown.split(CUT)[1] if CUT in shown else shown
    return shown if script else shown.strip(" ")


_CONTROL = {
    ",": " ", ";": " ", ":": " ", "!": "", "/": "", "@": "", "-": "", "%": "%", "&": "&", "#": "#", "_": "_",
}  # fmt: skip
_SINGLE = {LEFT: LITERAL_LEFT, RIGHT: LITERAL_RIGHT, DOLLAR: LITERAL_DOLLAR, BREAK: " ", "{}": "", "": ""}


def _token(segment: str, before: str, after: str, names: bool) -> str | None:
    """Return one token of running text as plain text; None for what isn't known."""
    if segment in _SINGLE:
        return _SINGLE[segment]
    first = segment[0]
    if first == "\\":
        return _command(segment, before, after, names)
    if first == "{":
        return _group(segment, before, after, names)
    if first in "&<":
        return entity(segment) if first == "&" else tag(segment)
    if first in "-~":
        return _dash(segment, before, after) if first == "-" else _tie(before, after, names)
    return f"“{segment[2:-2]}”" if first == "`" else None


_WRAPPED = re.compile(rf"\\(?:{WRAPPERS})\s*\{{({NESTED})\}}", re.DOTALL)
_SCRIPT = re.compile(rf"\\text(super|sub)script\s*\{{({NESTED})\}}", re.DOTALL)
_TWO = re.compile(rf"\\(textcolor|href)\s*\{{([^{{}}]*)\}}\s*\{{({NESTED})\}}", re.DOTALL)
_CITED = re.compile(r"\\cite[a-zA-Z]*\*?\s*(?:\[[^\]\[{}]*\])*\s*\{([^{}]*)\}")
_TITLE = re.compile(rf"\\texorpdfstring\s*\{{({DEEP})\}}\s*\{{({DEEP})\}}", re.DOTALL)
_NOTE = re.compile(rf"\\(?:footnote|thanks)\s*\{{({DEEP})\}}", re.DOTALL)
_REFERENCE = re.compile(r"\\(?:ref|eqref|autoref|cref|Cref)\*?\s*\{([^{}]*)\}")
_UNSEEN = re.compile(r"\\(?:label|hspace|vspace|input|bibliographystyle|nocite)\*?\s*\{[^{}]*\}")
_BROKEN_GREEK = re.compile(r"\\([a-z])\{([a-z]{1,6})\}")
"""A Greek letter's command that a converter took for an accent: `\\b{eta}`."""
_QUANTITY = re.compile(
    r"\\(?:SI|si|unit|qty)\s*(?:\[[^\]\[]*\]\s*)?\{(?:([^{}]*)\}\s*\{)?((?:[^{}]|\{[^{}]*\})*)\}"
)
_UNIT = re.compile(r"\\([A-Za-z]+)\s*|\s+")
_FORMULAS = re.compile(r"\$([^$]+)\$")
_NAMES = re.compile(r"\\([A-Za-z]+)")
_LIST = re.compile(rf"\\(?:begin|end)\s*\{{(?:{LISTS})\}}")
_FONT = re.compile(rf"\\(?:{SWITCHES})\{{([^{{}}]*)\}}")
_BEGINNING = frozenset(("L", "O", "o", "l", "AE", "OE", "ae", "oe", "DJ", "dj"))
"""Letters that begin a word whose rest a space parts from them; an `Å` is a unit, too."""
_BEHIND_A_RING = frozenset(("ng", "rh", "lb", "kl", "kr", "sg"))
"""Letters that go on with a word behind `Å` (Ångström, Århus, Ålborg, Åkra), and hardly an English one."""
_ALONE = re.compile(r"\\([A-Za-z]+)(?:\{\}|(\s)([a-z]?))?")


def _command(segment: str, before: str, after: str, names: bool) -> str | None:
    """Return what a command with its argument shows."""
    if (greek := _BROKEN_GREEK.fullmatch(segment)) and (letter := symbols().get(greek[1] + greek[2])):
        return letter
    if len(segment) == 2 and not segment[1].isalpha() and segment[1] not in ACCENTS:
        return " " if segment[1].isspace() else _CONTROL.get(segment[1])
    if (found := accented(segment, before, after, names)) is not None:
        return found
    for pattern, show in _ARGUMENTS:
        if match := pattern.fullmatch(segment):
            return show(match)
    match = _ALONE.fullmatch(segment)
    return _alone(match[1], match[2] or "", match[3] or "", before, after) if match else None


def _two(match: re.Match[str]) -> str:
    """Return coloured text, or a link's words and its address."""
    first, shown = match[2].strip(), match[3]
    return shown if match[1] == "textcolor" or first == shown.strip() else f"{shown} ({first})"


def _quantity(number: str, unit: str) -> str | None:
    r"""Return a number with its unit as siunitx prints them (`\SI{5}{\micro\metre}`: 5 μm), None for an unknown one."""
    if any(name not in units() for name in _NAMES.findall(unit)):
        return None
    shown = (
        _UNIT.sub(lambda match: units()[match[1]] if match[1] else "", unit)
        .strip("·")
        .replace("·²", "²")
        .replace("·³", "³")
        .replace("·/", "/")
    )
    return f"{number.strip()} {shown}".strip()


def _readable(typeset: str, plain: str) -> str:
    """Return of the two texts of a heading the typeset one where all of it can be read, else the plain one."""
    known = math_commands().keys() | plain_commands().keys() | LETTERS.keys() | ACCENTS.keys()
    formulas = all(one is not None for one in decode_math(_FORMULAS.findall(typeset)))
    words = all(one in known for one in _NAMES.findall(_FORMULAS.sub(" ", typeset)))
    return typeset if formulas and words and typeset.strip() else plain


def _alone(name: str, space: str, follows: str, before: str, after: str) -> str | None:
    r"""Return what a command without argument shows.

    TeX eats the space behind a command; authors of listings mostly don't know, so only a letter within a word does:
    `S\o rensen`, `\L ukasz`, `\AA ngstr\"om`, but not `10 \AA resolution`.
    """
    if name in ("deg", "degree"):
        return "°" if before.isdigit() or before in (" ", "") else "deg"
    if name in LETTERS:
        begins = name in _BEGINNING or (name in ("AA", "aa") and follows + after[:1] in _BEHIND_A_RING)
        joined = before.isalpha() or (begins and follows and not before.isalnum())
        return LETTERS[name] + ("" if joined else space) + follows
    return plain_commands().get(name, symbols().get(name))


_ARGUMENTS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = (
    (_WRAPPED, lambda match: match[1]),
    (_SCRIPT, lambda match: (raise_ if match[1] == "super" else lower)(match[2].strip())),
    (_CITED, lambda match: f"[{match[1]}]"),
    (_TWO, _two),
    (_LIST, lambda _: " "),
    (_TITLE, lambda match: _readable(match[1], match[2])),
    (_NOTE, lambda match: f" ({match[1].strip()})" if match[1].strip() else ""),
    (_REFERENCE, lambda match: f"[{match[1]}]"),
    (_QUANTITY, lambda match: _quantity(match[1] or "", match[2])),
    (_UNSEEN, lambda _: " "),
    (_FONT, lambda match: match[1]),
)
"""What commands with an argument look like, and what they show."""
_OF_A_SET = re.compile(r"[=∖∪∩∈∉⊂⊆×→⊎≔|_^(),:*-] ?$")
"""What stands before the braces of a set (`S∪{left}`), or of an argument, rather than of a protected word."""
_LAST_WORD = re.compile(r"[^\W\d_]+(?:/[^\W\d_]+)?$")
_SWITCHED = re.compile(rf"\{{\s*\\(?:{SWITCHES})\b\s*({NESTED})\}}", re.DOTALL)


def _group(segment: str, before: str, after: str, names: bool) -> str | None:
    """Return what stands in braces: text with a font of its own, a letter with its accent, a protected word."""
    inner = segment[1:-1]
    if match := _SWITCHED.fullmatch(segment):
        return match[1].removesuffix("\\/")
    if inner.startswith("\\"):
        found = accented(inner, "", "", names)
        return _command(inner, "a", "", names) if found is None else found
    alone = len(inner) == 1 and not (after.isalpha() or (len(before) == 2 and before.isalpha()))
    return None if "\\" in inner or alone or after in ("_", "^") or _OF_A_SET.search(before) else inner


def _dash(segment: str, before: str, after: str) -> str | None:
    """Return a dash for two or three hyphens, but leave an option of a command (` --verbose`) alone."""
    option = before.isspace() and not after.isspace()
    return None if option or before in ("-", "<", "!") else {2: "–", 3: "—"}[len(segment)]


def _tie(before: str, after: str, names: bool) -> str | None:
    """Return a space for a tie between words, None for a tilde that says "about" (`~10`, `5~10`, `z~6`) or is a path's.

    Before a number stands a word in a tie (`Fig.~1`, `Theorem~2`), a letter or a quantity in a relation.
    """
    if names:
        return " "
    left, right = before[-1:], after
    if left == "/" or left.isspace() or right.isspace():
        return None
    if not right.isdigit():
        return " "
    if left in tuple(".,;:)]}"):
        return " "
    word = _LAST_WORD.search(before)
    about = word is None or len(word[0]) == 1 or word[0].casefold() in quantities()
    return None if about else " "
