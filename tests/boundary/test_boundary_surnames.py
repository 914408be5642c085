"""Family names of several characters at a border. All people and papers are made up."""

import polars as pl
import pytest

from byline.boundary import explain, segment

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
