"""Hypothesis strategies: networks for which the theories hold, and invalid arguments.

>>> from hypothesis import given
>>> from dmft.validation import strategies
>>> @given(strategies.networks())
... def test_my_theory(network):
...     ...

Requires hypothesis (`pip install dmft[test]`), which no other module of the package imports.
"""

from __future__ import annotations

import math

from hypothesis import strategies as st

import dmft
from dmft import IID, Lags, Network, RandomNetwork

__all__ = ["bad_numbers", "bad_sizes", "couplings", "grids", "networks", "nonlinearities"]

# (transfer function, largest g with a stationary state, whether it is active without any input)
REGIONS = (
    (dmft.tanh, 4.0, True),
    (dmft.erf, 4.0, True),
    (dmft.relu, 1.2, False),  # below sqrt(2), where its variance diverges
    (dmft.linear, 0.8, False),  # below 1, where its variance diverges
)
# Smallest g of chaotic networks: well above the transition, close to which all solutions are slow.
SMALLEST_CHAOTIC_G = 1.2


def nonlinearities(*, saturating: bool | None = None) -> st.SearchStrategy:
    """The built-in transfer functions; `saturating` restricts them to bounded or unbounded ones."""
    return st.sampled_from([phi for phi, _, bounded in REGIONS
                            if saturating is None or bounded == saturating])


def couplings(low: float = 0.0, high: float = 3.0, *,
              reciprocity: bool = False) -> st.SearchStrategy:
    """Ensembles of strength `low` to `high`; with `reciprocity`, of reciprocity -0.5 to 0.5."""
    return st.builds(IID, _numbers(low, high),
                     _numbers(-0.5, 0.5) if reciprocity else st.just(0.0))


@st.composite
def networks(draw, *, noise: bool | None = None, bias: bool | None = None,
             sums: bool = True) -> Network | RandomNetwork:
    """Active networks without memory, for which the stationary theory holds.

    Bounded transfer functions are chaotic (g from 1.2 to 4) or driven by noise or a bias (g from
    0); unbounded ones are driven, below their instability.

    Parameters
    ----------
    noise, bias : bool, optional
        Whether to have white noise (0.3 to 2) and a quenched bias (0.2 to 1); either by default.
    sums : bool
        Whether some of the networks have the sum of two ensembles as couplings.
    """
    has_noise = draw(st.booleans()) if noise is None else noise
    has_bias = draw(st.booleans()) if bias is None else bias
    driven = has_noise or has_bias
    phi, largest, _ = draw(st.sampled_from([one for one in REGIONS if driven or one[2]]))
    g = draw(_numbers(0.0 if driven else SMALLEST_CHAOTIC_G, largest))
    unit = {"phi": phi, "noise": draw(_numbers(0.3, 2.0)) if has_noise else 0.0,
            "bias": draw(_numbers(0.2, 1.0)) if has_bias else 0.0}
    if sums and draw(st.booleans()):
        share = draw(_numbers(0.1, 0.9))
        return Network((IID(g * math.sqrt(share)), IID(g * math.sqrt(1 - share))), **unit)
    return RandomNetwork(g, **unit)


def grids() -> st.SearchStrategy:
    """Grids of lags that resolve the neuronal time constant: span 10 to 80, step 0.02 to 0.2."""
    return st.builds(Lags, _numbers(10.0, 80.0), _numbers(0.02, 0.2))


def bad_numbers(*, negative: bool = True) -> st.SearchStrategy:
    """Invalid parameters: NaN, infinities, objects that are not numbers, negative numbers."""
    invalid = st.sampled_from([math.nan, math.inf, -math.inf, None, "2", b"2", True, 1j, [], {},
                               [1.0, 2.0], object()])
    return invalid | st.floats(max_value=-1e-3, allow_nan=False) if negative else invalid


def bad_sizes() -> st.SearchStrategy:
    """Invalid counts: zero, negative, fractional, or not a number."""
    return (st.integers(max_value=0) | st.sampled_from([2.0, 1.5, math.nan, math.inf, None, "10",
                                                        True, (), 1j]))


def _numbers(low: float, high: float) -> st.SearchStrategy:
    return st.floats(low, high, allow_nan=False, allow_infinity=False)
