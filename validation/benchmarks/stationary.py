"""Benchmarks of the stationary theory: time and accuracy against a plain script."""

from __future__ import annotations

from functools import partial
from itertools import count

import numpy as np

import dmft

from .measure import Row, cpu_seconds, timing
from .plain import stationary as plain
from .tuning import EXPONENT_ERROR, STATIONARY_G


def solving(phi: dmft.Nonlinearity, g: float = STATIONARY_G) -> float:
    """Median processor time of a solve; each at another g, so that no averages are known."""
    number = count(1)
    return cpu_seconds(lambda: dmft.solve(dmft.RandomNetwork(g + 1e-9 * next(number), phi)), 31)


def tanh() -> list[Row]:
    """Time to solve at g = 2 with tanh, and the error of both."""
    network, tau = dmft.RandomNetwork(STATIONARY_G, dmft.tanh), plain.grid()
    average = plain.gauss_hermite(np.tanh)
    Delta, iterations = plain.iterate(plain.interpolated(average), STATIONARY_G, tau)
    one = cpu_seconds(lambda: plain.step(Delta, average, STATIONARY_G, tau[1]), 3)
    ours = solving(dmft.tanh)
    whole = one * iterations
    setting = (f"span {tau[-1]:g}, dt {tau[1]:g}, damping 0.5, start exp(-tau), until the map "
               "moves Delta by less than 1e-10")
    exact = dmft.solve(network, lags=dmft.Lags(tau[-1], tau[1]))
    wide = dmft.solve(network)  # on a window that contains the whole decay of the correlation
    again = dmft.solve(network, lags=wide.lags, method="fourier", tol=1e-13)
    scale = float(exact.C_x[0])
    error = float(np.max(np.abs(Delta - exact.C_x))) / scale
    difference = float(np.max(np.abs(again.C_x - wide.C_x))) / scale
    return [
        Row("stationary tanh", f"solve(RandomNetwork({STATIONARY_G:g}, tanh)) against a plain "
            "script",
            f"{timing(whole)}: {iterations} iterations of {timing(one)}", timing(ours),
            whole / ours, "times faster",
            f"Plain: {setting}; 64 x 64 Gauss-Hermite product rule, one lag after the other. "
            "Measured: one iteration (median of 3); counted: the iterations, with the same "
            "quadrature interpolated in the correlation (same values to 1e-12); the baseline is "
            "their product. dmft: median of 31 whole solves, each at another g.", least=1000),
        _time("tanh", ours, 5.0),
        Row("stationary accuracy", "largest error of Delta over Delta(0)",
            f"{error:.1e}", f"{difference:.1e}", difference, "(relative error)",
            "Plain: against dmft; the quadrature makes most of it. dmft: the first integral (the "
            "default) against method=\"fourier\" to tol=1e-13, which shares only the averages "
            "with it.", most=1e-10),
    ]


def erf() -> list[Row]:
    """The same with erf, for which the plain script has a closed form at each lag."""
    network, tau = dmft.RandomNetwork(STATIONARY_G, dmft.erf), plain.grid()
    Delta, iterations = plain.iterate(plain.erf_closed_form, STATIONARY_G, tau)
    whole = cpu_seconds(lambda: plain.iterate(plain.erf_closed_form, STATIONARY_G, tau), 5)
    ours = solving(dmft.erf)
    exact = dmft.solve(network, lags=dmft.Lags(tau[-1], tau[1]))
    error = float(np.max(np.abs(Delta - exact.C_x))) / float(exact.C_x[0])
    return [Row(
        "stationary erf", f"solve(RandomNetwork({STATIONARY_G:g}, erf)) against a plain script "
        "with the closed form of <phi phi>", f"{timing(whole)}, error {error:.1e}",
        f"{timing(ours)}, error {exact.convergence.error:.1e}", whole / ours, "times faster",
        f"The best case of the plain script: no quadrature. All {iterations} iterations measured "
        "(median of 5 runs), same grid and tolerance as for tanh. Its error is against dmft; "
        "that of dmft is its own estimate."), _time("erf", ours, 2.0)]


def exponent() -> list[Row]:
    """The largest Lyapunov exponent against second differences in the lag."""
    solution = dmft.solve(dmft.RandomNetwork(STATIONARY_G, dmft.erf))
    exact = dmft.lyapunov_exponent(solution)
    step, error = 0.1, np.inf
    while error > EXPONENT_ERROR:
        step /= 2
        tau = plain.grid(solution.lags.span, step)
        Delta = dmft.solve(solution.network, lags=dmft.Lags(tau[-1], step)).C_x.value
        potential = 1 - STATIONARY_G**2 * plain.erf_slopes(Delta)
        found = plain.exponent(potential, step)
        error = abs(found - float(exact))
    theirs = cpu_seconds(partial(plain.exponent, potential, step), 5)
    rows = []
    for phi in (dmft.tanh, dmft.erf):
        solutions = [dmft.solve(dmft.RandomNetwork(STATIONARY_G + 1e-9 * number, phi))
                     for number in range(32)]
        ours, own = _exponents(solutions), dmft.lyapunov_exponent(solutions[0]).error
        rows.append(Row(
            f"exponent {phi.name}", f"lyapunov_exponent(solution), g={STATIONARY_G:g}, {phi.name}, "
            f"against second differences in the lag of erf, {len(tau)} lags",
            f"{timing(theirs)}, error {error:.1e}", f"{timing(ours)}, error {own:.1e}", ours * 1e3,
            "ms", "Plain: the eigenvalue alone, from the correlation of dmft and the closed form "
            f"of <phi' phi'>; the step is halved until the error is below {EXPONENT_ERROR:g}. "
            "dmft: median over 31 solutions, variance and orbit included; error: its own "
            "estimate.", most=10.0))
    return rows


def _exponents(solutions: list[dmft.Solution]) -> float:
    number = count()
    return cpu_seconds(lambda: dmft.lyapunov_exponent(solutions[next(number)]),
                       len(solutions) - 1)


def _time(phi: str, seconds: float, most: float) -> Row:
    return Row(f"stationary {phi} time", f"processor time of solve(RandomNetwork({STATIONARY_G:g}, "
               f"{phi}))", "-", timing(seconds), seconds * 1e3, "ms", "As above.", most=most)


def near_transition() -> list[Row]:
    """The time to solve as g approaches the transition at 1."""
    times = {g: solving(dmft.tanh, g) for g in (1.001, 1.01, STATIONARY_G)}
    return [Row(
        f"near transition, g={g:g}", f"solve at g={g:g} against g={STATIONARY_G:g}, tanh",
        timing(times[STATIONARY_G]), timing(times[g]), times[g] / times[STATIONARY_G],
        f"times the time at g={STATIONARY_G:g}",
        "Medians of 31 solves. The correlation time grows like 1/(g-1), so that an iteration on a "
        "grid needs a longer grid and more iterations.", most=most)
        for g, most in ((1.01, 3.0), (1.001, None))]
