"""Lines for theory, points with error bars for simulation, on given axes or new ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..base.checks import reject
from ..base.estimate import Estimate
from .style import COLOURS, STYLE
from .tuning import BAND_ERRORS, FAR_FROM_END, MOST_POINTS

LAG = r"lag $\tau$ (neuronal time constants)"
TIME = r"time $t$ (neuronal time constants)"
EXPONENT = r"$s$ (per neuronal time constant)"
LABELS = {"C_x": r"$C_x(\tau)$", "C_phi": r"$C_\phi(\tau)$", "x": r"$x$", "phi": r"$\phi$"}


def axes_for(axes: Any = None, count: int = 1, **options: Any) -> Any:
    """The given axes, or those of a new figure: one, or an array of `count` side by side.

    Raises
    ------
    ModelError
        If what is given is not `count` axes.
    """
    if axes is None:
        from matplotlib import pyplot

        with pyplot.rc_context(STYLE):
            _, made = pyplot.subplots(1, count, figsize=(4.2 * count, 3.2), layout="constrained",
                                      **options)
        return made
    given = np.ravel(np.asarray(axes, dtype=object))
    if len(given) != count or not all(hasattr(one, "errorbar") for one in given):
        reject("axes", axes, "not matplotlib axes" if count == 1 else f"not {count} axes",
               "give None for a new figure, or axes such as those of matplotlib.pyplot.subplots()")
    return given[0] if count == 1 else given


def theory(axes: Any, at: np.ndarray, curve: Any, label: str | None = None,
           colour: str = COLOURS[0], **options: Any) -> None:
    """A line; where the curve has standard errors, a band of two of them on either side."""
    value = np.asarray(curve, dtype=float)
    axes.plot(at, value, color=colour, label=label, **options)
    error = BAND_ERRORS * np.asarray(getattr(curve, "stderr", 0.0))
    if np.any(error > 0):
        axes.fill_between(at, value - error, value + error, color=colour, alpha=0.25, lw=0)


def measured(axes: Any, at: np.ndarray, curve: Estimate, label: str | None = None,
             colour: str = COLOURS[0], **options: Any) -> None:
    """Points with an error bar of one standard error; of many, a regular choice is shown."""
    every = slice(None, None, max(1, -(-len(at) // MOST_POINTS)))
    axes.errorbar(at[every], np.asarray(curve, dtype=float)[every], curve.stderr[every], fmt="o",
                  color=colour, label=label, **{"capsize": 2.0, "markersize": 4.0, **options})


def variances_in_time(axes: Any, at: np.ndarray, variance: Any, z: Any,
                      group: str = "region") -> Any:
    """Variance of each region (n, R), and currents (n, ...) where there are some, in time.

    Estimates are drawn as points with error bars, arrays as lines.
    """
    draw: Callable = measured if isinstance(variance, Estimate) else theory
    currents = z.reshape(len(at), -1) if isinstance(z, np.ndarray) else Estimate(
        z.value.reshape(len(at), -1), z.stderr.reshape(len(at), -1))
    count = 2 if currents.shape[1] else 1
    places = axes_for(axes, count)
    first = places[0] if count == 2 else places
    for i in range(variance.shape[1]):
        draw(first, at, variance[:, i], f"{group} {i}" if variance.shape[1] > 1 else None,
             COLOURS[i % len(COLOURS)])
    finished(first, TIME, r"variance $\langle x^2\rangle$")
    if count == 2:
        for i in range(currents.shape[1]):
            draw(places[1], at, currents[:, i], None, COLOURS[i % len(COLOURS)])
        finished(places[1], TIME, r"filtered currents $z$")
    return places


def finished(axes: Any, x: str, y: str, **options: Any) -> Any:
    """The axes with their labels, and a legend where a line has a label."""
    axes.set(xlabel=x, ylabel=y, **options)
    if axes.get_legend_handles_labels()[1]:
        axes.legend(frameon=False)
    return axes


def until_decayed(at: np.ndarray, *curves: Any) -> slice:
    """The first points, up to 1.5 times the last at which a curve is 2 % off its end value."""
    last = 0
    for curve in map(np.asarray, curves):
        far = np.abs(curve - curve[..., -1:])
        far = np.max(far > FAR_FROM_END * max(float(np.max(far)), 1e-300), initial=False,
                     axis=tuple(range(far.ndim - 1)))
        last = max(last, int(np.flatnonzero(far)[-1]) if np.any(far) else 0)
    return slice(0, min(int(1.5 * last) + 2, len(at)) if last else len(at))
