"""Who is who: mentions of names to persons, with the evidence and the confidence of each decision."""

from byline.identity.authors import describe_authors
from byline.identity.decisions import conflicts
from byline.identity.doubtful import doubtful_pairs
from byline.identity.evidence import describe
from byline.identity.explain import AuthorExplanation, Evidence, PairExplanation, explain_author, explain_pair
from byline.identity.model import model_digest
from byline.identity.resolver import resolve

__all__ = [
    "AuthorExplanation",
    "Evidence",
    "PairExplanation",
    "conflicts",
    "describe",
    "describe_authors",
    "doubtful_pairs",
    "explain_author",
    "explain_pair",
    "model_digest",
    "resolve",
]
