"""Tasks in threads: all results, and a failure that neither hangs nor is lost."""

import threading
import time

import pytest

from dmft.validation.execution.threads import check_stop, each


def test_every_task_is_done_once():
    found = sorted(result for _, result in each(lambda k: k * k, [(k,) for k in range(7)], 2))
    assert found == [k * k for k in range(7)]


def test_a_failure_stops_what_has_not_begun():
    begun = []

    def task(k):
        begun.append(k)
        time.sleep(0.01)
        if k == 0:
            raise ValueError("task 0")

    def run():
        with pytest.raises(ValueError, match="task 0"):
            list(each(task, [(k,) for k in range(40)], 2))

    thread = threading.Thread(target=run, daemon=True)  # so that a hang fails and does not hang
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    assert len(begun) < 10


def test_running_tasks_end_when_the_caller_stops():
    begun, ended = threading.Event(), []

    def endless(task):
        if task == 0:
            return task
        begun.set()
        try:
            while True:
                time.sleep(0.001)
                check_stop()
        finally:
            ended.append(task)

    results = each(endless, [(0,), (1,)], 2)
    assert next(results) == ((0,), 0)
    assert begun.wait(10)
    results.close()  # as an interrupt of the caller does
    assert ended == [1]


def test_without_a_caller_that_can_stop_nothing_is_checked():
    check_stop()
