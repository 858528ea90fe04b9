"""Benchmarks of the simulation: against a plain script, and against the machine."""

from __future__ import annotations

from functools import partial

import numpy as np

import dmft

from ..simulation.simulate import simulate
from .measure import Row, cpu_seconds, per_step, timing
from .plain import simulation as plain

G, NEURONS, DT = 2.0, 1000, 0.1
TRIALS, DEFAULT = 64, 8  # where a step is cheapest, and simulate's default
EDGE = 3000  # of the square matrices whose product shows the machine's peak


def step() -> list[Row]:
    """Time of one step of one trajectory, and the share of the machine's matrix products."""
    rng = np.random.default_rng(0)
    J, x = plain.draw(G, NEURONS, rng), rng.normal(size=NEURONS)
    matrix = rng.standard_normal((EDGE, EDGE), dtype=np.float32)
    sizes = (TRIALS, DEFAULT)
    script, *own_times, product = per_step(
        [lambda steps: plain.trajectory(J, np.tanh, x, DT, steps),
         *(lambda steps, b=trials: _simulate(b, steps) for trials in sizes),
         lambda products: [matrix @ matrix for _ in range(products)]],
        [(50, 450), *((100, 300) for _ in sizes), (0, 1)])
    peak = 2 * EDGE**3 / product
    ours = {trials: own / trials for trials, own in zip(sizes, own_times, strict=True)}
    rows = []
    for trials, own in ours.items():
        least, share = (5.0, 2 * NEURONS**2 / own / peak) if trials == TRIALS else (None, None)
        rows.append(Row(
            f"simulation, {trials} trials",
            f"one step of one trajectory, N={NEURONS}: validation.simulate with trials={trials}"
            + (" (the default)" if trials == DEFAULT else "") + " against a plain Euler script",
            timing(script), timing(own), script / own, "times faster",
            f"Both at dt={DT:g}, in turns. Time of more steps less time of fewer, so that drawing "
            "the couplings is in neither; correlations at five lags are in dmft's, none in the "
            "script's. Trajectories of one network share its couplings: the batch is what makes "
            "a step a matrix product; the next rows say what it gains in accuracy.",
            least=least))
        if share is not None:
            flops = 2 * NEURONS**2 / own
            rows.append(Row(
                "simulation, share of peak", "float32 matrix products per second, whole step",
                f"{peak / 1e9:.0f} GFLOP/s in one product of {EDGE} x {EDGE} matrices",
                f"{flops / 1e9:.0f} GFLOP/s", 100 * share, "% of the machine's peak",
                f"2 N^2 operations per step of one trajectory over its whole time (transfer "
                f"function, step and correlations included), N={NEURONS}, trials={trials}."))
    return rows


def precision(networks: int = 40, neurons: int = NEURONS) -> list[Row]:
    """Processor time for the same standard error of C_phi(0) over networks."""
    duration, burn_in, rng = 50.0, 50.0, np.random.default_rng(0)
    keep: list[np.ndarray] = []

    def script():
        keep[:] = [plain.variance(G, np.tanh, neurons, networks, duration=duration,
                                  burn_in=burn_in, dt=DT, rng=rng)]

    def package(trials):
        runs = simulate(dmft.RandomNetwork(G), neurons, networks, trials=trials, dt=DT,
                        duration=duration, burn_in=burn_in, lags=[0.0], rng=1)
        keep[:] = [runs.samples("C_phi")[:, 0]]

    exact = float(dmft.solve(dmft.RandomNetwork(G)).C_phi[0])
    cost, spread = cpu_seconds(script, 1) / networks, _spread(keep[0], exact)
    rows = []
    for trials in (TRIALS, DEFAULT, 1):
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
            f"dt={DT:g} for both, leaves in the mean is not counted."))
    return rows


def _simulate(trials: int, steps: int) -> None:
    simulate(dmft.RandomNetwork(G), NEURONS, 1, trials=trials, dt=DT, duration=(steps - 0.5) * DT,
             burn_in=0.0, lags=[0.0, 1.0, 2.0, 4.0, 8.0], rng=1)


def _spread(values: np.ndarray, exact: float) -> float:
    return float(values.std(ddof=1)) / exact
