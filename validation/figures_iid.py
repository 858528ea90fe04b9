"""Figures of the reference theory: correlations at three couplings, and the transition to chaos."""

from __future__ import annotations

import numpy as np

import dmft

from .compare import theory_at
from .exponents import lyapunov_exponent
from .figures import BLUE, GREEN, ORANGE, RED, Data, Figure
from .progress import Tell, teller
from .simulate import simulate

COLOURS = (BLUE, ORANGE, GREEN)
MARKERS = ("o", "s", "^")
SILENT = teller(None)


def correlations(*, couplings: list[float], lags: list[float], neurons: int, networks: int,
                 trials: int, duration: float, seed: int, tell: Tell = SILENT) -> Data:
    """Delta(tau)/Delta(0) and C_phi(tau) of tanh networks: theory, and simulation at some lags.

    The standard errors are over networks. Delta is divided by Delta(0) of each network: the
    spread of the scale, which both share, is then not in the shape's error.
    """
    tau = np.linspace(0.0, max(lags), 201)
    rows: dict[str, list] = {name: [] for name in ("Delta", "C", "Delta_mean", "Delta_error",
                                                   "C_mean", "C_error")}
    for g in couplings:
        tell(f"g={g:g}")
        network = dmft.RandomNetwork(g, dmft.tanh)
        solution = dmft.solve(network)
        rows["Delta"].append(theory_at(solution, "C_x", tau).value / float(solution.C_x[0]))
        rows["C"].append(theory_at(solution, "C_phi", tau).value)
        runs = simulate(network, neurons, networks, trials=trials, duration=duration, lags=lags,
                        rng=seed)
        x = runs.samples("C_x")
        for name, samples in (("Delta", x / x[:, :1]), ("C", runs.samples("C_phi"))):
            rows[f"{name}_mean"].append(samples.mean(axis=0))
            rows[f"{name}_error"].append(samples.std(axis=0, ddof=1) / np.sqrt(networks))
    return {"g": np.array(couplings), "tau": tau, "lags": np.array(runs.lags),
            "neurons": neurons, "networks": networks,
            **{name: np.array(values) for name, values in rows.items()}}


def draw_correlations(data: Data, axes: list) -> None:
    """Two panels against the lag: lines are theory, points simulation."""
    for axis, name in zip(axes, ("Delta", "C"), strict=True):
        for k, g in enumerate(data["g"]):
            colour, marker = COLOURS[k % len(COLOURS)], MARKERS[k % len(MARKERS)]
            axis.plot(data["tau"], data[name][k], color=colour)
            axis.errorbar(data["lags"], data[f"{name}_mean"][k], data[f"{name}_error"][k],
                          linestyle="none", marker=marker, color=colour, label=f"$g = {g:g}$")
        axis.set_xlabel(r"lag $\tau$ (neuronal time constants)")
        axis.set_xlim(-0.02 * data["tau"][-1], 1.02 * data["tau"][-1])
        axis.set_ylim(bottom=0.0)
    axes[0].set_ylabel(r"$\Delta(\tau)\,/\,\Delta(0)$")
    axes[1].set_ylabel(r"$C_\phi(\tau)$")
    axes[0].set_title("Autocorrelation of $x$, normalised")
    axes[1].set_title(r"Autocorrelation of $\phi(x) = \tanh x$")
    axes[0].legend(title=_experiment(data), alignment="left")


def transition(*, lowest: float, highest: float, points: int, couplings: list[float],
               neurons: int, networks: int, trials: int, duration: float, seed: int,
               tell: Tell = SILENT) -> Data:
    """Delta(0) and the largest Lyapunov exponent against g, tanh: theory and simulation."""
    tell("theory")
    # Delta(0) grows linearly from the transition on, the exponent with the square: let 1 be there
    g = np.unique(np.append(np.linspace(lowest, highest, points), 1.0))
    solutions = [dmft.solve(dmft.RandomNetwork(one)) for one in g]
    Delta0, exponents, simulated = [], [], []
    for coupling in couplings:
        tell(f"simulation at g={coupling:g}")
        network = dmft.RandomNetwork(coupling)
        runs = simulate(network, neurons, networks, trials=trials, duration=duration, lags=[0.0],
                        rng=seed)
        simulated.append(lyapunov_exponent(network, neurons, networks, trials=trials,
                                           duration=duration, rng=seed))
        Delta0.append(runs.C_x[0])
        exponents.append(simulated[-1])
    return {"g": g, "Delta0": np.array([float(one.C_x[0]) for one in solutions]),
            "exponent": np.array([float(dmft.lyapunov_exponent(one)) for one in solutions]),
            "g_simulated": np.array(couplings),
            "Delta0_mean": np.array([float(one) for one in Delta0]),
            "Delta0_error": np.array([float(one.stderr) for one in Delta0]),
            "exponent_mean": np.array([float(one) for one in exponents]),
            "exponent_error": np.array([float(one.stderr) for one in exponents]),
            "neurons": neurons, "networks": networks}


def draw_transition(data: Data, axes: list) -> None:
    """Two panels against g: lines are theory, points simulation."""
    for axis, name in zip(axes, ("Delta0", "exponent"), strict=True):
        axis.axvline(1.0, color="0.75", linewidth=1.0, linestyle=(0, (4, 3)), zorder=0)
        axis.plot(data["g"], data[name], color=BLUE, label="theory")
        axis.errorbar(data["g_simulated"], data[f"{name}_mean"], data[f"{name}_error"],
                      linestyle="none", marker="o", color=RED, label=_experiment(data))
        axis.set_xlabel("coupling strength $g$")
        axis.set_xlim(data["g"][0], data["g"][-1] + 0.05)
    axes[1].axhline(0.0, color="0.75", linewidth=1.0, zorder=0)
    axes[0].set_ylabel(r"variance $\Delta_0 = \Delta(0)$")
    axes[1].set_ylabel(r"exponent $\lambda_{\max}$ (1 / time constant)")
    axes[0].set_title("Variance of $x$")
    axes[1].set_title("Largest Lyapunov exponent")
    axes[0].legend()


def _experiment(data: Data) -> str:
    return f"{data['networks']} networks, N = {data['neurons']}"


FIGURES = (
    Figure("iid_correlations", correlations, draw_correlations,
           settings={"couplings": [1.5, 2.0, 3.0],
                     "lags": [0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 12.0, 15.0, 18.0, 21.0],
                     "neurons": 2000, "networks": 20, "trials": 8, "duration": 50.0, "seed": 1},
           quick={"couplings": [1.5, 2.0, 3.0], "lags": [0.0, 2.0, 4.0, 8.0, 12.0, 16.0, 20.0],
                  "neurons": 500, "networks": 8, "trials": 4, "duration": 50.0, "seed": 1}),
    Figure("iid_transition", transition, draw_transition,
           settings={"lowest": 0.8, "highest": 3.0, "points": 45,
                     "couplings": [0.8, 0.9, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0],
                     "neurons": 1000, "networks": 20, "trials": 8, "duration": 100.0, "seed": 1},
           quick={"lowest": 0.8, "highest": 3.0, "points": 23,
                  "couplings": [0.8, 1.5, 2.0, 3.0],
                  "neurons": 500, "networks": 8, "trials": 4, "duration": 50.0, "seed": 1}),
)
