"""W'' of Gaussian couplings of your own, for the four-point function."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..base import checks
from ..ensembles.causal_matrix import CausalMatrix
from .definition import with_values

if TYPE_CHECKING:
    import sympy as sp


@lru_cache(maxsize=64)
def _entries(covariance: sp.Expr) -> sp.Matrix:
    from ..derivations.engine.spectral import second_derivatives
    from ..derivations.engine.stationary_site import Stated

    return second_derivatives(Stated(pairs=covariance))


def pair_hessian(own: Any) -> CausalMatrix:
    """The entries of W'', numbers since W is quadratic in the averages of pairs of fields.

    Raises
    ------
    ModelError
        For couplings that change in time, whose W'' mixes frequencies.
    """
    if own.follows_activity:
        checks.reject("ensembles", own, "these couplings change in time, and their four-point "
                      "function is not derived", "give built-in couplings such as dmft.Hebbian, or "
                      "use dmft.validation.simulate with dimension=True")
    W2 = _entries(own.covariance)
    entry = {name: float(with_values(W2[place], own.numbers)) for name, place in (
        ("k03", (0, 3)), ("k11", (1, 1)), ("k22", (2, 2)), ("k30", (3, 0)))}
    return CausalMatrix(**entry)
