"""What spectra in the complex plane show: the edge of their bulk, and outliers."""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from .axes import axes_for, finished
from .style import BLUE, ORANGE
from .tables import Shown


class ShownInPlane(Shown):
    """Mixin of spectra with a `boundary()`, complex points of the edge of the bulk in order."""

    def plot(self, axes: Any = None) -> Any:
        """Draw the edge of the bulk in the complex plane, and the outliers where there are some.

        Parameters
        ----------
        axes : matplotlib axes, optional
            Where to draw; a new figure by default.

        Returns
        -------
        matplotlib axes
        """
        axes, spectrum = axes_for(axes), cast(Any, self)
        edge = spectrum.boundary()
        edge = np.append(edge, edge[0])
        axes.plot(edge.real, edge.imag, color=BLUE, label="edge of the bulk")
        outliers = np.asarray(getattr(spectrum, "outliers", ()))
        if len(outliers):
            axes.plot(outliers.real, outliers.imag, "D", color=ORANGE, label="outliers")
        axes.set_aspect("equal")
        return finished(axes, r"Re $\lambda$", r"Im $\lambda$")
