"""What a notebook shows of a network: its equation, in plain HTML, above its fields."""

from __future__ import annotations

from typing import Any

from .tables import Shown


class ShownNetwork(Shown):
    """Mixin of networks: the equation of one unit, from its fields, above their table."""

    def _heading(self) -> str:
        net: Any = self
        units = getattr(net, "unit", None)
        each = units if isinstance(units, tuple) else (units,)
        leaky = all(one is None or str(one) == "Leaky()" for one in each)
        left = "(1 + d/d<i>t</i>) <i>x<sub>i</sub></i> ="
        if not leaky:
            left = "<i>x<sub>i</sub></i> = <i>H</i> ∗ ["
        terms = ["Σ<i><sub>j</sub> J<sub>ij</sub> φ</i>(<i>x<sub>j</sub></i>)"]
        if _present(net.noise):
            terms.append("<i>ξ<sub>i</sub></i>(<i>t</i>)")
        if _present(net.bias):
            terms.append("<i>h<sub>i</sub></i>")
        if getattr(net, "inputs", None) or getattr(net, "input", None) is not None:
            terms.append("input(<i>t</i>)")
        right = " + ".join(terms) + ("" if leaky else " ]")
        return f"<p>{left} {right}</p>"


def _present(strength: Any) -> bool:
    """Whether a strength, or one of several, is not zero."""
    try:
        return any(float(one) != 0 for one in strength)
    except TypeError:
        return float(strength) != 0
