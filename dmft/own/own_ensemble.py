"""ensemble: couplings of your own, from their mean and covariance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from ..base import checks
from ..ensembles.causal_matrix import CausalMatrix
from ..grids.impulse_response import impulse_response
from ..grids.lags import Lags
from ..grids.order_parameters import Frequencies, OrderParameters
from .definition import (
    check_positive,
    check_symbols,
    derived,
    expression_of,
    names_of,
    with_values,
)
from .draw_check import check_draw
from .memory_transform import transfer_function
from .orders import check_orders
from .second_derivatives import pair_hessian
from .site_kernels import Averages, Kernel, kernel_of
from .tuning import LARGEST_STEP


def ensemble(covariance: Any = 0, mean: Any = 0, *, draw: Callable | None = None,
             values: Mapping[str, float] | None = None, name: str = "own") -> DerivedEnsemble:
    """Couplings of your own: the single site is derived from their mean and their covariance.

    J_ij is Gaussian with <J_ij(t)> = mean and <J_ij(t) J_kl(s)> - <J_ij><J_kl> = covariance. The
    average over the couplings gives the functional W of the order parameters, and its derivatives
    are what a unit receives, x = H (drift + eta + K phi(x)): noise eta, memory K of its own past,
    and a drift of its mean. `.derivation` shows them, with the steps that lead there.

    Parameters
    ----------
    covariance : sympy expression
        With Kronecker deltas in the sites, in the symbols of `dmft.notation`.
    mean : sympy expression
        Of order 1/N. With phi[i, s] and phi[j, s] at earlier instants s and u it is a synapse that
        follows the activity: a contribution of every instant of the past, which is integrated over.
        Without s it is constant in time.
    draw : function of (neurons, rng), optional
        Returns one matrix J (N, N), without the mean that depends on the activity, which
        simulations add. Its moments are compared with the mean and the covariance, on small
        networks. Not needed if the covariance is zero, or made of the six motifs of two couplings,
        which the package draws: equal, reciprocal, convergent, divergent, and two of chains.
    values : mapping of str to float, optional
        Numbers for symbols by their names, so that `.at(g=2.1)` changes them.
    name : str
        Name in tables and messages.

    Returns
    -------
    DerivedEnsemble
        An ensemble like the built-in ones: `Network` takes it alone or in a tuple with others. It
        is solved, simulated, compared, scanned, pickled, and saved by its definition (without
        `draw`).

    Raises
    ------
    ModelError
        For an expression that is none, has unknown symbols, or is not derived (the message names
        the term); a covariance that is not positive or not symmetric; or a draw whose moments are
        not the stated ones.

    Examples
    --------
    >>> import dmft
    >>> import sympy
    >>> n, g = dmft.notation, sympy.Symbol("g")
    >>> own = dmft.ensemble(g**2 / n.N * n.delta(n.i, n.k) * n.delta(n.j, n.l), values={"g": 2.0})
    >>> own.noise_gain, own.has_memory, own.at(g=1.5).noise_gain
    (4.0, False, 2.25)
    """
    numbers = _numbers(values)
    return DerivedEnsemble(expression_of("mean", mean), expression_of("covariance", covariance),
                           numbers, name, draw)


class _Site(NamedTuple):
    """The kernels of a derived site."""

    noise: tuple[Kernel, ...]
    memory: tuple[Kernel, ...]
    drift: tuple[Kernel, ...]


@dataclass(frozen=True)
class DerivedEnsemble:
    """Couplings given by their mean and covariance; made by `dmft.ensemble`.

    Parameters
    ----------
    mean, covariance : sympy expressions, as for `dmft.ensemble`
    values : tuple of (str, float)
        Numbers for symbols.
    name : str, in tables
    draw : callable or None
        As for `dmft.ensemble`; it is no part of the definition, and not saved.

    Examples
    --------
    >>> import dmft
    >>> n = dmft.notation
    >>> dmft.DerivedEnsemble(mean=0.5 / n.N, covariance=0).drives_means
    True
    """

    mean: Any
    covariance: Any
    values: tuple[tuple[str, float], ...] = ()
    name: str = "own"
    draw: Callable | None = field(default=None, compare=False, repr=False,
                                  metadata={"saved": False})

    def __post_init__(self):
        if not isinstance(self.name, str) or not self.name:
            checks.reject("name", self.name, "not a name", "give a short text")
        checks.callable_or_none("draw", self.draw, "neurons and rng, that returns a matrix")
        known = dict(_numbers(dict(self.values)))
        object.__setattr__(self, "values", tuple(known.items()))
        for what, fields in (("mean", True), ("covariance", False)):
            expression = expression_of(what, getattr(self, what))
            object.__setattr__(self, what, expression)
            check_symbols(what, expression, known, fields)
        named = names_of(self.mean) | names_of(self.covariance)
        for one in known:
            if one not in named:
                checks.reject("values", known, f"{one} is in neither the mean nor the covariance",
                              "leave it out")
        if self.covariance.has(_symbol("t"), _symbol("s")):
            checks.reject("covariance", self.covariance, "depends on time: couplings that "
                          "fluctuate are not solved", "give a covariance of the sites only")
        derived(self.mean, self.covariance)
        check_orders(self.mean, self.covariance)
        check_positive(with_values(self.covariance, known))
        if self.draw is not None:
            check_draw(self)

    def at(self, **values: float) -> DerivedEnsemble:
        """The same couplings with other numbers for some symbols."""
        unknown = set(values) - {name for name, _ in self.values}
        if unknown:
            checks.reject("values", sorted(unknown), "not symbols of this ensemble",
                          f"give some of {', '.join(name for name, _ in self.values)}")
        return replace(self, values=tuple({**dict(self.values), **values}.items()))

    @property
    def numbers(self) -> dict[str, float]:
        """Values of the symbols by their names."""
        return dict(self.values)

    @property
    def noise_gain(self) -> float | None:
        """G, where the noise is G C at every lag."""
        return None if self.mean_gain else self.correlation_gain

    @property
    def correlation_gain(self) -> float:
        """The part of the noise that is a multiple of C."""
        return float(sum(one.constant or 0.0 for one in _site(self).noise if one.is_local("C")))

    @property
    def mean_gain(self) -> float:
        """A, where the noise has the quenched part A <phi>^2, as of convergent motifs."""
        return float(sum(one.constant or 0.0 for one in _site(self).noise
                         if not one.is_local("C")))

    @property
    def has_memory(self) -> bool:
        """Whether a unit's own past returns to it."""
        return bool(_site(self).memory)

    @property
    def has_drift(self) -> bool:
        """Whether these couplings drive the mean of x."""
        return bool(_site(self).drift)

    @property
    def drives_means(self) -> bool:
        """Whether these couplings drive the mean of x, or make noise of the mean output."""
        return self.has_drift or self.mean_gain != 0

    @property
    def follows_activity(self) -> bool:
        """Whether the mean depends on the activity: plastic synapses."""
        return bool(self.mean.has(_symbol("phi")))

    @property
    def in_continuous_time(self) -> bool:
        """Whether they have kernels in time, which units in discrete time do not take."""
        return self.follows_activity

    def noise(self, order: OrderParameters | Frequencies) -> tuple[np.ndarray, float]:
        """Spectrum (n,) of the decaying part of the noise, and its static variance."""
        gain = self.correlation_gain
        static = gain * float(order.C_static) + self.mean_gain * _mean(order) ** 2
        return gain * order.C_spectrum, static

    def memory(self, order: OrderParameters | Frequencies) -> np.ndarray:
        """Transfer function (n,) of the memory kernel."""
        return self._memory(order, 0.0)

    def tangent_memory(self, order: OrderParameters, rate: float) -> np.ndarray:
        """Transfer function (n,) of the memory of a perturbation that grows as exp(rate t)."""
        return self._memory(order, rate)

    def _memory(self, order: OrderParameters | Frequencies, rate: float) -> np.ndarray:
        total = np.zeros(len(order.omega), dtype=complex)
        for one in _site(self).memory:
            if one.is_local("R") and rate == 0:
                total = total + one.constant * order.S
            else:
                total = total + transfer_function(one, _averages(order), rate, order.omega)
        return total

    def mean_input(self, known: Averages) -> float:
        """Mean input of a unit."""
        step = min(known.lags.dt, LARGEST_STEP)
        return float(sum(one.at(known, np.zeros(1), step)[0] for one in _site(self).drift))

    def check_hessian(self) -> None:
        """Refuse couplings whose W'' is not derived."""
        pair_hessian(self)

    def hessian(self, one: Frequencies, two: Frequencies) -> CausalMatrix:
        """W'' between order parameters of different frequencies: constants."""
        return pair_hessian(self)

    def tangent_functional(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """w(x) = G x and its derivative, for the spectrum of Lyapunov exponents."""
        gain = self.noise_gain
        if gain is None:
            checks.reject("ensembles", self, "its noise mixes lags, and the Lyapunov spectrum of "
                          "these couplings is not derived", "use validation.lyapunov_spectrum")
        return gain * x, np.full_like(x, gain)

    def __repr__(self) -> str:
        numbers = ", ".join(f"{name}={value:g}" for name, value in self.values)
        return f"<{self.name}{': ' if numbers else ''}{numbers}>"


@lru_cache(maxsize=256)
def _site(own: DerivedEnsemble) -> _Site:
    """The kernels, compiled once for each definition and its numbers."""
    site, values = derived(own.mean, own.covariance), own.numbers
    return _Site(*(tuple(kernel_of(one, values) for one in terms
                         if with_values(one.weight, values) != 0)
                   for terms in (site.noise, site.memory, site.drift)))


def _numbers(values: Mapping[str, float] | None) -> tuple[tuple[str, float], ...]:
    if values is None:
        return ()
    if not isinstance(values, Mapping) or not all(isinstance(one, str) for one in values):
        checks.reject("values", values, "not a mapping from names to numbers",
                      "give values={'g': 2.0}")
    return tuple(sorted((name, checks.finite("values", value)) for name, value in values.items()))


def _symbol(name: str) -> Any:
    from ..derivations.engine import disorder

    return getattr(disorder, name)


def _mean(order: OrderParameters | Frequencies) -> float:
    """<phi>; where it is not given, as in starts and bounds, the largest that C allows."""
    known = getattr(order, "mean", None)
    return float(np.sqrt(max(float(order.C_static), 0.0))) if known is None else float(known)


def _lags(order: OrderParameters | Frequencies) -> Lags:
    if order.lags is None:
        checks.reject("order", order, "has no lags, on which the kernels are products",
                      "give lags and C to Frequencies")
    return order.lags


def _averages(order: OrderParameters | Frequencies) -> Averages:
    lags = _lags(order)
    if isinstance(order, Frequencies):
        if order.C is None or not np.array_equal(order.omega, lags.omega):
            return Averages(lags, np.asarray(order.C), 0.0, np.zeros(len(lags)), _mean(order))
        return Averages(lags, order.C, 0.0, _response(order, lags), _mean(order))
    return Averages(lags, order.C + order.C_static, float(order.C_static),
                    _response(order, lags), _mean(order))


def _response(order: OrderParameters | Frequencies, lags: Lags) -> np.ndarray:
    slope = float(((1 + 1j * order.omega) * order.S)[-2].real)
    return impulse_response(order.S, slope, lags, lags)
