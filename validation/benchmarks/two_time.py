"""Benchmarks of the two-time theory: against a plain script, and its growth with the steps."""

from __future__ import annotations

import tracemalloc
from functools import partial

import numpy as np

import dmft

from .measure import Row, cpu_seconds, timing
from .plain import two_time as plain
from .tuning import EQUAL_STEPS, PLAIN_STEPS, TWO_TIME_ERROR, TWO_TIME_STOP


def example() -> tuple[dmft.MultiregionNetwork, np.ndarray]:
    """Two regions with disorder above the onset of chaos, and currents to start from."""
    T = np.random.default_rng(3).normal(size=(2, 2, 2)) * 1.2
    return dmft.MultiregionNetwork([1.5, 1.8], T), np.array([[0.8, 0.3], [0.2, -0.5]])


def against_plain() -> list[Row]:
    """Time to an error of the currents, and at an equal number of steps."""
    network, z0 = example()
    times = dmft.Times(TWO_TIME_STOP, 0.2)
    exact = dmft.solve(network, times=times, currents=z0, tol=1e-9).z

    def script(steps: int) -> np.ndarray:
        return plain.currents(network.g, network.T, z0, 1.0, TWO_TIME_STOP, steps)

    def off(z: np.ndarray) -> float:
        return float(np.max(np.abs(z[::(len(z) - 1) // (len(exact) - 1)] - exact)))

    (few, first), (many, second) = ((n, off(script(n))) for n in PLAIN_STEPS)
    seconds = cpu_seconds(lambda: script(many), 1)
    needed = many * second / TWO_TIME_ERROR
    whole = seconds * (needed / many) ** 2
    ours = dmft.solve(network, times=times, currents=z0, tol=TWO_TIME_ERROR)
    own = cpu_seconds(lambda: dmft.solve(network, times=times, currents=z0, tol=TWO_TIME_ERROR), 5)
    reached = off(ours.z)
    if reached > TWO_TIME_ERROR:
        raise RuntimeError(f"dmft.solve with tol={TWO_TIME_ERROR:g} has an error of {reached:.1e}")
    equal = cpu_seconds(lambda: script(EQUAL_STEPS), 1)
    march = cpu_seconds(lambda: one_march(network, z0, EQUAL_STEPS), 5)
    return [
        Row("two-time, to an error", f"solve in time to t={TWO_TIME_STOP:g} with currents to "
            f"{TWO_TIME_ERROR:g}, two regions with g > 1, against Euler's steps that fill the "
            "arrays in a Python loop",
            f"{needed:.0f} steps, {whole:.3g} s", f"{timing(own)}, error {reached:.1e}",
            whole / own, "times faster",
            f"Plain: measured at {few} and {many} steps (errors {first:.1e} and {second:.1e}: of "
            f"first order; {timing(seconds)} for {many} steps); the steps needed follow from the "
            "error, the time from their square. dmft: median of 5 whole solves, refinement and "
            "extrapolation included; its error is against a solution to 1e-9.", least=300),
        Row("two-time, equal steps", f"{EQUAL_STEPS} steps of the same network: one march of "
            "second order against the same script", timing(equal), timing(march), equal / march,
            "times faster", "Plain: measured once. dmft: median of 5.", least=20),
    ]


def growth() -> list[Row]:
    """Cost against the number of steps, and of ten regions."""
    network, z0 = example()
    rows = []
    spent = {steps: cpu_seconds(partial(one_march, network, z0, steps), 3)
             for steps in (2000, 4000, 8000)}
    rows.append(Row(
        "two-time, growth", f"steps to t={TWO_TIME_STOP:g}: {', '.join(map(str, spent))}", "-",
        ", ".join(map(timing, spent.values())),
        float(np.log2(spent[8000] / spent[4000])), "= power of the steps in the time",
        "Processor time of one march, two regions; the last doubling. Every row is computed again "
        "and only two are kept.", most=2.2))
    longer = {stop: cpu_seconds(partial(one_march, network, z0, int(10 * stop), stop), 1)
              for stop in (500.0, 1000.0, 2000.0)}
    rows.append(Row(
        "two-time, long", "time to march to t=500, 1000, 2000 at dt=0.1", "-",
        ", ".join(map(timing, longer.values())),
        float(np.log2(longer[2000.0] / longer[1000.0])), "= power of the length in the time",
        "Rows reach back by 120 time constants where none is kept: beyond that the time grows in "
        "proportion.", most=1.2))
    rng = np.random.default_rng(0)
    large = dmft.MultiregionNetwork(1.5, rng.normal(size=(10, 10, 10)) * 0.4)
    start = rng.normal(size=(10, 10)) * 0.3
    for keep in (None, 1):
        tracemalloc.start()
        dmft.solve(large, times=dmft.Times(20.0, 0.02, keep), currents=start, tol=1e-2)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        own = cpu_seconds(partial(one_march, large, start, 1000, 20.0, keep), 1)
        kept = "no rows kept" if keep is None else "all rows of Delta and C kept"
        rows.append(Row(
            f"two-time, ten regions, {kept}", f"R=10 regions, 1000 steps to t=20, {kept}", "-",
            f"{timing(own)} a march", peak / 2**20, "MiB at the peak of a whole solve",
            "Processor time of one march; peak of traced memory of `solve`, which marches with "
            "1000 and 2000 steps and extrapolates. Kept rows take 16 R n^2 bytes, a few times "
            "while solving."))
    return rows


def classes(edge: int = 4, draws: int = 1) -> list[Row]:
    """Time of the map of classes of activity over the leading eigenvalue of T_hat."""
    grid = [complex(re, im) for re in np.linspace(1.1, 2.4, edge)
            for im in np.linspace(0.1, 1.4, edge)] * draws
    own = cpu_seconds(lambda: dmft.scan(dmft.random_activity_class, grid, rng=0), 1) / len(grid)
    cores, tasks = 2, 16 * 16 * 6
    return [Row(
        "classes of activity", f"map of the classes on a 16 x 16 grid with 6 draws ({tasks} "
        f"networks of 2 regions) through dmft.scan, on {cores} cores", "-",
        f"{timing(own)} a network", own * tasks / cores / 60, "minutes",
        f"Processor time of {len(grid)} networks on a {edge} x {edge} grid, one after another, "
        "over their number; counted for all and divided among the cores. With store= it "
        "continues after an interruption.", most=90)]


def one_march(network, z0: np.ndarray, steps: int, stop: float = TWO_TIME_STOP,
              keep: int | None = None) -> None:
    """One march at one step, without refinement."""
    dmft.solve(network, times=dmft.Times(stop, stop / steps, keep), currents=z0, method="march")
