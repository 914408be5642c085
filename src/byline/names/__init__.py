"""Names of people and collaborations: taken apart, repaired, and folded into keys; over distinct values."""

from byline.names.folding import fold
from byline.names.parser import SCHEMA, family_key, parse

__all__ = ["SCHEMA", "family_key", "fold", "parse"]
