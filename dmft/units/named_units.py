"""Units of two variables: spike-frequency adaptation, and a synapse in two stages."""

from __future__ import annotations

from dataclasses import dataclass

from ..base import checks
from .rational import Fraction


@dataclass(frozen=True)
class Adaptation(Fraction):
    """(1 + d/dt) x = input - a, (1 + tau d/dt) a = b x: a leaky unit with adaptation.

    H(omega) = 1/(1 + i omega + b/(1 + i omega tau)), with the static gain 1/(1 + b) (Muscinelli,
    Gerstner & Schwalger 2019, the susceptibility of rate units with adaptation).

    Parameters
    ----------
    b : float
        Strength of adaptation, above -1 (below 0: facilitation).
    tau : float
        Its time constant, in neuronal time constants; above 0.

    Raises
    ------
    ModelError
        For a field outside its range, and where the unit is unstable.

    Examples
    --------
    >>> Adaptation(b=1.0, tau=4.0).static_gain
    0.5
    """

    b: float
    tau: float

    def __post_init__(self):
        object.__setattr__(self, "tau", checks.positive("tau", self.tau))
        b = checks.finite("b", self.b)
        if b <= -1:
            checks.reject("b", b, "the unit is unstable", "give a value above -1")
        object.__setattr__(self, "b", b)

    @property
    def numerator(self) -> tuple[float, ...]:  # type: ignore[override]
        """Of H = (1 + s tau) / (1 + b + s (1 + tau) + s^2 tau)."""
        return (1.0, self.tau)

    @property
    def denominator(self) -> tuple[float, ...]:  # type: ignore[override]
        """Of H."""
        return (1.0 + self.b, 1.0 + self.tau, self.tau)


@dataclass(frozen=True)
class SynapticFilter(Fraction):
    """(1 + d/dt) x = y, (1 + tau d/dt) y = input: a leaky unit behind a synapse.

    H(omega) = 1/((1 + i omega)(1 + i omega tau)); white noise passes through the synapse too.

    Parameters
    ----------
    tau : float
        Time constant of the synapse, in neuronal time constants; above 0.

    Raises
    ------
    ModelError
        For a time constant of 0 or below.

    Examples
    --------
    >>> SynapticFilter(tau=2.0).jump
    0.0
    """

    tau: float

    def __post_init__(self):
        object.__setattr__(self, "tau", checks.positive("tau", self.tau))

    @property
    def numerator(self) -> tuple[float, ...]:  # type: ignore[override]
        """Of H."""
        return (1.0,)

    @property
    def denominator(self) -> tuple[float, ...]:  # type: ignore[override]
        """Of H."""
        return (1.0, 1.0 + self.tau, self.tau)
