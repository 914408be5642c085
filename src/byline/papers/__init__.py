"""Which raw records are one paper, what its key is, and what the merged row says."""

from byline.papers.keys import id_ties, paper_keys, tied_keys, with_ids
from byline.papers.merging import DUPLICATE, PUBLISHED, Merged, merge_records
from byline.papers.titles import unmarked_titles

__all__ = [
    "DUPLICATE",
    "PUBLISHED",
    "Merged",
    "id_ties",
    "merge_records",
    "paper_keys",
    "tied_keys",
    "unmarked_titles",
    "with_ids",
]
