"""What states of several regions and of several populations show: correlations of each of them."""

from __future__ import annotations

from typing import Any, ClassVar

from .axes import LABELS, LAG, axes_for, finished, theory, until_decayed
from .frames import dataset
from .style import COLOURS
from .tables import Shown


class ShownGroups(Shown):
    """Mixin of states with `lags`, `C_x` and `C_phi` (R, n) and `branch` of R groups of units."""

    group: ClassVar[str]  # what one is called
    lags: Any
    C_phi: Any
    branch: tuple[str, ...]

    def plot(self, axes: Any = None) -> Any:
        """Draw C_phi of each region or population against the lag.

        Parameters
        ----------
        axes : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        matplotlib axes
        """
        axes, tau = axes_for(axes), self.lags.tau
        shown = until_decayed(tau, self.C_phi)
        for i, curve in enumerate(self.C_phi):
            theory(axes, tau[shown], curve[shown], f"{self.group} {i}", COLOURS[i % len(COLOURS)])
        return finished(axes, LAG, LABELS["C_phi"])

    def to_xarray(self) -> Any:
        """An xarray.Dataset of C_x and C_phi by group and lag; ImportError without xarray."""
        curves = {name: ((self.group, "lag"), getattr(self, name)) for name in ("C_x", "C_phi")}
        return dataset(curves, {"lag": self.lags.tau}, {"branch": "/".join(self.branch)})
