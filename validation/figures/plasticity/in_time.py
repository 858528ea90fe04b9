"""Figure of plasticity: relaxation from a prepared state, and aging, theory over networks."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE, PURPLE

from ...execution.progress import SILENT, Report
from ...simulation.simulate import simulate
from ..registry import Data, Figure

COLOURS = (BLUE, ORANGE, GREEN, PURPLE)


def in_time(*, g: float, p: float, strengths: list[float], stop: float, observed: list[float],
            aging: dict, neurons: int, networks: int, seed: int, report: Report = SILENT) -> Data:
    """C_phi(t, t) from x(0) ~ N(0, 1), A = 0, at strengths k; slow chaos at several waiting times.

    Arrays `t`, `C`, `C_error` (k, n), `observed`, `C_mean`, `C_mean_error` (k, m) of networks;
    `lag`, `waiting`, `aged`, `aged_error` (w, n), `lag_observed`, `aged_mean`, `aged_mean_error`.
    """
    times = dmft.Times(stop, 0.1)
    out: Data = {"g": g, "p": p, "k": np.array(strengths), "observed": np.array(observed),
                 "neurons": neurons, "networks": networks}
    rows: dict[str, list] = {name: [] for name in ("C", "C_error", "C_mean", "C_mean_error")}
    for k in strengths:
        network = dmft.PlasticNetwork(g, k, p)
        # a schedule, in which nothing changes: paths also at k = 0
        found = dmft.solve(network, times=times, schedule=dmft.Schedule(), rng=seed)
        rows["C"].append(found.power.value[:, 0])
        rows["C_error"].append(found.power.stderr[:, 0])
        runs = simulate(network, neurons, networks, trials=2, times=times, at=observed,
                        pairs=True, rng=seed)
        own = np.diagonal(runs.samples("C_phi")[:, 0], axis1=1, axis2=2)
        rows["C_mean"].append(own.mean(axis=0))
        rows["C_mean_error"].append(own.std(axis=0, ddof=1) / np.sqrt(networks))
        report(f"relaxation, k={k:g}")
    out |= {name: np.array(row) for name, row in rows.items()} | {"t": times.t}
    return out | _aging(g, p, neurons, networks, seed, report, **aging)


def _aging(g: float, p: float, neurons: int, networks: int, seed: int, report: Report, *,
           k: float, waiting: list[float], longest: float, paths: int, points: int) -> Data:
    """C_phi(tw + tau, tw) over the root of both C_phi(t, t), of theory and networks."""
    stop = max(waiting) + longest
    network = dmft.PlasticNetwork(g, k, p)
    found = dmft.solve(network, times=dmft.Times(stop, 0.2, keep=5), rng=seed,
                       tol=0.1, options=dmft.PathOptions(paths=paths))
    assert isinstance(found, dmft.SampledTimeSolution)
    assert found.replicates is not None
    report("aging, theory")
    kept, lags = found.times.kept, np.linspace(0.0, longest, points)
    at = np.unique(np.concatenate([w + lags for w in waiting]))
    runs = simulate(network, neurons, networks, trials=1, times=dmft.Times(stop, 0.1), at=at,
                    pairs=True, dt=0.1, rng=seed)
    report("aging, networks")
    lag = kept[kept <= longest + 1e-9]
    rows: dict[str, list] = {name: [] for name in ("aged", "aged_error", "aged_mean",
                                                   "aged_mean_error")}
    C = runs.samples("C_phi")[:, 0]
    for w in waiting:
        first = int(np.argmin(np.abs(kept - w)))
        each = _normalised(found.replicates[:, 0], first, list(range(first, first + len(lag))))
        own = _normalised(C, runs.index(w), [runs.index(float(w + one)) for one in lags])
        for name, sample in (("aged", each), ("aged_mean", own)):
            rows[name].append(sample.mean(axis=0))
            rows[f"{name}_error"].append(sample.std(axis=0, ddof=1) / np.sqrt(len(sample)))
    return {name: np.array(row) for name, row in rows.items()} | {
        "lag": lag, "lag_observed": lags, "waiting": np.array(waiting), "k_aging": k}


def _normalised(C: np.ndarray, first: int, then: list[int]) -> np.ndarray:
    """(r, n) correlations between one time and others, from C (r, m, m)."""
    square = np.diagonal(C, axis1=1, axis2=2)
    return C[:, first, then] / np.sqrt(square[:, first, None] * square[:, then])


def draw_in_time(data: Data, axes: list) -> None:
    """Two panels: relaxation at several k; the normalised correlation from waiting times on."""
    def curve(axis, t, value, error, colour, label):
        axis.plot(t, value, color=colour, label=label)
        axis.fill_between(t, value - error, value + error, color=colour, alpha=0.25, linewidth=0)

    for row, k in enumerate(data["k"]):
        curve(axes[0], data["t"], data["C"][row], data["C_error"][row], COLOURS[row], f"$k={k:g}$")
        axes[0].errorbar(data["observed"], data["C_mean"][row], data["C_mean_error"][row],
                         linestyle="none", marker="o", color=COLOURS[row])
    axes[0].set_xlabel("time $t$ (neuronal time constants)")
    axes[0].set_ylabel(r"$C_\phi(t,t)$")
    axes[0].set_ylim(bottom=0.0)
    axes[0].legend(loc="lower right")
    axes[0].set_title(f"From $x(0)\\sim N(0,1)$, $A=0$; $g={data['g']:g}$, $p={data['p']:g}$")
    for row, w in enumerate(data["waiting"]):
        curve(axes[1], data["lag"], data["aged"][row], data["aged_error"][row], COLOURS[row],
              f"{w:g}")
        axes[1].errorbar(data["lag_observed"], data["aged_mean"][row],
                         data["aged_mean_error"][row], linestyle="none", marker="o",
                         color=COLOURS[row])
    axes[1].set_xlabel(r"lag $\tau$")
    axes[1].set_ylabel(r"$C_\phi(t_w+\tau,t_w)$, normalised")
    axes[1].legend(title="waiting time $t_w$")
    axes[1].set_title(f"Aging, $k={data['k_aging']:g}$; points: {data['networks']} networks, "
                      f"$N={data['neurons']}$")


FIGURES = (
    Figure("plasticity_in_time", in_time, draw_in_time,
           settings={"g": 2.0, "p": 2.5, "strengths": [-1.0, 0.0, 1.0], "stop": 30.0,
                     "observed": [0.5, 1.0, 2.0, 4.0, 7.0, 10.0, 15.0, 20.0, 25.0, 30.0],
                     "aging": {"k": 3.0, "waiting": [5.0, 20.0, 60.0], "longest": 40.0,
                               "paths": 4000, "points": 5},
                     "neurons": 1000, "networks": 12, "seed": 1},
           quick={"g": 2.0, "p": 2.5, "strengths": [-1.0, 1.0], "stop": 10.0,
                  "observed": [1.0, 4.0, 10.0],
                  "aging": {"k": 3.0, "waiting": [5.0, 10.0], "longest": 10.0, "paths": 500,
                            "points": 3},
                  "neurons": 300, "networks": 6, "seed": 1}),
)
