"""When the rounds of the regression end."""

import pytest

from dmft.path_iteration.rounds import Rounds
from dmft.path_iteration.tuning import MOST_ROUNDS, ROUND_TOLS


def moved(moves, error):
    """The rounds, after the moves until they are finished."""
    rounds = Rounds()
    for move in moves:
        if rounds.finished(move, error):
            break
    return rounds


def test_they_end_when_the_next_would_move_little():
    rounds = moved([1e-1, 1e-2, 1e-3, 1e-4, 1e-5], 1e-3)
    assert rounds.count == 3
    assert rounds.left == pytest.approx(1e-4)


def test_there_are_two_at_least():
    assert moved([1e-9, 1e-9], 1e-3).count == 2


def test_scatter_below_the_error_ends_them_and_counts_as_left():
    rounds = moved([1e-3, 9e-4, 1e-3], 2e-3)
    assert rounds.count == 2
    assert rounds.left == pytest.approx(8.1e-4)


def test_moves_above_the_error_go_on_to_the_last_round():
    assert moved([1.0] * 10, 1e-3).count == MOST_ROUNDS


def test_the_tolerance_follows_the_error_after_the_first():
    rounds = Rounds()
    first, later = ROUND_TOLS
    assert rounds.tol(1e-4) == first
    rounds.finished(1.0, 1e-4)
    assert rounds.tol(5e-4) == pytest.approx(5e-5)
    assert rounds.tol(1.0) == later
    assert rounds.tol(0.0) == later / 10
