"""Verdict: what a comparison of theory and simulation found, and what it could have found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dmft.storage.encoding import register

WOULD = {"lag": "an error of C at the shortest lag",
         "time": "a factor common to all values of one quantity",
         "lags": "a factor common to all values of one quantity"}
SHARP = 0.05  # a comparison of lower resolution than this does not speak of agreement


@register
@dataclass(frozen=True, eq=False)
class Verdict:
    """Comparison of a theory with simulated networks, test by test.

    A stationary comparison has arrays (Q, L), Q quantities at L lags; one in time, or with
    dimensions and four-point functions, has arrays (K,), all its tests in a row.

    Parameters
    ----------
    quantities : tuple of str
        What was compared.
    lags : (L,) array
        Lags, or times, in neuronal time constants.
    theory, simulation : arrays
        The values; the simulation's are extrapolated in 1/N where there are several sizes.
    stderr, dof : arrays
        Standard error of their difference, and its degrees of freedom.
    z : array
        (simulation - theory) / stderr, a Student t with `dof`.
    p, p_adjusted : arrays
        Two-sided p values, alone and adjusted by Holm for all tests.
    resolutions : array
        For each test: the deviation that would have been caught with probability `power` in this
        comparison, relative to `scale`.
    scale : array
        The theory's value at lag 0 of that quantity; in a row its largest value over all times,
        regions and pairs of them, or over the lags compared.
    alpha, power : float
        Level of the comparison, and probability of the resolution.
    neurons, networks : tuples of int
        Sizes, and networks of each.
    tests : tuple of pairs of str
        What each test is of, and at which lag, time or pair of times, in the arrays' order.
    of : "lag", "time" or "lags"
        Whether the comparison is of curves of one lag, in time, or of pairs of units too.
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
        """Smallest adjusted p value: the probability, at most, of such a deviation by chance."""
        return float(self.p_adjusted.min())

    @property
    def resolution(self) -> float:
        """Smallest relative error that this comparison would have caught, with `power`.

        The largest of `by_quantity`: each quantity is known to be right to within this share of
        itself.
        """
        return max(self.by_quantity.values())

    @property
    def by_quantity(self) -> dict[str, float]:
        """Relative error of each quantity that would have been caught.

        Of curves: of its amplitude C(0), at the shortest lag. In a row: a factor common to all
        values of the quantity, as it is caught by the test that sees it best, deviation over
        theory; an error of one value alone is caught from its own `resolutions` on.
        """
        caught = self.resolutions
        if self.of != "lag":
            caught = caught * self.scale / np.maximum(np.abs(self.theory), 1e-300)
        found: dict[str, float] = {}
        for (what, where), value in zip(self.tests, caught.ravel(), strict=True):
            if self.of != "lag" or where == self.tests[0][1]:
                name = what.partition("[")[0]
                found[name] = min(found.get(name, np.inf), float(value))
        return found

    @property
    def worst(self) -> float:
        """The largest of `resolutions`: an error of this size, relative to C(0) or the largest
        value in time, is caught at whichever of the lags or times it occurs."""
        return float(self.resolutions.max())

    @property
    def sharpest(self) -> float:
        """The smallest of `resolutions`: of the test that sees most."""
        return float(self.resolutions.min())

    @property
    def at_zero(self) -> dict[str, float]:
        """`by_quantity`: resolution at the shortest lag (C(0) where lag 0 was measured)."""
        return self.by_quantity

    @property
    def disagrees(self) -> bool:
        """Whether the theory is rejected at level alpha."""
        return not self.p_value > self.alpha

    @property
    def agrees(self) -> bool:
        """Whether it is not, in a comparison of a resolution below 5 %."""
        return not self.disagrees and self.resolution < SHARP

    @property
    def outcome(self) -> str:
        """ "agrees", "disagrees" or "undecided" (not rejected, but too blunt to speak)."""
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
            f"resolution {100 * self.resolution:.2g} %: {WOULD[self.of]} that "
            f"would have been caught with {100 * self.power:g} % power (asked: below "
            f"{100 * SHARP:g} %); {self._range()}",
            f"networks x neurons: {sizes}; simulation {how}",
            f"{'quantity':<{wide}}{self.of:>{far}}{'theory':>12}{'simulation':>12}{'stderr':>10}"
            f"{'z':>8}{'p adjusted':>12}{'would catch':>13}",
        ]
        columns = (self.theory, self.simulation, self.stderr, self.z, self.p_adjusted,
                   self.resolutions)
        for (what, where), row in zip(self.tests, zip(*map(np.ravel, columns), strict=True),
                                      strict=True):
            theory, simulation, stderr, z, p, smallest = row
            lines.append(f"{what:<{wide}}{where:>{far}}{theory:>12.6f}{simulation:>12.6f}"
                         f"{stderr:>10.2g}{z:>8.2f}{p:>12.2g}{100 * smallest:>11.2g} %")
        if self.outcome == "undecided":
            more = (self.resolution / SHARP) ** 2
            lines.append(f"note: undecided, since the resolution is not below {100 * SHARP:g} %: "
                         f"about {more:.1f} times as many networks, or larger ones, will tell")
        lines += [f"note: {note}" for note in self.notes]
        return "\n".join(lines)

    def _range(self) -> str:
        sharp, blunt = 100 * self.sharpest, 100 * self.worst
        if self.of != "lag":
            return (f"an error of one value alone: from {sharp:.2g} to {blunt:.2g} % of the "
                    "largest of its kind")
        return f"at the sharpest lag {sharp:.2g} %, at the bluntest {blunt:.2g} % of C(0)"

    __repr__ = __str__
