"""Names of people and collaborations: taken apart, repaired, and folded into keys; over distinct values."""

from byline.names.folding import fold_names
from byline.names.keys import first_given
from byline.names.parser import SCHEMA, family_key, family_words, parse
from byline.names.teams import part_lists

__all__ = ["SCHEMA", "family_key", "family_words", "first_given", "fold_names", "parse", "part_lists"]
