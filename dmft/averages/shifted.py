"""A nonlinearity around another mean of its input."""

from __future__ import annotations

from functools import lru_cache

from ..network.nonlinearity import Nonlinearity
from ..network.piecewise_linear import piecewise_linear


@lru_cache(maxsize=256)
def shifted(phi: Nonlinearity, mean: float) -> Nonlinearity:
    """phi(mean + x) as a function of x: averages of phi at Gaussians with a mean.

    One object for each mean, so that its averages are found again. What was checked of phi is not
    checked again.
    """
    if mean == 0:
        return phi

    def function(x):
        return phi.function(mean + x)

    def derivative(x):
        return phi.derivative(mean + x)

    product, kinks = phi.slope_product, tuple(kink - mean for kink in phi.kinks)
    found = piecewise_linear(function, derivative, kinks) if kinks else None
    fields = {"function": function, "derivative": derivative, "name": f"{phi.name} at {mean:.6g}",
              "expression": None, "closed": found and found.averages, "kinks": kinks,
              "slope_product": product and (lambda s, d: product(s + 2 * mean, d)),
              "odd": False, "even_slope": phi.is_linear, "origin": phi}
    new = object.__new__(Nonlinearity)
    for name, value in fields.items():
        object.__setattr__(new, name, value)
    return new
