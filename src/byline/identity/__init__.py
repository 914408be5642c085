"""Who is who: mentions of names to persons, with the evidence and the confidence of each decision."""

from byline.identity.authors import describe_authors
from byline.identity.decisions import conflicts
from byline.identity.evidence import describe
from byline.identity.model import model_digest
from byline.identity.resolve import resolve

__all__ = ["conflicts", "describe", "describe_authors", "model_digest", "resolve"]
