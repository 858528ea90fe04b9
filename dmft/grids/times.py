"""Times: the uniform grid of a time-dependent solution, and which two-time functions are kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..base.array_data import read_only
from ..base.checks import positive, reject, whole
from .tuning import MOST_TIMES


@dataclass(frozen=True)
class Times:
    """Times 0, dt, ..., stop at which a time-dependent solution is given.

    The solver may use fractions of dt as its step to meet its tolerance.

    Parameters
    ----------
    stop : float
        Last time, in units of the neuronal time constant, above 0.
    dt : float
        Step, above 0 and at most `stop`; it is reduced so that `stop` is a multiple of it.
    keep : int, optional
        Keep the two-time functions Delta(t, t') and C_phi(t, t') with t and t' at every keep-th
        time, 1 or above (1: at all times). They take 16 R (n/keep)^2 bytes for R regions and n
        times. None (default) keeps none: the solver then stores Delta(t, t') for the last 120
        time constants of t' only, and its cost grows like n, not n^2.

    Raises
    ------
    ModelError
        For values that are not positive, dt above stop, or more than 2**21 times.

    Examples
    --------
    >>> Times(stop=50.0, dt=0.1, keep=100).kept
    array([ 0., 10., 20., 30., 40., 50.])
    """

    stop: float
    dt: float
    keep: int | None = None

    def __post_init__(self):
        stop, dt = positive("stop", self.stop), positive("dt", self.dt)
        if dt > stop:
            reject("dt", dt, f"longer than stop={stop:g}", "give a step well below the last time")
        if stop / dt > MOST_TIMES:
            reject("dt", dt, f"gives {stop / dt:.3g} times, above {MOST_TIMES}",
                   "give a longer step or an earlier stop")
        steps = int(np.ceil(stop / dt * (1 - 1e-12)))
        object.__setattr__(self, "stop", stop)
        object.__setattr__(self, "dt", stop / steps)
        if self.keep is not None:
            object.__setattr__(self, "keep", whole("keep", self.keep))

    @cached_property
    def t(self) -> np.ndarray:
        """(n,) times from 0 on, in neuronal time constants."""
        return read_only(np.linspace(0.0, self.stop, len(self)))

    @cached_property
    def kept(self) -> np.ndarray:
        """(m,) times at which the two-time functions are kept; empty without `keep`."""
        return read_only((self.t[:: self.keep] if self.keep else self.t[:0]).copy())

    def __len__(self) -> int:
        return round(self.stop / self.dt) + 1
