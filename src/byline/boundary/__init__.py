"""The boundary model: byline → title, authors, ' et al.', labels, confidence.

Why it reads so is told by `boundary.explain`, which builds don't import.
"""

from byline.boundary.abstracts import LONGEST as LONGEST_ABSTRACT
from byline.boundary.evidence import count_evidence, evidence_keys, says_the_same, settled_keys
from byline.boundary.model import model_digest
from byline.boundary.reading import doubtful, read_at, second_look, segment, shown

__all__ = [
    "LONGEST_ABSTRACT",
    "count_evidence",
    "doubtful",
    "evidence_keys",
    "model_digest",
    "read_at",
    "says_the_same",
    "second_look",
    "segment",
    "settled_keys",
    "shown",
]
