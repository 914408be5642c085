"""Who is who: mentions of names to persons, with the evidence and the confidence of each decision.

Why two are one is told by `identity.explain`, and what a person should judge by `identity.uncertain`; builds import
neither.
"""

from byline.identity.authors import describe_authors
from byline.identity.decisions import MENTION, conflicts, with_both
from byline.identity.features import weighed_alike
from byline.identity.forms import FORM
from byline.identity.groups import LISTS
from byline.identity.mentions import block_keys, describe, with_form_keys
from byline.identity.model import model_digest
from byline.identity.parting import parts
from byline.identity.resolver import resolve, resolve_spread
from byline.identity.sharing import share_of
from byline.identity.wanted import as_wanted, namesakes

__all__ = [
    "FORM",
    "LISTS",
    "MENTION",
    "as_wanted",
    "block_keys",
    "conflicts",
    "describe",
    "describe_authors",
    "model_digest",
    "namesakes",
    "parts",
    "resolve",
    "resolve_spread",
    "share_of",
    "weighed_alike",
    "with_both",
    "with_form_keys",
]
