"""Check that the step resolves the oscillation of every unit under anti-Hebbian couplings."""

from __future__ import annotations

import math
import warnings

from dmft import Hebbian, ResolutionWarning
from dmft.base.checks import reject

from .tuning import COARSE_STEP_ANGLE, UNRESOLVED_STEP_ANGLE


def check_oscillation(network, variance: float, dt: float) -> None:
    """Warn of a step that is coarse for the local feedback, p lambda^2 + ... + |k| C phi' = 0.

    Parameters
    ----------
    network : Network
        Any network; without anti-Hebbian couplings nothing is checked.
    variance : float
        C = <phi^2>, measured in a simulation with this step.
    dt : float
        The step, in neuronal time constants.

    Raises
    ------
    ModelError
        If the step does not resolve the oscillation at all.
    """
    rates = [math.sqrt(-one.k * variance * network.phi.slope_at_zero / one.p)
             for one in network.ensembles if isinstance(one, Hebbian) and one.k < 0]
    rate = max(rates, default=0.0)
    advice = f"give at most {COARSE_STEP_ANGLE / rate / 2:.2g}" if rate > 0 else ""
    if rate * dt > UNRESOLVED_STEP_ANGLE:
        reject("dt", dt, f"does not resolve the oscillation of period {2 * math.pi / rate:.2g} "
               "that the plastic couplings cause", advice)
    if rate * dt > COARSE_STEP_ANGLE:
        warnings.warn(
            f"dt={dt:g}: coarse for the oscillation of rate {rate:.2g} that the plastic couplings "
            f"cause, so that C_phi(0) has an error of several per cent; {advice}",
            ResolutionWarning, stacklevel=5)
