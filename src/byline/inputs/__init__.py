"""The raw folder: which files are read, and how each is cut into slices at record borders.

find_sources / survey   the raw folder → its files, and what was left out and why
survey_files            the same for files that a person named
plan                    one file → digest, length, slices; streaming, memory bounded whatever the file's size
Slice.read              the bytes of one slice
"""

from byline.inputs.model import Limits, Plan, Slice, Source
from byline.inputs.planner import plan
from byline.inputs.sources import Skipped, Survey, find_sources, survey, survey_files

__all__ = [
    "Limits",
    "Plan",
    "Skipped",
    "Slice",
    "Source",
    "Survey",
    "find_sources",
    "plan",
    "survey",
    "survey_files",
]
