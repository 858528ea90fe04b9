"""Verdict: the result of a comparison of theory and simulation, and the power of its tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dmft import register
from dmft.plots.axes import EXPONENT, LAG, axes_for, finished
from dmft.plots.frames import frame
from dmft.plots.style import COLOURS
from dmft.plots.tables import Shown

from .tuning import MOST_ADVISED, REQUIRED_RESOLUTION

# the error to which `resolution` refers, by `of`
RESOLVED_ERROR = {"lag": "an error of C at the shortest lag",
                  "time": "a factor common to all values of one quantity",
                  "lags": "a factor common to all values of one quantity",
                  "threshold": "a factor common to the fractions of exponents above all thresholds"}
# comparisons whose resolutions are relative to another scale than the value of the theory itself
RESCALED = ("time", "lags")


def _quantity(what: str) -> str:
    """Name of the quantity of a test, without its index."""
    return what.partition("[")[0]


@register
@dataclass(frozen=True, eq=False)
class Verdict(Shown):
    """Comparison of a theory with simulated networks, test by test.

    A stationary comparison has arrays (Q, L), for Q quantities at L lags; one in time, or with
    dimensions and four-point functions, has arrays (K,) of all its tests.

    Parameters
    ----------
    quantities : tuple of str
        The compared quantities.
    lags : (L,) array
        Lags, or times, in neuronal time constants; or thresholds of exponents, in their inverse.
    theory, simulation : arrays
        The values; those of the simulation are extrapolated in 1/N if there are several sizes.
    stderr, dof : arrays
        Standard error of their difference, and its degrees of freedom.
    z : array
        (simulation - theory) / stderr, Student's t with `dof` degrees of freedom.
    p, p_adjusted : arrays
        Two-sided p values, single and adjusted for all tests by Holm's method.
    resolutions : array
        For each test: the deviation that is detected with probability `power` in this comparison,
        relative to `scale`.
    scale : array
        Value of the quantity at lag 0 in theory; for arrays (K,) its largest value over all times,
        regions and pairs of them, or over the compared lags; for fractions of exponents below a
        threshold the part below or above it, whichever is smaller.
    alpha, power : float
        Level of the comparison, and power to which the resolutions refer.
    neurons, networks : tuples of int
        Sizes, and number of networks of each size.
    tests : tuple of pairs of str
        Quantity of each test, and its lag, time or pair of times, in the order of the arrays.
    of : "lag", "time", "lags" or "threshold"
        Whether curves of one lag are compared, quantities in time, also pairs of units, or
        fractions of exponents.
    notes : tuple of str
        Reservations about the verdict.

    Examples
    --------
    >>> import dmft
    >>> from dmft import validation
    >>> network = dmft.RandomNetwork(g=2.0, phi=dmft.erf)
    >>> runs = validation.simulate(network, 50, 8, trials=2, duration=5.0, burn_in=5.0, lags=[0.0],
    ...                            rng=1)
    >>> verdict = validation.compare(dmft.solve(network), runs)
    >>> verdict.quantities, verdict.outcome
    (('C_x', 'C_phi'), 'undecided')
    """

    quantities: tuple[str, ...]
    lags: np.ndarray
    theory: np.ndarray
    simulation: np.ndarray
    stderr: np.ndarray
    dof: np.ndarray
    z: np.ndarray
    p: np.ndarray
    p_adjusted: np.ndarray
    resolutions: np.ndarray
    scale: np.ndarray
    alpha: float
    power: float
    neurons: tuple[int, ...]
    networks: tuple[int, ...]
    tests: tuple[tuple[str, str], ...]
    of: str = "lag"
    notes: tuple[str, ...] = ()

    @property
    def p_value(self) -> float:
        """Smallest adjusted p value: an upper bound on the probability of such a deviation."""
        return float(self.p_adjusted.min())

    @property
    def resolution(self) -> float:
        """Smallest relative error of any quantity that is detected with probability `power`.

        This is the largest of `by_quantity`: each quantity is confirmed to this relative accuracy.
        """
        return max(self.by_quantity.values())

    @property
    def by_quantity(self) -> dict[str, float]:
        """Smallest detectable relative error of each quantity.

        For curves it is the error at the shortest lag, relative to C(0). For arrays (K,) it is a
        factor common to all values of the quantity, detected by the most sensitive test, relative
        to theory; the smallest detectable error of one value alone is in `resolutions`. For a
        quantity that vanishes in theory (below 5 % of `scale` everywhere), which has no factor, it
        is relative to `scale`. For fractions of exponents it is a factor common to their smaller
        parts (`scale`).
        """
        found: dict[str, float] = {}
        for name in dict.fromkeys(_quantity(what) for what, _ in self.tests):
            own = np.array([_quantity(what) == name and (
                self.of != "lag" or where == self.tests[0][1]) for what, where in self.tests])
            detected = self.resolutions.ravel()[own]
            if self.of in RESCALED:
                size = np.abs(self.theory[own]) / self.scale[own]
                if np.any(size > REQUIRED_RESOLUTION):
                    detected = detected / np.maximum(size, 1e-300)
            found[name] = float(np.min(detected))
        return found

    @property
    def worst(self) -> float:
        """The largest of `resolutions`: an error of this size, relative to C(0) or the largest
        value in time, is detected at any of the lags or times."""
        return float(self.resolutions.max())

    @property
    def sharpest(self) -> float:
        """The smallest of `resolutions`: that of the most sensitive test."""
        return float(self.resolutions.min())

    @property
    def at_zero(self) -> dict[str, float]:
        """`by_quantity`: resolution at the shortest lag (of C(0) if lag 0 was measured)."""
        return self.by_quantity

    @property
    def disagrees(self) -> bool:
        """Whether the theory is rejected at level `alpha`."""
        return not self.p_value > self.alpha

    @property
    def agrees(self) -> bool:
        """Whether the theory is not rejected, in a comparison with a resolution below 5 %."""
        return not self.disagrees and self.resolution < REQUIRED_RESOLUTION

    @property
    def outcome(self) -> str:
        """ "agrees", "disagrees" or "undecided" (not rejected, at insufficient resolution)."""
        return "disagrees" if self.disagrees else "agrees" if self.agrees else "undecided"

    def __str__(self) -> str:
        sizes = ", ".join(f"{n} x {size}" for n, size in zip(self.networks, self.neurons,
                                                             strict=True))
        how = "extrapolated in 1/N" if len(self.neurons) > 1 else "at this size"
        wide = max(8, *(len(what) for what, _ in self.tests)) + 1
        far = max(6, *(len(where) for _, where in self.tests)) + 1
        lines = [
            f"{self.outcome.upper()}: p = {self.p_value:.2g}, {self.p.size} tests by Holm, level "
            f"{self.alpha:g}",
            f"resolution {100 * self.resolution:.2g} %: {RESOLVED_ERROR[self.of]} that "
            f"is detected with {100 * self.power:g} % power (required: below "
            f"{100 * REQUIRED_RESOLUTION:g} %); {self._range()}",
            f"networks x neurons: {sizes}; simulation {how}",
            f"{'quantity':<{wide}}{self.of:>{far}}{'theory':>12}{'simulation':>12}{'stderr':>10}"
            f"{'z':>8}{'p adjusted':>12}{'detectable':>13}",
        ]
        columns = (self.theory, self.simulation, self.stderr, self.z, self.p_adjusted,
                   self.resolutions)
        for (what, where), row in zip(self.tests, zip(*map(np.ravel, columns), strict=True),
                                      strict=True):
            theory, simulation, stderr, z, p, smallest = row
            lines.append(f"{what:<{wide}}{where:>{far}}{theory:>12.6f}{simulation:>12.6f}"
                         f"{stderr:>10.2g}{z:>8.2f}{p:>12.2g}{100 * smallest:>11.2g} %")
        if self.outcome == "undecided":
            more = max(1.2, (self.resolution / REQUIRED_RESOLUTION) ** 2)  # some margin
            lines.append("note: undecided, since the resolution is not below "
                         f"{100 * REQUIRED_RESOLUTION:g} %: simulate about {more:.2g} times as "
                         "many networks, or larger ones" if more < MOST_ADVISED else
                         "note: undecided, since the resolution is far from "
                         f"{100 * REQUIRED_RESOLUTION:g} %: simulate larger networks for a longer "
                         "time")
        lines += [f"note: {note}" for note in self.notes]
        return "\n".join(lines)

    def _range(self) -> str:
        smallest, largest = 100 * self.sharpest, 100 * self.worst
        if self.of != "lag":
            whole = ("largest value of the quantity" if self.of in RESCALED else
                     "fraction above its threshold (or below it, if that is smaller)")
            return (f"for an error of one value alone {smallest:.2g} to {largest:.2g} % of the "
                    f"{whole}")
        return f"{smallest:.2g} % of C(0) at the most sensitive lag, {largest:.2g} % at the least"

    __repr__ = __str__

    def plot(self, axes: Any = None) -> Any:
        """Draw the deviation of simulation from theory in standard errors, test by test.

        Values of one quantity have one colour; the grey band is that of two standard errors.

        Parameters
        ----------
        axes : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        matplotlib axes
        """
        axes = axes_for(axes)
        names = [what for what, _ in self.tests]
        along = {"lag": LAG, "threshold": EXPONENT}.get(self.of)
        places = (np.arange(len(names), dtype=float) if along is None
                  else np.tile(self.lags, len(self.quantities)))
        axes.axhspan(-2, 2, color="0.9", lw=0)
        axes.axhline(0, color="0.5", lw=0.8)
        for name, colour in zip(dict.fromkeys(names), COLOURS * len(names), strict=False):
            own = np.array([one == name for one in names])
            axes.plot(places[own], self.z.ravel()[own], "o", color=colour, label=name)
        return finished(axes, along or "test",
                        "(simulation - theory) / standard error",
                        title=f"{self.outcome}, p = {self.p_value:.2g}")

    def to_dataframe(self) -> Any:
        """A pandas.DataFrame with one row for each test; ImportError without pandas."""
        columns = ("theory", "simulation", "stderr", "z", "p", "p_adjusted", "resolutions")
        return frame({"quantity": [what for what, _ in self.tests],
                      self.of: [where for _, where in self.tests],
                      **{name: np.ravel(getattr(self, name)) for name in columns}})

    def _summary(self) -> list[tuple[str, Any]]:
        return [("outcome", self.outcome), ("p", self.p_value),
                ("resolution", f"{100 * self.resolution:.2g} %"), ("tests", self.p.size),
                ("neurons", self.neurons), ("networks", self.networks), *(
                    ("note", note) for note in self.notes)]
