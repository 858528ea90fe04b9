"""The exponent of populations with mean couplings: growth of perturbations on the grid of lags.

A perturbation exp(rate t) y has correlations f_a = <y_a y_a> that obey
f_a = |H_a(omega - i rate)|^2 FT[sum_b g_ab^2 <phi'_b phi'_b>(tau) f_b(tau)]: the equation of
`lag_exponent.py` with a matrix of gains. Mean couplings do not act on perturbations without mean.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigs

from ..averages.gaussian_averages import averages_at
from ..averages.shifted import shifted
from ..base.checks import reject
from ..grids.lags import Lags
from ..network.network import AnyNetwork
from ..network.populations import populations
from ..populations.population_solve import population_map
from ..populations.population_states import PopulationState, PopulationStates
from .growth_root import growth_root
from .tuning import EIGENVALUE_TOL

SIMULATE = "use dmft.validation.lyapunov_exponent(network, neurons)"


def the_state(states: PopulationStates) -> PopulationState:
    """The one stable state, or the only one."""
    found = states.stable if len(states) > 1 else list(states)
    if len(found) != 1:
        reject("solution", states, f"has {len(found)} stable states", "give one of them, "
               "states.only(0)")
    return found[0]


def population_exponent(states: PopulationStates) -> tuple[float, tuple[tuple[int, float], ...]]:
    """lambda_max of the one stable state, and its values on fewer lags and on all of them.

    Raises
    ------
    ModelError
        Without exactly one state, or where the exponent may be that of perturbations of the means:
        in a state that they leave, or one where all others decay.
    ConvergenceError
        If no rate has an eigenvalue of one.
    """
    state, network = the_state(states), states.network
    if any(one.has_memory for one in network.ensembles):
        reject("network", network, "has means and memory, for which exponents are not derived",
               SIMULATE)
    slopes = _slopes(network, state)
    stride = 1 if populations(network)[0].unit.time_step is not None else 2
    lags, half = state.lags, (len(state.lags) - 1) // (2 * stride) * stride
    coarse = Lags(half * lags.dt, stride * lags.dt)
    rough = _rate(network, coarse, slopes[:, :half + 1:stride], None)
    found = _rate(network, lags, slopes, rough)
    if not (state.stable and found > max(state.growth_rate, 0.0)):  # also of an unknown rate, NaN
        reject("solution", states, f"perturbations that leave the means unchanged have the "
               f"exponent {found:.4g}, but those of the means, together with the variances, may "
               "have a larger one, which is not derived", SIMULATE)
    return found, ((len(coarse), rough), (len(lags), found))


def _slopes(network: AnyNetwork, state: PopulationState) -> np.ndarray:
    """(R, n) <phi' phi'> at the lags."""
    rows = zip(populations(network), state.means, state.C_x, strict=True)
    return np.array([averages_at(shifted(one.phi, float(mean)), float(row[0])).slope(
        np.clip(row, -row[0], row[0])) for one, mean, row in rows])


def _rate(network: AnyNetwork, lags: Lags, slopes: np.ndarray, guess: float | None) -> float:
    """The rate at which the largest eigenvalue of the map of correlations is one."""
    units, gains = [one.unit for one in populations(network)], population_map(network).gains
    last = np.ones(slopes.size)

    def excess(rate: float) -> float:
        nonlocal last
        power = np.array([np.abs(unit.response(lags.omega - 1j * rate)) ** 2 for unit in units])

        def grown(vector: np.ndarray) -> np.ndarray:
            f = vector.reshape(slopes.shape)
            passed = gains @ np.array([lags.spectrum(one) for one in slopes * f])
            return np.array([lags.correlation(one) for one in power * passed]).ravel()

        operator = LinearOperator((slopes.size, slopes.size), matvec=grown, dtype=float)
        values, vectors = eigs(operator, k=1, which="LR", v0=last, tol=EIGENVALUE_TOL)
        last = vectors[:, 0].real
        return float(np.log(max(float(values[0].real), 1e-300)))

    slowest = max(float(np.max(unit.rates.real)) for unit in units)
    return growth_root(excess, slowest, guess)
