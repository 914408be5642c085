"""The bars of a build on a terminal."""

from __future__ import annotations

from byline.cli.bar import Bars


def test_a_part_of_a_stage_with_a_name_of_its_own_says_what_it_does():
    bars = Bars()
    bars.stage("plan", "looking at the raw files")
    bars.expect("plan", 2)
    (task,) = bars._progress.tasks
    assert (task.description, task.total) == ("looking at the raw files", 2)
    bars.expect("index", 150)
    assert (task.description, task.total) == ("reading arXiv's metadata", 150)
    bars.close()
