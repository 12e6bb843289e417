"""What is dear to make is made once, however many ask, and only the last few are kept."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from paperlake.explore.kept import Kept


def test_a_value_is_made_once_for_all_who_ask_at_once():
    made, barrier, may_end = [], Barrier(8), Event()

    def make(number):
        made.append(number)
        may_end.wait(10)
        return object()

    kept = Kept(make, 2)

    def ask():
        barrier.wait()
        return kept.get(1)

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(ask) for _ in range(8)]
        may_end.set()
        values = {id(one.result(10)) for one in asked}
    assert (made, len(values)) == ([1], 1)


def test_the_last_that_were_used_are_kept():
    made = []
    kept = Kept(lambda number: made.append(number) or number * 10, 2)
    assert [kept.get(number) for number in (1, 2, 1, 3, 1, 2)] == [10, 20, 10, 30, 10, 20]
    assert made == [1, 2, 3, 2]


def test_a_failure_is_told_to_whoever_waits_and_tried_again():
    may_fail, began = Event(), Event()

    def make(number):
        began.set()
        may_fail.wait(10)
        if not failures:
            return "kettle"
        raise failures.pop()

    failures = [OSError("no sock")]
    kept = Kept(make, 2)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(kept.get, 1)
        began.wait(10)
        second = pool.submit(kept.get, 1)
        may_fail.set()
        with pytest.raises(OSError, match="no sock"):
            first.result(10)
        assert isinstance(second.exception(10), OSError) or second.result() == "kettle"
    assert kept.get(1) == "kettle"
