"""Noise, memory and drift of a derived site, evaluated on grids of lags of their own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import CubicSpline

from ..base import checks
from ..base.allocation import require
from ..grids.lags import Lags
from .compiled import Function, compiled, compiled_weight
from .definition import with_values
from .tuning import FAR_LAG, GROWTH, KERNEL_TAIL, LEAST_STEPS, LONGEST_KERNEL, PROBE_STEPS

if TYPE_CHECKING:
    import sympy as sp

    from ..derivations.engine.stationary_site import Term


@dataclass(frozen=True, eq=False)
class Averages:
    """What the terms of a site contain.

    Parameters
    ----------
    lags : Lags
        Grid of n lags.
    C : (n,) array
        <phi phi> at the lags, with its static part.
    static : float
        Its limit at infinite lag.
    R : (n,) array
        Response of phi at the lags.
    M : float
        <phi>.
    """

    lags: Lags
    C: np.ndarray
    static: float
    R: np.ndarray
    M: float

    def at(self, name: str, lag: np.ndarray) -> np.ndarray:
        """The average of this name at any lags: C is even, and R vanishes below zero."""
        if name == "M":
            return np.full(np.shape(lag), self.M)
        span = self.lags.span
        if name == "C":
            inside = self._spline_C(np.minimum(np.abs(lag), span))
            return np.where(np.abs(lag) <= span, inside, self.static)
        inside = self._spline_R(np.clip(lag, 0.0, span))
        return np.where((lag >= 0) & (lag <= span), inside, 0.0)

    @cached_property
    def _spline_C(self) -> CubicSpline:
        return CubicSpline(self.lags.tau, self.C)

    @cached_property
    def _spline_R(self) -> CubicSpline:
        return CubicSpline(self.lags.tau, self.R)


@dataclass(frozen=True, eq=False)
class Kernel:
    """One term of noise, memory or drift: a weight times averages at lags.

    Parameters
    ----------
    weight : function of (tau, v)
    averages : sequence of (name, function of (tau, v), names of the lags in it)
        "M", "C" or "R" with its lag.
    integral : bool
        Whether the term is integrated over v.
    constant : float or None
        The weight, where it is the same at all lags.
    """

    weight: Function
    averages: tuple[tuple[str, Function, tuple[str, ...]], ...]
    integral: bool
    constant: float | None

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the averages: "M", "C", "R"."""
        return tuple(name for name, *_ in self.averages)

    def is_local(self, *names: str) -> bool:
        """Whether the term is a constant times these averages, C and R at its own lag."""
        lag = np.array([0.3, 1.7])
        return (self.constant is not None and not self.integral and self.names == names
                and all(name == "M" or np.array_equal(at(lag, 0 * lag), lag)
                        for name, at, _ in self.averages))

    def reach(self, axis: int) -> float:
        """The lag tau (0) or v (1) beyond which the weight is negligible.

        Raises
        ------
        ModelError
            For a weight of C that does not decay, so that the integral over the past diverges.
        """
        return _reach(self, axis)

    def at(self, known: Averages, tau: np.ndarray, dt: float) -> np.ndarray:
        """(m,) values at lags tau (m,); integrals over v with the step dt."""
        if not self.integral:
            return self._product(known, tau, np.zeros_like(tau), self.weight(tau, 0 * tau))
        steps = max(int(np.ceil(min(self.reach(1), self._bound(known)) / dt)), LEAST_STEPS)
        weights, v = _integration(self, tau.tobytes(), dt, steps), dt * np.arange(steps + 1)
        of_v = self._product(known, v, v, np.ones(len(v)), only=("v",))
        of_tau = self._product(known, tau, tau, np.ones(len(tau)), only=("tau",))
        if any(len(lags) == 2 for *_, lags in self.averages):
            weights = self._product(known, tau[:, None], v[None], weights, only=("tau", "v"))
        return of_tau * (weights @ of_v)

    def _bound(self, known: Averages) -> float:
        """Responses vanish beyond the span."""
        return known.lags.span if "R" in self.names else np.inf

    def _product(self, known: Averages, tau: np.ndarray, v: np.ndarray, weights: np.ndarray,
                 only: tuple[str, ...] | None = None) -> np.ndarray:
        """Weights times the averages, or those with `only` these lags; constants go with v."""
        found = weights
        for name, lag, lags in self.averages:
            if only is None or lags == only or (not lags and only == ("v",)):
                found = found * known.at(name, lag(tau, v))
        return found


@lru_cache(maxsize=32)
def _integration(kernel: Kernel, tau: bytes, dt: float, steps: int) -> np.ndarray:
    """(m, steps + 1) weights times those of the trapezoidal rule, computed once for a grid."""
    lags = np.frombuffer(tau)
    require(8.0 * 4 * len(lags) * steps, "lags", len(lags), "give fewer lags, or kernels that "
            "decay faster: a coupling integrates over the past at every lag")
    rule = np.full(steps + 1, dt)
    rule[[0, -1]] /= 2
    return kernel.weight(lags[:, None], dt * np.arange(steps + 1)[None]) * rule


@lru_cache(maxsize=256)
def _reach(kernel: Kernel, axis: int) -> float:
    if kernel.constant is not None and "R" in kernel.names:
        return np.inf  # the response decays
    span = 1.0
    while span < LONGEST_KERNEL:
        lags = span * np.arange(PROBE_STEPS + 1) / PROBE_STEPS
        size = np.abs(kernel.weight(lags[:, None], lags[None]) if kernel.integral
                      else kernel.weight(lags, lags))
        own = size if size.ndim == 1 else size.max(axis=1 - axis)
        beyond = np.flatnonzero(own > KERNEL_TAIL * own.max(initial=0.0))
        last = int(beyond[-1]) if len(beyond) else 0
        if last < PROBE_STEPS // 2:
            return float(lags[last + 1])
        span *= 2
    if "R" in kernel.names:
        return np.inf
    checks.reject("ensemble", kernel.names, "a kernel of the past that does not decay, so that its "
                  "integral diverges", "give one that decays, such as exp(-(t - s)/p)")


def kernel_of(term: Term, values: dict[str, float]) -> Kernel:
    """A term with numbers for its parameters, as functions."""
    weight = with_values(term.weight, values)
    if not weight.is_number:
        _check_growth(compiled_weight(weight), term.integral)
    return Kernel(compiled_weight(weight),
                  tuple((name, compiled(with_values(lag, values)), _lags_in(lag))
                        for name, lag in term.averages),
                  term.integral, float(weight) if weight.is_number else None)


def _check_growth(weight: Function, integral: bool) -> None:
    """Refuse a kernel that is larger in the far past than in the near one."""
    near, far = (np.linspace(begin, end, PROBE_STEPS + 1) for begin, end in
                 ((0.0, FAR_LAG / 4), (FAR_LAG / 2, FAR_LAG)))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        sizes = [float(np.max(np.abs(weight(lags, lags if integral else 0 * lags))))
                 for lags in (near, far)]
    if not np.all(np.isfinite(sizes)) or sizes[1] > GROWTH * sizes[0]:
        checks.reject("ensemble", "a kernel of the past", "infinite or growing with the lag",
                      "give one that decays, such as exp(-(t - s)/p)")


def _lags_in(lag: sp.Expr) -> tuple[str, ...]:
    from ..derivations.engine.stationary_site import tau, v

    return tuple(name for name, symbol in (("tau", tau), ("v", v)) if lag.has(symbol))
