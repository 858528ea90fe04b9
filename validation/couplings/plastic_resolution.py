"""Whether the step resolves the oscillation that anti-Hebbian couplings give to every unit."""

from __future__ import annotations

import math
import warnings

from dmft import Hebbian, ResolutionWarning
from dmft.base.checks import reject

# Steps in radians of the oscillation: measured at k from -6 to -200, p = 2.5, g = 2, C_phi(0) is
# 1.5 % too large at 0.1, 6.5 % at 0.21, and at 1.8 signs alternate from step to step.
COARSE, LOST = 0.15, 1.0


def check_oscillation(network, variance: float, dt: float) -> None:
    """Warn of a step that is coarse for the local loop, p lambda^2 + ... + |k| C phi' = 0.

    Parameters
    ----------
    network : Network
        Any.
    variance : float
        C = <phi^2>, as a simulation with this step shows it.
    dt : float
        The step.

    Raises
    ------
    ModelError
        If the step does not see the oscillation at all.
    """
    rates = [math.sqrt(-one.k * variance * network.phi.slope_at_zero / one.p)
             for one in network.ensembles if isinstance(one, Hebbian) and one.k < 0]
    rate = max(rates, default=0.0)
    advice = f"give at most {COARSE / rate / 2:.2g}" if rate > 0 else ""
    if rate * dt > LOST:
        reject("dt", dt, f"does not resolve the oscillation of period {2 * math.pi / rate:.2g} "
               "that the plastic couplings make", advice)
    if rate * dt > COARSE:
        warnings.warn(
            f"dt={dt:g} is coarse for the oscillation of rate {rate:.2g} that the plastic "
            f"couplings make, and C_phi(0) is off by several per cent; {advice}",
            ResolutionWarning, stacklevel=5)
