"""External inputs of a network as functions of time: Input, Pulse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from ..base import checks
from ..base.array_data import ArrayData

Signal = Callable[[float], ArrayLike] | ArrayLike  # a function of time, or constant numbers


@dataclass(frozen=True, eq=False)
class Pulse(ArrayData):
    """A signal that is `amplitude` from `start` to `stop` and zero at other times.

    Parameters
    ----------
    amplitude : (K,) array
        One number for each direction.
    start, stop : float
        In neuronal time constants. If both are times of the grid of the solution, the solver is
        of high order in the step; otherwise of second order.

    Raises
    ------
    ModelError
        For values that are not finite, or a stop that is not after the start.

    Examples
    --------
    >>> Pulse([2.0, 0.0], start=1.0, stop=3.0)(1.5)
    array([2., 0.])
    """

    amplitude: np.ndarray
    start: float
    stop: float

    if TYPE_CHECKING:  # accepts more than the fields keep; test_types.py compares the two
        def __init__(self, amplitude: ArrayLike, start: float, stop: float) -> None: ...

    def __post_init__(self):
        object.__setattr__(self, "amplitude", checks.finite_array("amplitude", self.amplitude, 1))
        start = checks.finite("start", self.start)
        stop = checks.finite("stop", self.stop)
        if not stop > start:
            checks.reject("stop", stop, f"not after start={start:g}", "give a later time")
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "stop", stop)

    def __call__(self, t: float) -> np.ndarray:
        """(K,) signal at a time."""
        return self.amplitude if self.start <= t < self.stop else np.zeros_like(self.amplitude)

    def filtered(self, t: np.ndarray) -> np.ndarray:
        """(K, n) solution of (1 + d/dt) f = signal at times t from f(0) = 0, in closed form."""
        start, stop = max(self.start, 0.0), max(self.stop, 0.0)
        since = np.maximum(t - start, 0.0)
        after = np.maximum(t - stop, 0.0)
        # the pulse charges the filter until it ends, then the filter decays
        risen = -np.expm1(-(since - after)) * np.exp(-after)
        return np.multiply.outer(self.amplitude, risen)

    def fits(self, t: np.ndarray) -> bool:
        """Whether the pulse begins and ends at times of the uniform grid t, or outside it."""
        dt = t[1] - t[0]
        edges = np.array([edge for edge in (self.start, self.stop) if t[0] < edge < t[-1]])
        return bool(np.all(np.abs(edges / dt - np.rint(edges / dt)) < 1e-6))


@dataclass(frozen=True, eq=False)
class Input(ArrayData):
    """An external input to every region nu, I^nu(t) along a random direction l^nu, <l l> = 1.

    The input is filtered like x, (1 + d/dt) I_f = I with I_f(0) = 0. It adds l I_f to x, and
    psi^nu V[mu, nu] I_f^nu to the current from nu to mu (Clark & Beiran 2025, inputs that switch
    the routing of signals).

    Parameters
    ----------
    signal : callable, Pulse, or (R,) array
        I(t): a function of one time that returns R numbers, or R constants. It may jump at times
        of the grid of the solution.
    V : (R, R) or (R, R, K) array
        Overlap <n^{mu nu} l^nu> of the direction of the input with the output direction of region
        nu to mu; with rank K, one for each of the K directions.
    W : (R, R) or (R, R, K) array, optional
        Overlap <m^{nu rho} l^nu> with the direction in which nu receives from rho; 0 by default.

    Raises
    ------
    ModelError
        For arrays that are not finite or not square, or a signal that is neither a function nor
        an array.

    Examples
    --------
    >>> Input([1.0, 0.0], V=[[0.5, 0.0], [0.0, 0.5]]).constant
    True
    """

    signal: Callable[[float], np.ndarray] | np.ndarray
    V: np.ndarray
    W: np.ndarray | None = None

    if TYPE_CHECKING:  # accepts more than the fields keep; test_types.py compares the two
        def __init__(self, signal: Signal, V: ArrayLike, W: ArrayLike | None = None) -> None: ...

    def __post_init__(self):
        if not callable(self.signal):
            object.__setattr__(self, "signal", checks.finite_array("signal", self.signal, 1))
        for name in ("V", "W"):
            value = getattr(self, name)
            if value is None and name == "W":
                continue
            value = checks.finite_array(name, value)
            if value.ndim not in (2, 3) or value.shape[0] != value.shape[1]:
                checks.reject(name, value.shape, "not of shape (R, R) or (R, R, K)",
                              "give one overlap per pair of regions, or K of them")
            object.__setattr__(self, name, value)

    @property
    def constant(self) -> bool:
        """Whether the signal does not depend on time."""
        return not callable(self.signal)


def signal_at(signal, t: float, count: int) -> np.ndarray:
    """(count,) values of a signal at time t, or a ModelError that names the time."""
    if not callable(signal):
        return signal
    try:
        value = np.asarray(signal(t), dtype=float)
    except Exception as error:
        checks.reject("input", signal, f"fails at t={t:g} ({error})",
                      f"give a function of one time that returns {count} numbers")
    if value.shape != (count,):
        checks.reject("input", signal, f"returns shape {value.shape} at t={t:g}, not ({count},)",
                      "give one number per region")
    if not np.all(np.isfinite(value)):
        checks.reject("input", signal, f"not finite at t={t:g}",
                      "give a function that returns finite numbers")
    return value
