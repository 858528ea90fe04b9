"""phase_diagram: phases of plastic networks on a grid of coupling and plasticity strength."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..base.checks import callable_or_none, finite_array, one_of, positive, reject
from ..base.long_call import long_call
from ..network.nonlinearity import Nonlinearity, tanh
from ..plots.axes import axes_for, finished
from ..plots.frames import frame
from ..plots.tables import Shown
from ..sampled.sampling_options import SamplingOptions, check_options
from ..storage.scan import scan
from .phase_rows import in_order, phases_of_row, rows_of
from .phases import Phase

KINDS = ("quiescent", "chaotic", "hebbian_induced", "oscillating", "peak_resolved", "frozen",
         "fixed_points", "freezable")


@dataclass(frozen=True, eq=False)
class PhaseDiagram(Shown):
    """Phases of plastic networks on a grid of g and k.

    Parameters
    ----------
    g, k : (n,), (m,) arrays
        Coupling and plasticity strengths of the grid, increasing.
    p : float
        Synaptic time constant, in neuronal time constants.
    phases : tuple of Phase
        The n m phases, with k as the fastest index.

    Examples
    --------
    >>> import dmft
    >>> found = dmft.phase_diagram([0.5, 0.8], [-1.0], p=2.5)
    >>> len(found.phases), found.where("chaotic").tolist()
    (2, [[False], [False]])
    """

    g: np.ndarray
    k: np.ndarray
    p: float
    phases: tuple[Phase, ...]

    def at(self, i: int, j: int) -> Phase:
        """The phase at g[i], k[j]."""
        return self.phases[i * len(self.k) + j]

    def where(self, kind: str) -> np.ndarray:
        """(n, m) whether a kind of state exists, by an attribute of `Phase` such as "freezable"."""
        one_of("kind", kind, KINDS)
        return self._table(lambda one: getattr(one, kind)).astype(bool)

    @cached_property
    def unresolved(self) -> np.ndarray:
        """(n, m) whether the solve of the chaotic state failed, see `Phase.chaos`."""
        return self._table(lambda one: one.chaos == "unresolved").astype(bool)

    @cached_property
    def C(self) -> np.ndarray:
        """(n, m) C_phi(0) of the chaotic state; NaN where there is none."""
        return self._table(lambda one: float(one.C))

    @cached_property
    def q(self) -> np.ndarray:
        """(n, m) stability q of the frozen state, stable below 1; NaN without chaos."""
        return self._table(lambda one: float(one.q))

    @cached_property
    def complexity(self) -> np.ndarray:
        """(n, m) growth rate of the number of stable fixed points; -inf where there are none."""
        return self._table(lambda one: one.complexity)

    def freezing_line(self) -> np.ndarray:
        """(n,) the k at which q falls below 1, by linear interpolation in k; NaN where it does not.

        The line of freezing at each g, of a diagram with `freeze_tol`; see `dmft.freezing_onset`.
        """
        line = np.full(len(self.g), np.nan)
        for i, q in enumerate(self.q):
            falls = np.flatnonzero((q[:-1] >= 1) & (q[1:] < 1))
            if len(falls):
                j = falls[0]
                share = (q[j] - 1) / (q[j] - q[j + 1])
                line[i] = self.k[j] + share * (self.k[j + 1] - self.k[j])
        return line

    def _table(self, of: Callable[[Phase], Any]) -> np.ndarray:
        return np.array([of(one) for one in self.phases]).reshape(len(self.g), len(self.k))

    def plot(self, axes: Any = None) -> Any:
        """Draw C_phi(0) of the chaotic state in the plane of g and k, and the line of freezing.

        Grey: no chaotic state. Crosses: it was not resolved.

        Parameters
        ----------
        axes : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        matplotlib axes
        """
        axes = axes_for(axes)
        image = axes.pcolormesh(self.g, self.k, self.C.T, shading="nearest", cmap="viridis")
        axes.set_facecolor("0.85")
        axes.figure.colorbar(image, ax=axes, label=r"$C_\phi(0)$")
        line = self.freezing_line()
        if np.any(np.isfinite(line)):
            axes.plot(self.g, line, color="white", label="freezing")
        i, j = np.nonzero(self.unresolved)
        if len(i):
            axes.plot(self.g[i], self.k[j], "x", color="black", label="unresolved")
        return finished(axes, "coupling strength $g$", "plasticity strength $k$")

    def to_dataframe(self) -> Any:
        """A pandas.DataFrame, one row for each point of the grid; ImportError without pandas."""
        g, k = (one.ravel() for one in np.meshgrid(self.g, self.k, indexing="ij"))
        return frame({"g": g, "k": k, "C_phi_0": self.C.ravel(), "q": self.q.ravel(),
                      "complexity": self.complexity.ravel(),
                      **{kind: self.where(kind).ravel() for kind in KINDS}})

    def _summary(self) -> list[tuple[str, Any]]:
        return [("g", self.g), ("k", self.k), ("p", self.p), ("points", len(self.phases)),
                *((kind, int(self.where(kind).sum())) for kind in KINDS),
                ("unresolved", int(self.unresolved.sum()))]

    def __repr__(self) -> str:
        return (f"PhaseDiagram({len(self.g)} x {len(self.k)} points, p={self.p:g}: "
                + ", ".join(f"{kind} {int(self.where(kind).sum())}" for kind in KINDS)
                + f", unresolved {int(self.unresolved.sum())})")


def phase_diagram(g: ArrayLike, k: ArrayLike, p: float = 2.5, phi: Nonlinearity = tanh, *,
                  tol: float = 1e-2, freeze_tol: float | None = None, executor: Any = None,
                  store: str | os.PathLike[str] | None = None, rng: Any = 0,
                  callback: Callable | None = None, progress: bool | None = None,
                  options: SamplingOptions | None = None
                  ) -> PhaseDiagram:
    """Phase diagram of plastic networks: `dmft.phase` at all pairs of g and k.

    At each k the points are solved from strong coupling downward, each from the chaotic solution
    of the one before, which follows the upper branch of activity to its fold. Where the activity
    is lost, a solve from strong activity confirms that, as the message of each phase says. About
    eight neighbouring points are one task of `dmft.scan`.

    Parameters
    ----------
    g, k : array_like
        Increasing values of coupling and plasticity strength.
    p : float
        Synaptic time constant, in neuronal time constants; above 0.
    phi : Nonlinearity
        An odd sigmoid.
    tol : float
        Relative standard error of C_phi(0), above 0.
    freeze_tol : float or None
        Standard error of q. With None, the default, freezing is not computed: it takes longer than
        all else, and `dmft.freezing_onset` gives the line above which chaos is freezable.
    executor, store, rng
        As for `dmft.scan`: a pool of processes; a folder in which finished tasks are stored, so
        that a second call computes only the missing ones; the seed.
    callback : callable, optional
        callback(done, total, index, phase) after each point; index counts the points with k the
        fastest.
    progress : bool, optional
        Show a bar on stderr from the first second on; by default in terminals and notebooks only.
    options : SamplingOptions, optional
        Of the solves. By default 128 paths at first where plasticity sustains activity, k > 0,
        which is slow and whose error is far below 1e-2 with that number; 1024 elsewhere, which
        resolve weak oscillations.

    Returns
    -------
    PhaseDiagram
        A point whose solve failed is "unresolved", with its message.

    Raises
    ------
    ModelError, ScanError, ScanInterrupted, StorageError
        As `dmft.phase` and `dmft.scan`.

    Examples
    --------
    >>> phase_diagram([0.5, 0.8], [-1.0], p=2.5).where("quiescent").tolist()
    [[True], [True]]
    """
    gs, ks = _axis("g", g), _axis("k", k)
    tol = positive("tol", tol)
    if freeze_tol is not None:
        freeze_tol = positive("freeze_tol", freeze_tol)
    check_options(options, True)
    callable_or_none("callback", callback, "(done, total, index, phase)")
    rows, indices = rows_of(gs, ks, p, phi)
    done = 0

    def report(_: int, __: int, at: int, found: Any) -> None:
        nonlocal done
        for index, one in zip(indices[at], found, strict=True):
            done += 1
            if shown is not None:
                shown(done, len(gs) * len(ks), index, one)

    with long_call("phase_diagram", progress, callback, counts=True) as shown:
        found = scan(phases_of_row, rows, executor=executor, store=store, rng=rng,
                     callback=report, progress=False, tol=tol, freeze_tol=freeze_tol,
                     options=options)
    return PhaseDiagram(gs, ks, float(p), in_order(found, indices))


def _axis(name: str, values) -> np.ndarray:
    array = finite_array(name, values, 1)
    if np.any(np.diff(array) <= 0):
        reject(name, values, "not increasing", "give the values of the grid's axis in "
               "increasing order")
    array.flags.writeable = False
    return array
