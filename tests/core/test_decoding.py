"""JSON and TOML of others: everything that is wrong with it is one kind of error."""

from __future__ import annotations

import pytest

from byline.core.decoding import DEEPEST, from_json, from_toml

DEEP = 50_000


@pytest.mark.parametrize(
    "content",
    [
        b"[" * DEEP + b"]" * DEEP,
        b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        b'{"a": NaN}',
        b"-Infinity",
        rb'{"a": "\ud800"}',
        rb'{"\uDC00x": 1}',
        b'{"a": ' + b"9" * 5_000 + b"}",
        b"\xff\xfe{}",
        b'"\xed\xa0\x80"',
        b"",
        b"{} {}",
    ],
    ids=lambda content: repr(content[:16]),
)
def test_what_is_no_sound_json_is_a_value_error(content):
    with pytest.raises(ValueError, match=r".+"):
        from_json(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (rb'{"a": "\ud83d\ude00"}', {"a": "\N{GRINNING FACE}"}),
        (rb'{"a": "\\ud800"}', {"a": r"\ud800"}),
    ],
)
def test_sound_json_is_read(content, said):
    assert from_json(content) == said


@pytest.mark.parametrize(
    "content",
    [
        b"a = " + b"[" * 2_000 + b"]" * 2_000,
        b".".join([b"a"] * (DEEPEST + 1)) + b" = 1",
        b"a = " + b"9" * 5_000,
        b'a = "\\ud800"',
        b'a = "\xed\xa0\x80"',
        b"a = 1\na = 2",
        'a = "1"'.encode("utf-16"),
    ],
    ids=lambda content: repr(content[:16]),
)
def test_what_is_no_sound_toml_is_a_value_error(content):
    with pytest.raises(ValueError, match=r".+"):
        from_toml(content)


def test_toml_that_an_editor_on_windows_saved_is_read():
    assert from_toml(b'\xef\xbb\xbfform = "lines"\r\nvenue = "Owls"\r\n') == {
        "form": "lines",
        "venue": "Owls",
    }
