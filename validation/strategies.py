"""Hypothesis strategies: networks for which the theories hold, and invalid arguments.

>>> from hypothesis import given
>>> from dmft.validation import strategies
>>> @given(strategies.networks())
... def test_my_theory(network):
...     ...

Requires hypothesis (`pip install dmft[test]`), which no other module of the package imports.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
from hypothesis import strategies as st

import dmft
from dmft import IID, Lags, Network, RandomNetwork

__all__ = ["bad_numbers", "bad_sizes", "compositions", "couplings", "grids", "networks",
           "nonlinearities", "populations", "units"]

# (transfer function, largest g with a stationary state, whether it is active without any input)
REGIONS = (
    (dmft.tanh, 4.0, True),
    (dmft.erf, 4.0, True),
    (dmft.relu, 1.2, False),  # below sqrt(2), where its variance diverges
    (dmft.linear, 0.8, False),  # below 1, where its variance diverges
)
# Smallest g of chaotic networks: well above the transition, close to which all solutions are slow.
SMALLEST_CHAOTIC_G = 1.2
# Noise, and strength of all random couplings together, of compositions: driven so strongly that
# correlations decay within a few time constants and one state exists, whatever the memory.
DRIVING_NOISE = (0.6, 1.0)
DRIVEN_G = (0.7, 1.1)


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


def units() -> st.SearchStrategy:
    """Units in continuous time, of one or two variables: leaky, adapting, behind a synapse, and
    rational ones with a zero of H besides two real poles."""
    return (st.just(dmft.Leaky())
            | st.builds(dmft.Adaptation, _numbers(0.3, 1.2), _numbers(1.0, 4.0))
            | st.builds(dmft.SynapticFilter, _numbers(0.2, 0.8))
            | st.builds(_zero_and_two_poles, _numbers(0.1, 0.5), _numbers(0.6, 1.5)))


@st.composite
def compositions(draw) -> Network:
    """Sums of one to three ensembles, most of them with memory, driven by white noise.

    Ensembles are `IID` with reciprocity (-0.5 to 0.5), `Modes` with overlaps (-0.4 to 0.4), and
    `Hebbian` (k from -0.8 to 0.5), each 0 or at least 0.1 in size. At least one makes noise, and
    the noise gains without overlaps have a sum of 0.7^2 to 1.1^2. Units are those of `units()`, phi
    is tanh, erf or one derived from a sympy expression. White noise of 0.6 to 1, with a quenched
    bias in some, keeps them away from transitions: `dmft.solve` finds one state, within seconds.
    `networks()` has chaos, which needs no noise, and none of the memory.
    """
    random = draw(st.lists(_random_couplings(), min_size=1, max_size=3))
    gains = [one.g if isinstance(one, IID) else one.spectrum.g_eff for one in random]
    factor = draw(_numbers(*DRIVEN_G)) / math.hypot(*gains)
    ensembles: list[Any] = [_scaled(one, factor) for one in random]
    if len(ensembles) < 3 and draw(st.booleans()):
        ensembles.append(dmft.Hebbian(draw(_absent_or_seen(0.8, 0.5)), draw(_numbers(1.0, 3.0))))
    return Network(tuple(ensembles), draw(_smooth()), noise=draw(_numbers(*DRIVING_NOISE)),
                   bias=draw(_bias()), unit=draw(units()))


@st.composite
def populations(draw) -> dmft.PopulationNetwork:
    """One or two populations with mean couplings, disorder and memory, for solves in time.

    Means are from -1.2 to 0.6, disorder from 0.4 to 0.9, each with its own unit and phi, white
    noise (0.6 to 1), bias and constant input; reciprocity and plastic couplings within and between
    populations, which are solved in time only (`dmft.solve(network, times=..., mean=...)`). All
    start well from means of -1 to 1 and variances of 0.1 to 2.
    """
    R = draw(st.integers(1, 2))

    def each(one: st.SearchStrategy) -> list:
        return draw(st.lists(one, min_size=R, max_size=R))

    def pairs(one: st.SearchStrategy) -> np.ndarray:
        return np.array(each(st.lists(one, min_size=R, max_size=R)))

    reciprocity = pairs(_absent_or_seen(0.5, 0.5))
    first = draw(_numbers(0.35, 0.65))
    return dmft.PopulationNetwork(
        pairs(_numbers(-1.2, 0.6)), pairs(_numbers(0.4, 0.9)), phi=each(_smooth()),
        unit=each(units()), share=[1.0] if R == 1 else [first, 1 - first],
        noise=each(_numbers(*DRIVING_NOISE)), bias=each(_bias()), input=each(_numbers(-0.5, 0.5)),
        reciprocity=(reciprocity + reciprocity.T) / 2, k=pairs(_absent_or_seen(0.6, 0.4)),
        p=draw(_numbers(1.0, 2.5)))


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


def _smooth() -> st.SearchStrategy:
    return st.sampled_from(["tanh", "erf", "arctan"]).map(_of_name)


def _of_name(name: str) -> dmft.Nonlinearity:
    return _arctan() if name == "arctan" else getattr(dmft, name)


@functools.cache
def _arctan() -> dmft.Nonlinearity:
    import sympy

    return dmft.Nonlinearity.from_sympy(sympy.atan(sympy.Symbol("x", real=True)))


def _bias() -> st.SearchStrategy:
    return st.just(0.0) | _numbers(0.2, 0.6)


def _zero_and_two_poles(zero: float, pole: float) -> dmft.Rational:
    """(1 + zero s) / ((1 + s) (1 + pole s))."""
    return dmft.Rational((1.0, zero), (1.0, 1.0 + pole, pole))


def _random_couplings() -> st.SearchStrategy:
    """Couplings that make noise, of any relative strength."""
    strength = _numbers(0.5, 1.0)
    spectra = (st.builds(dmft.Spectrum.flat, strength, _numbers(0.5, 1.0))
               | st.builds(dmft.Spectrum.exponential, strength, _numbers(0.5, 1.0)))
    return (st.builds(IID, strength, _absent_or_seen(0.5, 0.5))
            | st.builds(dmft.Modes, spectra, _absent_or_seen(0.4, 0.4)))


def _absent_or_seen(below: float, above: float) -> st.SearchStrategy:
    """Zero, or large enough to matter: from -below to -0.1, or from 0.1 to above."""
    return st.just(0.0) | _numbers(-below, -0.1) | _numbers(0.1, above)


def _scaled(one: IID | dmft.Modes, factor: float) -> IID | dmft.Modes:
    if isinstance(one, IID):
        return IID(factor * one.g, one.reciprocity)
    return dmft.Modes(one.spectrum.scaled(factor), one.overlaps)


def _numbers(low: float, high: float) -> st.SearchStrategy:
    return st.floats(low, high, allow_nan=False, allow_infinity=False)
