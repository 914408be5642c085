"""Family names of several characters at a border. All people and papers are made up."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from byline.boundary import model, segment
from byline.boundary.deciding import CUT_AT_MOST, find_borders
from byline.boundary.explain import explain
from byline.boundary.lines import read_lines

CUT = (
    ("护理机器人安全性评价", "司马文博", 1),
    ("古籍图像文字提取", "欧阳雪", 1),
    ("護理機器人之研究", "歐陽怡", 1),
    ("방언 음성 말뭉치 구축", "남궁민", 1),
    ("方言音声コーパスの構築", "勅使河原学", 2),
)


@pytest.mark.parametrize(("title", "name", "within"), CUT)
def test_a_reading_that_cuts_a_family_name_is_doubted(title, name, within):
    row = segment(pl.Series([title + name])).row(0, named=True)
    assert row["title"] == title or row["boundary_confidence"] <= 0.5
    assert explain(title + name).confidence == pytest.approx(row["boundary_confidence"], abs=1e-6)


@pytest.mark.parametrize(
    ("title", "name"),
    [("新能源上市公司", "马伟"), ("收入差距与经济增长", "孙伟"), ("方言调查在山东", "方丽")],
)
def test_a_border_where_a_title_word_and_a_family_name_overlap_is_doubted(title, name):
    row = segment(pl.Series([f"{title}{name}, 王晓红"])).row(0, named=True)
    assert row["boundary_confidence"] is None or row["boundary_confidence"] <= 0.5


def test_a_calibration_is_fitted_to_what_the_softmax_says_without_the_bound_on_cut_names():
    bylines = pl.Series(["深层语言模型综合评价司马文博, 李娜"])
    shipped = model.load()
    raw = replace(shipped, calibration=np.zeros(0))
    lines = read_lines(bylines, raw.kinds, raw.folds)
    assert find_borders(bylines, None, lines, shipped).confidence[0] == CUT_AT_MOST
    assert find_borders(bylines, None, lines, raw).confidence[0] > CUT_AT_MOST
