"""Collaborations among listed names: which they are, how they are shown, and persons who sign for one."""

from __future__ import annotations

import re

import polars as pl

from byline.core import resources
from byline.names.repair import LONGEST
from byline.names.wordlists import team_heads, team_names, team_words

GROUP = r"^the .* (?:group|lab|labs)$|(?:research|working|study) group$| (?:labs|group|task force|panel)$"
"""Groups of research; `Group` is a family name too, see `FAMILY`."""
FAMILY = r"^(?:\p{Lu}\.[ -]?)+ ?(?:Group|Team|Committee|Network|Project)$"
"""Initials and a family name that is also a word for a team: `R. C. Group`."""
COMPANY = r"^[\w.&-]*[a-z]-?AI\d*$"
"""`OpenAI` and its kind."""
OPENING = r"(?i)^(?:\(? ?(?:for|on behalf of|in behalf of|representing|and|with) )?(?:the )?"
CLOSED = r"^\(([^()]*)\)$"


def is_team(names: pl.Series, folded: pl.Series) -> pl.Series:
    """Tell collaborations from persons by their words, their whole names, or capitals inside a word (`OpenAI`).

    `names`: repaired; `folded`: the same folded.
    """
    words = "|".join(sorted(team_words()))
    frame = pl.DataFrame({"name": names, "folded": folded})
    name, key = pl.col("name"), pl.col("folded")
    found = key.str.contains(rf"(?:^| )(?:{words})(?: |$)") & key.str.contains(" ", literal=True)
    found |= key.str.contains(GROUP) | key.is_in(sorted(team_names())) | name.str.contains(COMPANY)
    team = frame.select(found | _for_one(name)).to_series()
    rows = team.arg_true()
    some = names.gather(rows)
    return team.scatter(rows, ~some.str.contains(FAMILY) & (some.str.len_chars() <= LONGEST))


def _for_one(name: pl.Expr) -> pl.Expr:
    """Tell `for the FOO Experiment`: what stands behind these words is no person."""
    return name.str.contains(r"(?i)^\(?(?:for|on behalf of|in behalf of|representing) the \S")


def shown(names: pl.Series) -> pl.Series:
    """Return how collaborations are shown: without `for`, `on behalf of` and the article before them."""
    bare = names.str.replace(CLOSED, "${1}").str.replace(OPENING, "").str.strip_chars(" :;,()")
    return bare.zip_with(bare != "", names)


HINT = (
    r"(?i)[ (\[](?:for|behalf|representing) |(?:collaboration|consortium|team|group|experiment)s?\b.*(?:[:;)\]]| - )"
    r"|\b(?:and|with) the | the \S.* (?:collaboration|consortium|team)"
)
"""What a list with a person who signs for a collaboration holds; few have it, and those are looked at one by one."""


def parted(name: str) -> list[str]:
    """Return the names that one listed name holds: a person and the collaboration he or she signs for, as listed.

    `Jana Moravec for the FOO Collaboration` is two names, and so are `FOO Collaboration: A. Kellermann` and
    `A. Kellermann (FOO Collaboration)`; any other name is one.
    """
    if len(name) > LONGEST:
        return [name]
    for pattern in _patterns():
        found = pattern.fullmatch(name.strip())
        if found and _is_person(found["person"]):
            both = [(found.start(part), found[part].strip(" ,;:()")) for part in ("person", "team")]
            return [text for _, text in sorted(both)]
    return [name]


@resources.kept
def _patterns() -> tuple[re.Pattern[str], ...]:
    heads = "|".join(sorted(team_heads()))
    signs = r"(?:(?i:and|&|with) )?(?i:for|on behalf of|in behalf of|representing)(?: (?i:the))?"
    team = rf"(?P<team>\S(?:[^:;]*\S)?[ -](?i:{heads}))"
    alone = rf"(?P<team>(?:[^\s:;,]+[ -]){{1,6}}(?i:{heads}))"
    person, the = "(?P<person>.+?),? ", r"(?:(?i:the) )?"
    return (
        re.compile(rf"{person}\(? ?{signs} {team}\)?"),  # A. Pym for the FOO Collaboration
        re.compile(rf"{person}(?:(?i:and|with) )?(?i:the) {alone}"),  # A. Pym and the FOO Collaboration
        re.compile(rf"{person}[(\[]{the}{alone}[)\]]"),  # A. Pym (FOO Collaboration)
        re.compile(rf"{the}{alone}(?: ?[:;] ?| - )(?P<person>.+)"),  # FOO Collaboration: A. Pym
        re.compile(rf"{the}{alone} \((?P<person>.+)\)"),  # FOO Collaboration (A. Pym)
    )


def _is_person(text: str) -> bool:
    """Tell whether what stands beside a collaboration can be one person's name."""
    words = text.strip(" ,;:()").split()
    capitals = sum(word[:1].isupper() for word in words)
    heads = team_words() | team_heads()
    return 2 <= len(words) <= 6 and capitals >= 2 and not any(word.lower() in heads for word in words)


def part_lists(authors: pl.Series) -> pl.Series:
    """Return lists of listed names (List(String)) in which a person stands apart from the collaboration signed for."""
    hit = authors.list.join("\n", ignore_nulls=True).str.contains(HINT).fill_null(value=False).arg_true()
    if hit.len() == 0:
        return authors
    lists = [[part for name in names for part in parted(name)] for names in authors.gather(hit)]
    new = pl.DataFrame({"row": hit, "new": pl.Series(lists, dtype=pl.List(pl.String))})
    rows = authors.rename("old").to_frame().with_row_index("row")
    rows = rows.join(new, on="row", how="left", maintain_order="left")
    return rows.select(pl.coalesce("new", "old").alias(authors.name)).to_series()
