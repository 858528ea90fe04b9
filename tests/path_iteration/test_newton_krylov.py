"""Newton's method with products of the paths' own derivative."""

from functools import partial

import numpy as np
import pytest

from dmft.base.outcomes import Outcome
from dmft.path_iteration import newton_krylov, path_map, surrogate
from dmft.path_iteration.newton_iteration import size_of, solve_paths
from dmft.path_iteration.newton_krylov import solve_slow
from tests.path_iteration.small_maps import PLASTIC, RECIPROCAL, small_map


class Approximate:
    """Stands for the probed response: that of a map whose derivative vanishes."""

    def solve(self, vectors):
        return vectors

    step = solve


@pytest.mark.parametrize("network", [PLASTIC, RECIPROCAL], ids=repr)
def test_it_ends_where_the_mixed_iteration_ends(network, monkeypatch):
    """From a rough start, with an offset, and a preconditioner that knows nothing.

    The slope of the surrogate is exact here: within its usual tolerance it depends on the way.
    """
    monkeypatch.setattr(path_map, "own_surrogate", partial(surrogate.own_surrogate, tol=1e-10))
    own, u = small_map(network, count=12)
    start = solve_paths(own, u, 1e-2, 100).u
    offset = np.zeros(len(u))
    offset[:own.unknowns.m] = 0.03 * start[:own.unknowns.m]
    mixed = solve_paths(own, start, 1e-8, 300, offset=offset).u
    found = solve_slow(own, start, 1e-7, 1e-7, offset=offset, response=Approximate())
    assert found.ending.outcome is Outcome.CONVERGED
    m = own.unknowns.m
    np.testing.assert_allclose(found.u[:m], mixed[:m], atol=2e-5 * mixed[0])
    change = np.where(own.unknowns.driving, own(found.u) + offset - found.u, 0)
    assert size_of(own.unknowns, change, found.u) < 2e-7


def test_few_steps_suffice():
    """The error of each is a share KRYLOV_TOL of that of the last one, or its square."""
    own, u = small_map(PLASTIC, count=12)
    start = solve_paths(own, u, 1e-2, 100).u
    found = solve_slow(own, start, 1e-6, 1e-6, offset=np.zeros(len(u)), response=Approximate())
    assert found.iterations <= 7


def test_C_at_lag_zero_has_a_tolerance_of_its_own():
    own, u = small_map(PLASTIC, count=12)
    start = solve_paths(own, u, 1e-2, 100).u
    loose, tight = (solve_slow(own, start, 0.5, zero, offset=np.zeros(len(u)),
                               response=Approximate()) for zero in (0.5, 1e-6))
    assert loose.iterations == 1 < tight.iterations


def test_a_distance_that_stays_is_an_end_by_rounding_or_a_failure(monkeypatch):
    own, u = small_map(PLASTIC, count=12)
    start = solve_paths(own, u, 1e-2, 100).u
    monkeypatch.setattr(newton_krylov, "STEADY_DISTANCE", 1e-4)

    class Longer(Approximate):
        def step(self, change):
            return 1e9 * change

    for response, outcome in ((Approximate(), Outcome.AVERAGED), (Longer(), Outcome.STALLED)):
        found = solve_slow(own, start, 1e-15, 1e-15, offset=np.zeros(len(u)), response=response)
        assert found.ending.outcome is outcome
        assert found.iterations < newton_krylov.NEWTON_STEPS
