"""What states of several regions and of several populations show: correlations of each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from .axes import LABELS, LAG, axes_for, finished, theory, until_decayed
from .frames import dataset
from .style import BLUE, COLOURS, ORANGE
from .tables import Shown

State = TypeVar("State", bound="ShownGroups")
STROKES = ("-", "--", ":", "-.")  # of the states of one network


class ShownGroups(Shown):
    """Mixin of states with `lags`, `C_x` and `C_phi` (R, n) and `branch` of R groups of units."""

    group: ClassVar[str]  # what one is called
    lags: Any
    C_x: Any
    C_phi: Any
    branch: tuple[str, ...]

    @property
    def stable(self) -> bool:
        """Whether perturbations of the state decay."""
        raise NotImplementedError

    def plot(self, axes: Any = None) -> Any:
        """Draw C_phi of each region or population against the lag; C_x too where there is one.

        Neither is centred: C_x contains the square of the mean, as in `validation.Runs.plot`.

        Parameters
        ----------
        axes : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        matplotlib axes
        """
        return self._drawn(axes_for(axes))

    def _drawn(self, axes: Any, name: str = "", stroke: str = "-") -> Any:
        """The axes, with the curves of this state of a certain name."""
        tau = self.lags.tau
        if len(self.C_phi) == 1:
            C_x = self.C_x[0] + float(getattr(self, "means", np.zeros(1))[0]) ** 2
            shown = until_decayed(tau, C_x, self.C_phi)
            for what, curve, colour in (("C_x", C_x, BLUE), ("C_phi", self.C_phi[0], ORANGE)):
                theory(axes, tau[shown], curve[shown], name + LABELS[what], colour,
                       linestyle=stroke)
            return finished(axes, LAG, "correlation")
        shown = until_decayed(tau, self.C_phi)
        for i, curve in enumerate(self.C_phi):
            theory(axes, tau[shown], curve[shown], f"{name}{self.group} {i}",
                   COLOURS[i % len(COLOURS)], linestyle=stroke)
        return finished(axes, LAG, LABELS["C_phi"])

    def to_xarray(self) -> Any:
        """An xarray.Dataset of C_x and C_phi by group and lag; ImportError without xarray."""
        curves = {name: ((self.group, "lag"), getattr(self, name)) for name in ("C_x", "C_phi")}
        return dataset(curves, {"lag": self.lags.tau}, {"branch": "/".join(self.branch)})


class ShownStates(Shown, Generic[State]):
    """Mixin of sequences of the states of one `network`, found from `starts`."""

    network: Any
    states: tuple[State, ...]
    starts: int
    convergence: Any

    def __len__(self) -> int:
        return len(self.states)

    def __getitem__(self, index: int) -> State:
        return self.states[index]

    def __iter__(self) -> Iterator[State]:
        return iter(self.states)

    @property
    def stable(self) -> tuple[State, ...]:
        """The stable states."""
        return tuple(one for one in self.states if one.stable)

    def plot(self, axes: Any = None) -> Any:
        """Draw the correlations of the stable states (of all, if none is), each in its stroke.

        States with the same correlations, as those of opposite sign, are drawn once.

        Parameters
        ----------
        axes : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        matplotlib axes
        """
        axes, drawn = axes_for(axes), _different(self.stable or self.states)
        for i, one in enumerate(drawn):
            one._drawn(axes, f"state {self.states.index(one)}, " if len(drawn) > 1 else "",
                       STROKES[i % len(STROKES)])
        return axes

    def _summary(self) -> list[tuple[str, Any]]:
        return [("network", self.network), ("starts", self.starts),
                ("converged", self.convergence.success),
                *((f"state {i}", one) for i, one in enumerate(self.states))]


def _different(states: Sequence[State]) -> list[State]:
    """The states, without those whose correlations another one has."""
    found: list[State] = []
    for one in states:
        if not any(np.allclose(one.C_phi, other.C_phi, rtol=1e-3, atol=1e-6 * one.C_phi.max())
                   for other in found if other.C_phi.shape == one.C_phi.shape):
            found.append(one)
    return found
