"""Multiregion figure: five networks, one of each class of activity, with their Delta(t, t')."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, GREEN, ORANGE, PURPLE

from ...execution.progress import SILENT, Report
from ..registry import Data, Figure
from .tuning import CLASS_EXAMPLES

COLOURS = (BLUE, ORANGE, GREEN, PURPLE)


def class_examples(*, stop: float, window: float, dt: float, keep: int, tol: float,
                   report: Report = SILENT) -> Data:
    """Draws of the published map, one of each class of the units of its first region.

    `kind` (5,) names; `z` (5, times, 2, 2) currents and `Delta` (5, m, m) of the region in the last
    `window`, at `t` and at `kept`.
    """
    times = dmft.Times(stop, dt, keep=keep)
    late, kept = times.t >= stop - window, times.kept >= stop - window
    z, Delta = [], []
    for kind, (leading, seed, region) in CLASS_EXAMPLES.items():
        random = np.random.default_rng(seed)
        T = dmft.random_overlaps(2, leading, rng=random)
        solution = dmft.solve(dmft.MultiregionNetwork(1.5, T), times=times, tol=tol, strict=False,
                              currents=random.uniform(size=(2, 2)), variance=1.5**2)
        z.append(solution.z[late])
        assert solution.Delta is not None
        Delta.append(solution.Delta[region][np.ix_(kept, kept)])
        report(kind)
    return {"kind": list(CLASS_EXAMPLES), "t": times.t[late] - (stop - window),
            "kept": times.kept[kept] - (stop - window), "z": np.array(z), "Delta": np.array(Delta)}


def draw_class_examples(data: Data, axes: list) -> None:
    """Delta(t, t') of each network above its currents."""
    columns = len(data["kind"])
    for k, kind in enumerate(data["kind"]):
        above, below = axes[k], axes[columns + k]
        largest = float(np.max(np.abs(data["Delta"][k])))
        image = above.pcolormesh(data["kept"], data["kept"], data["Delta"][k], cmap="RdBu_r",
                                 shading="nearest", vmin=-largest, vmax=largest, rasterized=True)
        above.figure.colorbar(image, ax=above)
        above.set_aspect("equal")
        above.set_title(kind)
        above.set_xlabel("$t$")
        above.set_ylabel("$t'$")
        for place in range(4):
            mu, nu = divmod(place, 2)
            below.plot(data["t"], data["z"][k][:, mu, nu], color=COLOURS[place],
                       label=f"{nu + 1} to {mu + 1}")
        low, high = np.min(data["z"][k]), np.max(data["z"][k])
        room = 0.1 * (high - low) + 0.1  # a decay to zero is drawn as zero
        below.set_ylim(low - room, high + room)
        below.set_xlabel("$t$ (neuronal time constants)")
    axes[columns].set_ylabel(r"currents $z^{\mu\nu}(t)$")
    axes[-1].legend(loc="upper right", title="current", ncols=2)


FIGURES = (
    Figure("multiregion_class_examples", class_examples, draw_class_examples,
           settings={"stop": 200.0, "window": 50.0, "dt": 0.1, "keep": 4, "tol": 1e-2},
           quick={"stop": 20.0, "window": 10.0, "dt": 0.2, "keep": 2, "tol": 1e-2}, panels=10,
           rows=2),
)
