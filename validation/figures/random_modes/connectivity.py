"""Figure of a connectivity matrix: the larval mushroom body as random modes."""

from __future__ import annotations

import numpy as np

import dmft
from dmft.plots.style import BLUE, ORANGE

from ...execution.progress import SILENT, Report
from ..registry import Data, Figure
from .mushroom_body import MUSHROOM_BODY, couplings


def structure(*, path: str, shuffles: int, seed: int, report: Report = SILENT) -> Data:
    """Singular values, eigenvalues and overlaps of the matrix minus its mean, in units of g_eff.

    Arrays `s`, `D` (N,), `overlaps`, `eigenvalues`, `independent` (the singular values of
    independent couplings), `boundary` of the modes with overlaps; numbers of the measurement.
    """
    J = couplings(path)
    found = dmft.measure_connectivity(J, shuffles=shuffles, rng=seed)
    report(f"{shuffles} shuffles")
    N, scale = found.neurons, found.g_eff
    independent = np.random.default_rng(seed).standard_normal((N, N)) / np.sqrt(N)
    network = dmft.RandomModeNetwork.from_connectivity(found, dmft.erf, g=1.0)
    return {
        "neurons": N, "mean": found.mean, "g_eff": scale, "effective_rank": found.effective_rank,
        "raw_rank": found.raw_rank, "unstructured": found.unstructured / scale,
        "s": found.singular_values / scale, "D": found.strengths / scale,
        "independent": np.linalg.svd(independent, compute_uv=False),
        "overlaps": found.overlaps, "overlap_rms": found.overlap_rms,
        "shuffled_rms": found.shuffled_rms, "p_value": found.p_value,
        "weighted": float(np.average(found.overlaps, weights=found.singular_values**2)),
        "fourth": np.array([float(np.mean(gain**4)) for gain in found.gains]),
        "without_input": int(np.sum(np.sum(np.abs(J), axis=1) == 0)),
        "without_output": int(np.sum(np.sum(np.abs(J), axis=0) == 0)),
        "eigenvalues": np.linalg.eigvals(found.matrix) / scale,
        "boundary": dmft.jacobian_spectrum(network).boundary(400)}


def draw_structure(data: Data, axes: list) -> None:
    """Singular values with the strengths, the complex plane, overlaps against singular values."""
    rank = np.arange(1, data["neurons"] + 1)
    axes[0].loglog(rank, data["s"], ".", color=BLUE, label="singular values $s_a$")
    kept = data["D"] > 0
    axes[0].loglog(rank[kept], data["D"][kept], "o", color=ORANGE, markerfacecolor="none",
                   label=r"strengths $D_a$")
    axes[0].loglog(rank, data["independent"], color="0.6", linewidth=1.2,
                   label="independent couplings")
    axes[0].set_ylim(1e-2, 40)
    axes[0].set_xlabel("$a$, in descending order")
    axes[0].set_ylabel(r"$s_a,\ D_a$, over $g_\mathrm{eff}$")
    axes[0].set_title(rf"$N={data['neurons']}$, $\mathrm{{PR}}_D={data['effective_rank']:.3f}$")
    axes[0].legend(loc="upper right")
    circle = np.exp(1j * np.linspace(0, 2 * np.pi, 200))
    edge = np.append(data["boundary"], data["boundary"][0])
    axes[1].plot(circle.real, circle.imag, color="0.6", label="no overlaps")
    axes[1].plot(edge.real, edge.imag, color=ORANGE, label="with overlaps, many modes")
    axes[1].plot(data["eigenvalues"].real, data["eigenvalues"].imag, ".", color=BLUE,
                 label="eigenvalues")
    axes[1].axhline(0.0, color="0.9", linewidth=1.0, zorder=0)
    axes[1].set_ylim(-2.2, 4.2)
    axes[1].set_xlabel(r"Re $\lambda\,/\,g_\mathrm{eff}$")
    axes[1].set_ylabel(r"Im $\lambda\,/\,g_\mathrm{eff}$")
    axes[1].set_title("Eigenvalues, mean coupling removed")
    axes[1].legend(loc="upper left")
    axes[2].axhspan(-2 * data["shuffled_rms"], 2 * data["shuffled_rms"], color="0.88",
                    label=r"other pairs, $\pm 2$ rms")
    axes[2].semilogx(data["s"], data["overlaps"], ".", color=BLUE, label="pairs of one mode")
    axes[2].set_xlim(1e-2, 20)
    axes[2].set_ylim(-0.6, 0.8)
    axes[2].set_xlabel(r"singular value $s_a\,/\,g_\mathrm{eff}$")
    axes[2].set_ylabel("overlap $v_a\\cdot u_a$")
    axes[2].set_title(f"Overlaps: rms {data['overlap_rms']:.2f}, others "
                      f"{data['shuffled_rms']:.2f}, p = {data['p_value']:.2g}")
    axes[2].legend(loc="upper left")


FIGURES = (
    Figure("connectivity_structure", structure, draw_structure,
           settings={"path": MUSHROOM_BODY, "shuffles": 20000, "seed": 1},
           quick={"path": MUSHROOM_BODY, "shuffles": 200, "seed": 1}, panels=3),
)
