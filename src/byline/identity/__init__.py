"""Who is who: mentions of names to persons, with the evidence and the confidence of each decision."""

from byline.identity.authors import describe_authors
from byline.identity.decisions import conflicts, with_both
from byline.identity.explain import AuthorExplanation, Evidence, PairExplanation, explain_author, explain_pair
from byline.identity.features import weighed_alike
from byline.identity.forms import FORM
from byline.identity.groups import LISTS
from byline.identity.mentions import block_keys, describe, with_form_keys
from byline.identity.model import model_digest
from byline.identity.parting import parts
from byline.identity.resolver import resolve, resolve_spread
from byline.identity.sharing import share_of
from byline.identity.uncertain import uncertain_pairs
from byline.identity.wanted import as_wanted, namesakes

__all__ = [
    "FORM",
    "LISTS",
    "AuthorExplanation",
    "Evidence",
    "PairExplanation",
    "as_wanted",
    "block_keys",
    "conflicts",
    "describe",
    "describe_authors",
    "explain_author",
    "explain_pair",
    "model_digest",
    "namesakes",
    "parts",
    "resolve",
    "resolve_spread",
    "share_of",
    "uncertain_pairs",
    "weighed_alike",
    "with_both",
    "with_form_keys",
]
