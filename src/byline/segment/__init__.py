"""The boundary model: byline → title, authors, ' et al.', labels, confidence."""

from byline.segment.evidence import count_evidence, evidence_keys
from byline.segment.model import model_digest
from byline.segment.reading import doubtful, second_look, segment

__all__ = ["count_evidence", "doubtful", "evidence_keys", "model_digest", "second_look", "segment"]
