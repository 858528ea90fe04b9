"""JointSpectrum: support and isolated eigenvalues of the Jacobian of neurons and synapses."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import optimize

from ..base.array_data import ArrayData
from ..base.checks import reject
from ..base.estimate import Estimate
from ..ensembles.properties import plastic_strengths, synapses
from ..network.network import AnyNetwork
from .isolated_eigenvalues import isolated_eigenvalues
from .joint_density import loop_gain, mean_square_response
from .level_curves import level_curves
from .tuning import (
    EDGE_HEIGHT,
    FILAMENT_HEIGHT,
    GRID_COLUMNS,
    GRID_ROWS,
    REAL_AXIS_POINTS,
    RIGHTMOST_HEIGHTS,
    ZERO_RATE,
)


@dataclass(frozen=True, eq=False)
class JointSpectrum(ArrayData):
    """Support of the eigenvalues of the (N + N^2)-dimensional Jacobian, at large N.

    The support is where g^2 <phi'^2/abs(1 + lambda - k C phi'/(1 + p lambda))^2> > 1, with an
    average over the units at one time (Clark & Abbott 2024, the joint Jacobian). It holds 2N
    eigenvalues; N^2 - N more are -1/p. On the curve (1 + lambda)(1 + p lambda) = k C phi' the
    average diverges, so that a filament along the curve belongs to the support. It is thin where
    units are few or weakly coupled (saturated units have eigenvalues near -1 and -1/p). Edges are
    determined at Im lambda = 1e-3, which leaves out thinner filaments; `contains` includes them.

    Parameters
    ----------
    network : Network
        With plastic couplings.
    C : float
        Mean square of phi.
    x, density : (n,) arrays
        Distribution of x over the units (of abs(x) where phi is odd).
    group_density : (r, n) array
        The density for each of r independent replicates, from which errors are estimated; empty
        where the density is exact.
    group_C : (r,) array
        C of each replicate.
    resting : bool
        Whether the state is a fixed point, for which the theory gives isolated eigenvalues.
    isolated : (m,) complex array
        Eigenvalues outside the support, largest real part first; at fixed points only. In chaotic
        states no theory of them is known, and none were found in simulations.
    bands : (b, 2) array
        Real extents of the connected parts of the support, ascending, with filaments: of neurons
        near -1, of synapses near -1/p, or of both together.
    axis : (a, 2) array
        Intervals of the real axis in the support, without filaments.

    Examples
    --------
    >>> import dmft
    >>> import numpy as np
    >>> x = np.linspace(0.0, 6.0, 400)
    >>> plastic = dmft.PlasticNetwork(g=2.0, k=-1.0, p=2.5)
    >>> found = dmft.joint_spectrum(x, np.exp(-x**2 / 2), 0.39, plastic)
    >>> found.stable, bool(found.abscissa > 0)
    (False, True)
    """

    network: AnyNetwork
    C: float
    x: np.ndarray = field(repr=False)
    density: np.ndarray = field(repr=False)
    group_density: np.ndarray = field(repr=False)
    group_C: np.ndarray = field(repr=False)
    resting: bool = False
    isolated: np.ndarray = field(init=False)
    bands: np.ndarray = field(init=False)
    axis: np.ndarray = field(init=False)
    _edge: np.ndarray = field(init=False, repr=False)
    _lengths: np.ndarray = field(init=False, repr=False)

    def __post_init__(self):
        box = self._box()
        axis = self._along_real_axis(*box[:2], EDGE_HEIGHT)
        curves = self._trace(*box)
        filaments = self._along_real_axis(min(box[0], -1.1), max(box[1], 0.1), FILAMENT_HEIGHT)
        bands = _union([(one.real.min(), one.real.max()) for one in curves if _area(one) > 0]
                       + [(low, high) for low, high in filaments])
        isolated = np.zeros(0, complex)
        if self.resting:
            isolated = isolated_eigenvalues(self.network, self.C, self.x, self.density, box,
                                            self.contains)
        for name, value in (("bands", bands), ("axis", axis), ("isolated", isolated),
                            ("_edge", np.concatenate([np.zeros(0, complex), *curves])),
                            ("_lengths", np.array([len(one) for one in curves], dtype=int))):
            object.__setattr__(self, name, value)
        self._freeze()

    def excess(self, lam) -> np.ndarray:
        """log of g^2 <phi'^2/abs(1 + lambda - k C phi'/(1 + p lambda))^2>; positive inside."""
        return self._excess(np.asarray(lam, dtype=complex), self.C, self.density)

    def contains(self, lam) -> np.ndarray:
        """Whether each complex number lies in the support, filaments included."""
        try:
            lam = np.asarray(lam, dtype=complex)
        except (TypeError, ValueError):
            reject("lam", lam, "not complex numbers", "give rates such as 0.1 + 0.5j")
        if not np.all(np.isfinite(lam)):
            reject("lam", lam, "not finite", "give rates such as 0.1 + 0.5j")
        return self.excess(lam.real + 1j * np.maximum(np.abs(lam.imag), FILAMENT_HEIGHT)) > 0

    def boundary(self) -> tuple[np.ndarray, ...]:
        """The edge of the support: closed curves of complex points, the longest first.

        They run anticlockwise around a part of the support, clockwise around a hole. Between 1e-3 i
        and -1e-3 i they are closed by straight lines.
        """
        return tuple(np.split(self._edge, np.cumsum(self._lengths)[:-1])
                     if len(self._lengths) else ())

    @property
    def abscissa(self) -> Estimate:
        """Largest real part of the support, filaments included, isolated eigenvalues excluded.

        (N^2 - N further eigenvalues are -1/p.)
        """
        if len(self.bands) == 0:  # without effective couplings only the local rates remain
            return Estimate(
                np.array(max(-1.0, *(-1 / one.p for one in synapses(self.network.ensembles))))
            )
        value = self._rightmost(self.C, self.density, float(self.bands[-1, 1]))
        if len(self.group_C) < 2:
            return Estimate(np.array(value))
        groups = [self._rightmost(float(C), row, value)
                  for C, row in zip(self.group_C, self.group_density, strict=True)]
        return Estimate(np.array(value), np.std(groups, ddof=1) / np.sqrt(len(groups)))

    @property
    def stable(self) -> bool:
        """Whether no eigenvalue has a positive real part (above 1e-6), isolated ones included."""
        return bool(max([float(self.abscissa.value), *self.isolated.real]) <= ZERO_RATE)

    @property
    def gap(self) -> tuple[float, float] | None:
        """The widest interval of the real axis between parts of the support, or None.

        Filaments belong to the support: with Hebbian plasticity and p > 1 the gap ends at -1/p,
        the rate of saturated units.
        """
        if len(self.bands) == 0:
            return None
        filaments = self._along_real_axis(float(self.bands[0, 0]) - 0.1,
                                          float(self.bands[-1, 1]) + 0.1, FILAMENT_HEIGHT)
        if len(filaments) < 2:
            return None
        inner = np.column_stack([filaments[:-1, 1], filaments[1:, 0]])
        low, high = inner[np.argmax(inner[:, 1] - inner[:, 0])]
        return float(low), float(high)

    @property
    def aspect(self) -> float:
        """Extent of the support along the imaginary axis over that along the real axis.

        1 without plasticity; smaller for Hebbian, larger for anti-Hebbian plasticity.
        """
        if len(self._edge) == 0:
            return 0.0
        return float(np.ptp(self._edge.imag) / np.ptp(self._edge.real))

    def _excess(self, lam: np.ndarray, C: float, density: np.ndarray) -> np.ndarray:
        g, _ = plastic_strengths(self.network.ensembles)
        slope = self.network.phi.derivative(self.x)
        mean = mean_square_response(lam, loop_gain(self.network, lam, C), self.x, density, slope)
        with np.errstate(divide="ignore"):
            return np.log(g**2 * mean)

    def _box(self) -> tuple[float, float, float]:
        """(left, right, top) of a rectangle that holds the support."""
        slope = float(np.max(np.abs(self.network.phi.derivative(self.x))))
        g, _ = plastic_strengths(self.network.ensembles)
        plastic = synapses(self.network.ensembles)
        apart = max(abs(1 - 1 / one.p) for one in plastic)
        # outside, the feedback is at most `loop`, and 1 + lambda exceeds it plus g phi'
        loop = np.sqrt(sum(abs(one.k) / one.p for one in plastic) * self.C * slope)
        far = 1.05 * (apart + g * slope + loop) + 0.05
        x, y = self._columns(-1 - far, -1 + far, GRID_COLUMNS), np.geomspace(EDGE_HEIGHT, far, 40)
        inside = self.excess(x[:, None] + 1j * y) > 0
        across, up = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
        if len(across) == 0:
            return -1 - far, -1 + far, far
        return (float(x[max(across[0] - 1, 0)]), float(x[min(across[-1] + 1, len(x) - 1)]),
                float(y[min(up[-1] + 1, 39)]))

    def _columns(self, left: float, right: float, count: int) -> np.ndarray:
        """Real parts between left and right: evenly spaced, and dense near -1 and -1/p."""
        close = np.geomspace(1e-5, right - left, count // 8)
        near = [centre + side * close for centre in (-1.0, *(-1 / one.p for one in
                                                            synapses(self.network.ensembles)))
                for side in (-1, 1)]
        x = np.unique(np.concatenate([np.linspace(left, right, count // 2), *near]))
        return x[(x >= left) & (x <= right)]

    def _along_real_axis(self, left: float, right: float, height: float) -> np.ndarray:
        """(a, 2) intervals of the real axis in the support, evaluated at a small height above."""
        def excess(at):
            return self.excess(np.asarray(at) + 1j * height)

        at = self._columns(left, right, REAL_AXIS_POINTS)
        inside = excess(at) > 0
        change = np.flatnonzero(inside[1:] != inside[:-1])
        low, high, was = at[change], at[change + 1], inside[change]
        for _ in range(40):
            middle = (low + high) / 2
            same = (excess(middle) > 0) == was
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        return ((low + high) / 2).reshape(-1, 2)

    def _trace(self, left: float, right: float, top: float) -> list[np.ndarray]:
        """The edge within a rectangle, as closed curves."""
        x = self._columns(left, right, GRID_COLUMNS)
        y = np.geomspace(EDGE_HEIGHT, top, GRID_ROWS)
        upper = np.clip(self.excess(x[:, None] + 1j * y), -50, 50)
        upper[[0, -1]] = np.minimum(upper[[0, -1]], -1e-9)
        upper[:, -1] = np.minimum(upper[:, -1], -1e-9)
        values = np.concatenate([upper[:, ::-1], upper], axis=1)
        curves = level_curves(x, np.concatenate([-y[::-1], y]), values)
        return [self._polished(one, (right - left) / GRID_COLUMNS) for one in curves]

    def _polished(self, curve: np.ndarray, far: float) -> np.ndarray:
        """The curve after three Newton steps along the gradient, except next to the real axis."""
        for _ in range(3):
            upper = curve.real + 1j * np.maximum(np.abs(curve.imag), EDGE_HEIGHT)
            step = 1e-5 * np.minimum(1, upper.imag / EDGE_HEIGHT)
            here = self.excess(upper)
            slope = ((self.excess(upper + step) - here)
                     + 1j * (self.excess(upper + 1j * step) - here)) / step
            with np.errstate(divide="ignore", invalid="ignore"):
                move = -here * slope / np.abs(slope) ** 2
            ok = np.isfinite(move) & (np.abs(move) < np.minimum(far, upper.imag / 2)) & (
                np.abs(curve.imag) > 2 * EDGE_HEIGHT)
            moved = upper + np.where(ok, move, 0)
            curve = np.where(ok, moved.real + 1j * np.sign(curve.imag) * moved.imag, curve)
        return curve

    def _rightmost(self, C: float, density: np.ndarray, guess: float) -> float:
        """Real part beyond which the excess is negative at every height, near a guess."""
        top = float(np.max(np.abs(self._edge.imag), initial=EDGE_HEIGHT))
        heights = np.append(FILAMENT_HEIGHT, np.geomspace(
            EDGE_HEIGHT / 10, 1.2 * top + EDGE_HEIGHT, RIGHTMOST_HEIGHTS))

        def largest(a: float) -> float:
            values = self._excess(a + 1j * heights, C, density)
            i = int(np.argmax(values))
            if i in (0, RIGHTMOST_HEIGHTS):
                return float(values[i])
            found = optimize.minimize_scalar(
                lambda b: -float(self._excess(np.array([a + 1j * b]), C, density)[0]),
                bounds=(heights[i - 1], heights[i + 1]), method="bounded",
                options={"xatol": 1e-7})
            return max(-float(found.fun), float(values[i]))

        step = 1e-5
        low, high = guess - step, guess + step
        while largest(high) > 0:
            low, high, step = high, high + 2 * step, 2 * step
        while largest(low) <= 0:
            low, high, step = low - 2 * step, low, 2 * step
            if low < self.bands[-1, 0]:  # the part is too thin for the heights that are tried
                return guess
        return float(optimize.brentq(largest, low, high, xtol=1e-9))

    def __repr__(self) -> str:
        return (f"JointSpectrum({self.network!r}: rightmost {float(self.abscissa.value):.4g}, "
                f"bands {np.round(self.bands, 4).tolist()}, aspect {self.aspect:.3g}, "
                f"{len(self.isolated)} isolated)")


def _union(parts: list[tuple[float, float]]) -> np.ndarray:
    """(n, 2) ascending intervals: the union, in which overlapping intervals are merged."""
    merged: list[list[float]] = []
    for low, high in sorted(parts):
        if merged and low <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], float(high))
        else:
            merged.append([float(low), float(high)])
    return np.array(merged).reshape(-1, 2)


def _area(curve: np.ndarray) -> float:
    """Signed area of a polygon: negative around a hole."""
    return float(np.sum(np.conj(curve) * np.roll(curve, -1)).imag) / 2
