"""Looking numbers up in sorted arrays gives what looking one by one gives."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from byline.core.sorted_arrays import firsts, look_up, pair_keys

NUMBERS = st.lists(st.integers(0, 20), max_size=12)


@given(NUMBERS)
def test_the_firsts_of_runs_are_the_distinct_numbers(numbers):
    values = np.sort(np.array(numbers, dtype=np.int64))
    assert values[firsts(values)].tolist() == sorted(set(numbers))


@given(NUMBERS, NUMBERS)
def test_what_is_found_stands_where_it_is_said_to(keys, wanted):
    known = np.array(sorted(set(keys)), dtype=np.int64)
    at, found = look_up(known, np.array(wanted, dtype=np.int64))
    assert found.tolist() == [number in keys for number in wanted]
    assert [known[place] for place, hit in zip(at, found, strict=True) if hit] == [
        number for number in wanted if number in keys
    ]


def test_a_pair_has_one_key_and_keys_sort_as_pairs_do():
    pairs = [(one, other) for one in range(5) for other in range(one, 5)]
    one, other = (np.array(side) for side in zip(*pairs, strict=True))
    keys = pair_keys(one, other, 5)
    assert keys.tolist() == sorted(set(keys.tolist()))
    assert keys.tolist() == pair_keys(other, one, 5).tolist()
