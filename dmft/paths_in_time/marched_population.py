"""MarchedPopulation: the paths of the units of one population, and their Gaussian surrogate."""

from __future__ import annotations

import numpy as np

from ..averages.pairs_with_means import marched_averages
from ..network.populations import Population
from .growing_basis import MATCHED, Expansion, MatchedNormals, Rows
from .row_control import Grid, RowControl, grown
from .site_in_time import NoiseGroup
from .time_steps import TimeSteps
from .unit_in_time import UnitInTime

# of the paths, and of the surrogate: along the fixed directions, and the noises
Inputs = tuple[np.ndarray, np.ndarray, np.ndarray]
BIAS, START, ONES = range(3)  # fixed directions of the surrogate


class MarchedPopulation:
    """P paths of the units of a population at the present time, X (d, P) in the state space.

    phi/sqrt(P) = Q l, with Q the basis of the innovations of phi. The noise of the paths is along
    white partners Z, one for each mode of phi of each population that sends noise here. The
    surrogate has the mean `fixed[ONES]`, and coordinates along the bias, the initial state and Z.

    Parameters
    ----------
    site : Population
    groups : dict of int to NoiseGroup
        Those that send noise here, by their number.
    steps : TimeSteps
    start : (mean, variance)
        Of x(0).
    paths : int
    rng : Generator
    control : bool
        Whether rows are corrected by the surrogate.
    centred : bool
        Whether all means vanish.
    tol : float
        Share of an innovation that is worth a mode.
    """

    def __init__(self, site: Population, groups: dict[int, NoiseGroup], steps: TimeSteps,
                 start: tuple[float, float], paths: int, rng: np.random.Generator, control: bool,
                 centred: bool, tol: float):
        self.site, self.groups, self.paths = site, groups, paths
        self.unit = UnitInTime(site.unit, steps)
        self.normals = MatchedNormals(paths, rng)
        bias, begun = self.normals.draw(), self.normals.draw()
        self.directions = np.stack([bias, begun, np.ones(paths)]).astype(float)
        self.Q, self.Z = Expansion(paths, tol), Rows(paths, MATCHED)
        self.columns: dict[int, list[int]] = {number: [] for number in groups}
        n = len(steps)
        self.control = RowControl(marched_averages(site.phi, n, centred), paths, n, tol, control)
        self.rows, self.noises, self.sent = Grid(n), Grid(n), Grid(n)
        mean, width = start[0], np.sqrt(start[1])
        held = self.unit.held
        self.X = held[:, None] * (mean + width * self.directions[START])
        self.fixed = held[:, None] * np.array([0.0, width, mean])
        self.b = np.zeros((self.unit.size, 0))
        self.white = np.zeros((self.unit.size, paths)) if site.noise else None
        self.linear_modes = np.zeros((0, 3))  # coordinates of sqrt(P) Q where phi is linear
        self.inputs: list[Inputs] = []  # at the present time and before, the newest first
        self.explained = 1.0
        self.response_group = max(groups, key=lambda one: groups[one].strength, default=None)

    @property
    def x(self) -> np.ndarray:
        """(P,)."""
        return np.asarray(self.unit.output @ self.X)

    def evaluate(self) -> bool:
        """x, the surrogate and phi at the present time; whether phi has a new mode."""
        output = self.unit.output
        self.now = self.x
        self.fixed_now, self.b_now = output @ self.fixed, output @ self.b
        self.x_L = self.fixed_now @ self.directions + self.b_now.astype(MATCHED) @ self.Z.rows
        if self.white is not None:
            self.x_L = self.x_L + output @ self.white
        self.phi, self.phi_L = self.site.phi(self.now), self.site.phi(self.x_L)
        self.own, new = self.Q.split(self.phi / np.sqrt(self.paths))
        return new

    def add_partner(self, number: int) -> None:
        """A white partner of a new mode of the population that sends the noise of this group."""
        self.columns[number].append(self.Z.count)
        self.Z.append(self.normals.draw())
        self.b = grown(self.b, self.unit.size, self.Z.count)
        self.b_now = np.append(self.b_now, 0.0)

    def measure(self, k: int) -> None:
        """The row L of the present time, and the averages that other populations receive."""
        covarying = self.fixed_now.copy()
        covarying[ONES] = 0.0
        white = self.site.noise**2 * self.unit.noise_covariance(k) if self.site.noise else 0.0
        self.control.measure(k, (self.now, self.x_L, self.phi_L), float(self.fixed_now[ONES]),
                             np.concatenate([covarying, self.b_now]), white)
        self.explained = min(self.explained, self.control.explained)
        self.row = self.control.row(k, self.own, self.rows)
        self.rows.put(k, self.row)
        self.linear_phi = self.control.gain * np.concatenate([self.fixed_now, self.b_now])
        self.linear_phi[ONES] = self.control.rate
        self.linear_modes = grown(self.linear_modes, len(self.linear_modes), len(self.linear_phi))
        if len(self.own) > len(self.linear_modes):
            innovation = self.linear_phi - self.own[:-1] @ self.linear_modes
            self.linear_modes = np.vstack([self.linear_modes, innovation / self.own[-1]])
        weight, rate = self.control.weight, float(np.mean(self.phi))
        self.rate = rate + weight * (self.control.rate - float(np.mean(self.phi_L)))

    def echoes(self) -> np.ndarray:
        """(c,) <phi z> of all partners, of which the surrogate's part is known: <phi'> b."""
        weight, phi = self.control.weight, self.phi
        if weight:
            phi = phi - weight * self.phi_L
        return self.Z.rows @ phi.astype(MATCHED) / self.paths + weight * (
            self.control.gain * self.b_now)

    def averages(self) -> tuple[float, ...]:
        """<x^2>, <x>, <phi> and <phi'(x)>, controlled."""
        slope, weight = self.site.phi.derivative, self.control.weight
        square, mean = float(self.now @ self.now) / self.paths, float(self.now.mean())
        psi = float(np.mean(slope(self.now)))
        if weight:
            square += weight * (self.control.square - float(self.x_L @ self.x_L) / self.paths)
            mean += weight * (self.control.mean - float(self.x_L.mean()))
            psi += weight * (self.control.gain - float(np.mean(slope(self.x_L))))
        return square, mean, self.rate, psi

    def drive(self, along: np.ndarray, noise: np.ndarray, linear: np.ndarray, direct: float,
              common: float) -> None:
        """Set the present input.

        Parameters
        ----------
        along : (m,) array
            Coordinates of what memory returns along the modes, per sqrt(P).
        noise : (c,) array
            Along the partners.
        linear : (3 + c,) array
            What memory returns to the surrogate.
        direct : float
            Factor of phi itself.
        common : float
            Input to all units.
        """
        input = ((np.sqrt(self.paths) * along).astype(self.Q.dtype) @ self.Q.rows).astype(float)
        if len(noise):
            input += noise.astype(MATCHED) @ self.Z.rows
        if direct:
            input += direct * self.phi
            linear = linear + direct * self.linear_phi
        if self.site.bias:
            input += self.site.bias * self.directions[BIAS]
        input += common
        fixed = linear[:3] + np.array([self.site.bias, 0.0, common])
        self.inputs = [(input, fixed, noise + linear[3:]), *self.inputs[:2]]

    def step(self, k: int) -> None:
        """Advance the paths and the surrogate by one step."""
        decay, weights = self.unit.explicit(k)
        self.X, self.fixed, self.b = decay @ self.X, decay @ self.fixed, decay @ self.b
        for weight, (input, fixed, noise) in zip(weights, self.inputs, strict=False):
            self.X += weight[:, None] * input
            self.fixed += weight[:, None] * fixed
            self.b[:, :len(noise)] += weight[:, None] * noise
        if self.white is not None:
            drawn = self.normals.passing(self.x, self.unit.size)
            noise = self.site.noise * self.unit.noise_root(k) @ drawn
            self.X += noise
            self.white = decay @ self.white + noise
