"""Benchmarks of the simulation: against a plain script, and the machine's peak performance."""

from __future__ import annotations

from functools import partial

import numpy as np

import dmft

from ..simulation.simulate import simulate
from .measure import Row, cpu_seconds, per_step, timing
from .plain import simulation as plain
from .tuning import (
    CHEAPEST_TRIALS,
    DEFAULT_TRIALS,
    PEAK_MATRIX_SIZE,
    SIMULATION_DT,
    SIMULATION_G,
    SIMULATION_NEURONS,
)


def step() -> list[Row]:
    """Time of one step of one trajectory, and the share of the machine's matrix products."""
    rng = np.random.default_rng(0)
    J, x = plain.draw(SIMULATION_G, SIMULATION_NEURONS, rng), rng.normal(size=SIMULATION_NEURONS)
    matrix = rng.standard_normal((PEAK_MATRIX_SIZE, PEAK_MATRIX_SIZE), dtype=np.float32)
    sizes = (CHEAPEST_TRIALS, DEFAULT_TRIALS)
    script, *own_times, product = per_step(
        [lambda steps: plain.trajectory(J, np.tanh, x, SIMULATION_DT, steps),
         *(lambda steps, b=trials: _simulate(b, steps) for trials in sizes),
         lambda products: [matrix @ matrix for _ in range(products)]],
        [(50, 450), *((100, 300) for _ in sizes), (0, 1)])
    peak = 2 * PEAK_MATRIX_SIZE**3 / product
    ours = {trials: own / trials for trials, own in zip(sizes, own_times, strict=True)}
    rows = []
    for trials, own in ours.items():
        flops = 2 * SIMULATION_NEURONS**2 / own
        least, share = (5.0, flops / peak) if trials == CHEAPEST_TRIALS else (None, None)
        rows.append(Row(
            f"simulation, {trials} trials",
            f"one step of one trajectory, N={SIMULATION_NEURONS}: validation.simulate with "
            f"trials={trials}" + (" (the default)" if trials == DEFAULT_TRIALS else "")
            + " against a plain Euler script",
            timing(script), timing(own), script / own, "times faster",
            f"Both at dt={SIMULATION_DT:g}, in turns. Time of more steps less time of fewer, so "
            "that drawing "
            "the couplings is in neither; correlations at five lags are in dmft's, none in the "
            "script's. Trajectories of one network share its couplings: the batch is what makes "
            "a step a matrix product; the next rows say what it gains in accuracy.",
            least=least))
        if share is not None:
            rows.append(Row(
                "simulation, share of peak", "float32 matrix products per second, whole step",
                f"{peak / 1e9:.0f} GFLOP/s in one product of {PEAK_MATRIX_SIZE} x "
                f"{PEAK_MATRIX_SIZE} matrices",
                f"{flops / 1e9:.0f} GFLOP/s", 100 * share, "% of the machine's peak",
                f"2 N^2 operations per step of one trajectory over its whole time (transfer "
                f"function, step and correlations included), N={SIMULATION_NEURONS}, "
                f"trials={trials}."))
    return rows


def precision(networks: int = 40, neurons: int = SIMULATION_NEURONS) -> list[Row]:
    """Processor time for the same standard error of C_phi(0) over networks."""
    duration, burn_in, rng = 50.0, 50.0, np.random.default_rng(0)
    keep: list[np.ndarray] = []

    def script():
        keep[:] = [plain.variance(SIMULATION_G, np.tanh, neurons, networks, duration=duration,
                                  burn_in=burn_in, dt=SIMULATION_DT, rng=rng)]

    def package(trials):
        runs = simulate(dmft.RandomNetwork(SIMULATION_G), neurons, networks, trials=trials,
                        dt=SIMULATION_DT, duration=duration, burn_in=burn_in, lags=[0.0], rng=1)
        keep[:] = [runs.samples("C_phi")[:, 0]]

    exact = float(dmft.solve(dmft.RandomNetwork(SIMULATION_G)).C_phi[0])
    cost, spread = cpu_seconds(script, 1) / networks, _spread(keep[0], exact)
    rows = []
    for trials in (CHEAPEST_TRIALS, DEFAULT_TRIALS, 1):
        own_cost = cpu_seconds(partial(package, trials), 1) / networks
        own = _spread(keep[0], exact)
        rows.append(Row(
            f"precision, {trials} trials",
            f"processor time for the same standard error of C_phi(0), N={neurons}: "
            f"validation.simulate with trials={trials} against the plain Euler script",
            f"{timing(cost)} a network, spread {100 * spread:.2g} %",
            f"{timing(own_cost)} a network, spread {100 * own:.2g} %",
            cost * spread**2 / (own_cost * own**2), "= the script's time over dmft's",
            f"Time per network times the variance over {networks} networks, each run for "
            f"{burn_in:g} + {duration:g} time constants. The ratio has a relative standard "
            f"error of {100 * 2 / np.sqrt(networks - 1):.0f} % from the two variances. More "
            "trials of one network do not remove the spread between networks: few trials and "
            "more networks are the cheaper way to a small standard error. The bias that the step, "
            f"dt={SIMULATION_DT:g} for both, leaves in the mean is not counted."))
    return rows


def _simulate(trials: int, steps: int) -> None:
    simulate(dmft.RandomNetwork(SIMULATION_G), SIMULATION_NEURONS, 1, trials=trials,
             dt=SIMULATION_DT, duration=(steps - 0.5) * SIMULATION_DT, burn_in=0.0,
             lags=[0.0, 1.0, 2.0, 4.0, 8.0], rng=1)


def _spread(values: np.ndarray, exact: float) -> float:
    return float(values.std(ddof=1)) / exact
