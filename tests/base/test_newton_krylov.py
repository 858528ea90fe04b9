"""Newton's method with GMRES, on maps whose fixed points are known."""

import numpy as np
import pytest

from dmft.base.iteration import iterate
from dmft.base.newton_krylov import newton_krylov
from dmft.base.outcomes import Outcome


class Derivative:
    """A dense derivative, without preconditioner."""

    def __init__(self, matrix):
        self.matrix = matrix

    def __call__(self, direction):
        return self.matrix @ direction

    def approximate_inverse(self, change):
        return change


def slow(rate=0.9999, n=30):
    """x -> A x + b - .01 x^3 with eigenvalues of A from 0 to `rate`."""
    rng = np.random.default_rng(3)
    basis, _ = np.linalg.qr(rng.standard_normal((n, n)))
    A, b = basis @ np.diag(np.linspace(0, rate, n)) @ basis.T, 0.1 * rng.standard_normal(n)
    return (lambda x: A @ x + b - 0.01 * x**3), lambda x: Derivative(A - np.diag(0.03 * x**2))


def test_a_map_that_contracts_weakly_is_solved_in_a_few_steps():
    step, linearise = slow()
    end = newton_krylov(step, linearise, np.zeros(30), tol=1e-12, max_iter=50)
    assert end.converged
    assert end.iterations < 15
    assert end.error < 1e-12
    assert np.max(np.abs(step(end.value) - end.value)) < 1e-12 * np.max(np.abs(end.value))
    plain = iterate(step, np.zeros(30), tol=1e-12, max_iter=20000, accelerate=False)
    np.testing.assert_allclose(end.value, plain.value, atol=1e-8)


def test_steps_that_would_overshoot_are_halved():
    """arctan from 10: full Newton steps diverge beyond 1.39."""
    visited = []
    end = newton_krylov(lambda x: x - np.arctan(x),
                        lambda x: Derivative(np.diag(x**2 / (1 + x**2))), np.array([10.0]),
                        tol=1e-10, max_iter=60,
                        callback=lambda k, residual, x: visited.append(abs(x[0])))
    assert abs(end.value[0]) < 1e-9
    assert max(visited) <= 10.0


def test_a_proposal_that_is_not_admissible_is_never_used():
    """x -> x^2/8 + 1.5 has the roots 2 and 6: Newton's method goes to 6, plain steps to 2."""
    step, derivative = (lambda x: x**2 / 8 + 1.5), (lambda x: Derivative(np.diag(x / 4)))
    free = newton_krylov(step, derivative, np.array([5.9]), tol=1e-12, max_iter=400)
    held = newton_krylov(step, derivative, np.array([4.5]), tol=1e-12, max_iter=400,
                         admissible=lambda x: False)
    assert free.value[0] == pytest.approx(6)
    assert held.value[0] == pytest.approx(2)


@pytest.mark.parametrize(("options", "outcome"), [
    ({"tol": 1e-12, "max_iter": 2}, Outcome.MAX_ITER),
    ({"tol": 1e-12, "max_iter": 9, "used": 7}, Outcome.MAX_ITER),
    ({"tol": 1e-18, "max_iter": 50, "floor": 1e-14}, Outcome.AT_FLOOR)])
def test_every_failure_is_an_outcome(options, outcome):
    step, linearise = slow()
    end = newton_krylov(step, linearise, np.zeros(30), **options)
    assert end.ending.outcome == outcome
    assert not end.converged
    assert end.iterations <= options["max_iter"]


def test_a_map_that_returns_nan_has_diverged():
    end = newton_krylov(lambda x: x * np.nan, lambda x: Derivative(np.eye(1)), np.ones(1),
                        tol=1e-6, max_iter=9)
    assert end.ending.outcome == Outcome.DIVERGED
