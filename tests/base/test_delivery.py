"""A solution is returned, returned with a warning, or carried by an error."""

import warnings
from dataclasses import dataclass

import numpy as np
import pytest

from dmft.base.convergence import Check, Convergence
from dmft.base.delivery import deliver
from dmft.base.errors import ConvergenceError, ResolutionWarning
from dmft.base.outcomes import Outcome

PASSED = Check("rounding", 1e-12, 1e-9, "give a larger g")
FAILED = Check("root", 1e-2, 1e-6, "another root: give initial")
AVERAGES = Check("averages", 1e-3, 1e-8, "phi has a kink: give closed forms")
COARSE = Check("decay", 1e-3, 1e-6, "give a longer span", resolution=True)
FINE = Check("nyquist", 1e-9, 1e-6, "give a smaller dt", resolution=True)


@dataclass(frozen=True)
class Found:
    """A minimal solution: a value and its convergence."""

    value: float
    convergence: Convergence


def found(*checks: Check, success: bool = True, ended: Outcome | None = None) -> Found:
    message = "" if success else "max_iter=5 reached"
    return Found(1.5, Convergence(success, 5, 1e-3, 1e-3, "fourier", message, checks, ended))


def no_warning(solution: Found, strict: bool = True) -> Found:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return deliver(solution, strict)


@pytest.mark.parametrize("strict", [True, False])
def test_a_solution_whose_checks_passed_is_returned_unchanged(strict):
    solution = found(PASSED, FINE)
    assert no_warning(solution, strict) is solution


@pytest.mark.parametrize("strict", [True, False])
def test_a_coarse_grid_warns_and_does_not_fail_the_solution(strict):
    solution = found(PASSED, COARSE, FINE)
    with pytest.warns(ResolutionWarning) as caught:
        assert deliver(solution, strict) is solution
    assert [str(one.message) for one in caught] == ["decay 1.0e-03: give a longer span"]


def test_a_failed_check_raises_with_the_solution():
    with pytest.raises(ConvergenceError, match=r"root 1\.0e-02 above 1e-06: another") as caught:
        no_warning(found(PASSED, FAILED))
    solution = caught.value.solution
    assert solution.value == 1.5
    assert not solution.convergence.success
    assert solution.convergence.outcome is Outcome.CHECK_FAILED
    assert solution.convergence.message == str(caught.value)


def test_a_failed_check_is_returned_where_that_is_requested():
    solution = no_warning(found(PASSED, FAILED), strict=False)
    assert solution.value == 1.5
    assert not solution.convergence.success
    assert solution.convergence.outcome is Outcome.CHECK_FAILED
    assert solution.convergence.message == "root 1.0e-02 above 1e-06: another root: give initial"
    assert "FAIL root" in str(solution.convergence)
    assert "ok   rounding" in str(solution.convergence)


def test_nan_fails_a_check():
    with pytest.raises(ConvergenceError, match="root nan"):
        no_warning(found(Check("root", np.nan, 1e-6, "give initial")))


def test_a_failed_iteration_keeps_its_outcome_and_its_message_comes_first():
    solution = no_warning(found(FAILED, success=False, ended=Outcome.MAX_ITER), strict=False)
    assert solution.convergence.outcome is Outcome.MAX_ITER
    assert solution.convergence.message.startswith("max_iter=5 reached; root 1.0e-02")
    with pytest.raises(ConvergenceError, match="max_iter=5 reached"):
        no_warning(found(success=False, ended=Outcome.MAX_ITER))


def test_wrong_averages_are_reported_alone():
    """Every other check depends on the averages of phi: its failure is a consequence."""
    with pytest.raises(ConvergenceError) as caught:
        no_warning(found(FAILED, AVERAGES))
    assert str(caught.value) == "averages 1.0e-03 above 1e-08: phi has a kink: give closed forms"


def test_a_coarse_grid_and_a_failed_check_are_both_reported():
    with (pytest.warns(ResolutionWarning, match="longer span"),
          pytest.raises(ConvergenceError, match="another root")):
        deliver(found(COARSE, FAILED), strict=True)


def test_without_an_outcome_only_success_is_known():
    assert found().convergence.outcome is Outcome.CONVERGED
    assert found(success=False).convergence.outcome is Outcome.FAILED
