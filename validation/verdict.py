"""Verdict: what a comparison of theory and simulation found, and what it could have found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dmft.encoding import register

SHARP = 0.05  # a comparison of lower resolution than this does not speak of agreement


@register
@dataclass(frozen=True, eq=False)
class Verdict:
    """Comparison of Q quantities at L lags; every array is (Q, L).

    Parameters
    ----------
    quantities : tuple of str
    lags : (L,) array
        In neuronal time constants.
    theory, simulation : arrays
        The curves; the simulation's is extrapolated in 1/N where there are several sizes.
    stderr, dof : arrays
        Standard error of their difference, and its degrees of freedom.
    z : array
        (simulation - theory) / stderr, a Student t with `dof`.
    p, p_adjusted : arrays
        Two-sided p values, alone and adjusted by Holm for all Q L tests.
    resolutions : array
        For each test: the deviation, relative to the theory's value at lag 0 of that quantity,
        that would have been caught with probability `power` in this comparison.
    alpha, power : float
        Level of the comparison, and probability of the resolution.
    neurons, networks : tuples of int
        Sizes, and networks of each.
    notes : tuple of str
        What should be known with the verdict.
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
    alpha: float
    power: float
    neurons: tuple[int, ...]
    networks: tuple[int, ...]
    notes: tuple[str, ...] = ()

    @property
    def p_value(self) -> float:
        """Smallest adjusted p value: the probability, at most, of such a deviation by chance."""
        return float(self.p_adjusted.min())

    @property
    def resolution(self) -> float:
        """Smallest relative error of C(0) that this comparison would have caught.

        The largest over the quantities of `resolutions` at the shortest lag (lag 0, unless it was
        left out): each amplitude is known to be right to within this, with probability `power`.
        """
        return float(self.resolutions[:, 0].max())

    @property
    def worst(self) -> float:
        """The largest of `resolutions`: an error of this size, relative to C(0), is caught at
        whichever of the lags it occurs."""
        return float(self.resolutions.max())

    @property
    def sharpest(self) -> float:
        """The smallest of `resolutions`: of the test that sees most."""
        return float(self.resolutions.min())

    @property
    def at_zero(self) -> dict[str, float]:
        """Resolution at the shortest lag (C(0) where lag 0 was measured), by quantity."""
        return {name: float(row[0])
                for name, row in zip(self.quantities, self.resolutions, strict=True)}

    @property
    def disagrees(self) -> bool:
        """Whether the theory is rejected at level alpha."""
        return not self.p_value > self.alpha

    @property
    def agrees(self) -> bool:
        """Whether it is not, in a comparison that would have caught an error of C(0) of 5 %."""
        return not self.disagrees and self.resolution < SHARP

    @property
    def outcome(self) -> str:
        """ "agrees", "disagrees" or "undecided" (not rejected, but too blunt to speak)."""
        return "disagrees" if self.disagrees else "agrees" if self.agrees else "undecided"

    def __str__(self) -> str:
        sizes = ", ".join(f"{n} x {size}" for n, size in zip(self.networks, self.neurons,
                                                             strict=True))
        how = "extrapolated in 1/N" if len(self.neurons) > 1 else "at this size"
        lines = [
            f"{self.outcome.upper()}: p = {self.p_value:.2g}, {self.p.size} tests by Holm, level "
            f"{self.alpha:g}",
            f"resolution {100 * self.resolution:.2g} %: an error of C at the shortest lag that "
            f"would have been caught with {100 * self.power:g} % power (asked: below "
            f"{100 * SHARP:g} %); at the sharpest lag {100 * self.sharpest:.2g} %, at the bluntest "
            f"{100 * self.worst:.2g} % of C(0)",
            f"networks x neurons: {sizes}; simulation {how}",
            f"{'quantity':<9}{'lag':>7}{'theory':>12}{'simulation':>12}{'stderr':>10}{'z':>8}"
            f"{'p adjusted':>12}{'would catch':>13}",
        ]
        for q, name in enumerate(self.quantities):
            for k, lag in enumerate(self.lags):
                lines.append(
                    f"{name:<9}{lag:>7.4g}{self.theory[q, k]:>12.6f}{self.simulation[q, k]:>12.6f}"
                    f"{self.stderr[q, k]:>10.2g}{self.z[q, k]:>8.2f}{self.p_adjusted[q, k]:>12.2g}"
                    f"{100 * self.resolutions[q, k]:>11.2g} %")
        if self.outcome == "undecided":
            more = (self.resolution / SHARP) ** 2
            lines.append(f"note: undecided, since the resolution is not below {100 * SHARP:g} %: "
                         f"about {more:.1f} times as many networks, or larger ones, will tell")
        lines += [f"note: {note}" for note in self.notes]
        return "\n".join(lines)

    __repr__ = __str__
