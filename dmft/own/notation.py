"""The symbols in which the mean and the covariance of couplings are written."""

from __future__ import annotations

from typing import Any


class Notation:
    """Symbols of an ensemble of your own: sites, instants, N, and the activity phi.

    Attributes
    ----------
    i, j, k, l : sympy symbols
        Sites: J_ij is the coupling from j to i, and the covariance is that with J_kl.
    t, s, u : sympy symbols
        Instants: the coupling is that at t; s and u are earlier ones. In a covariance s is the
        instant of J_kl.
    N : sympy symbol
        The number of units.
    phi : sympy IndexedBase
        phi[i, s] is the activity of unit i at the instant s.
    delta : function
        delta(i, k) is 1 for the same site, 0 otherwise.

    Examples
    --------
    >>> import dmft
    >>> n = dmft.notation
    >>> 4 / n.N * n.delta(n.i, n.k) * n.delta(n.j, n.l)
    4*KroneckerDelta(i, k)*KroneckerDelta(j, l)/N
    """

    NAMES = ("i", "j", "k", "l", "t", "s", "u", "N", "phi")

    def __getattr__(self, name: str) -> Any:
        if name in self.NAMES:
            from ..derivations.engine import disorder

            return getattr(disorder, name)
        if name == "delta":
            import sympy

            return sympy.KroneckerDelta
        raise AttributeError(f"dmft.notation has no {name!r}; it has {', '.join(self.NAMES)} and "
                             "delta")

    def __dir__(self) -> list[str]:
        return [*self.NAMES, "delta"]

    def __repr__(self) -> str:
        return "<dmft.notation: i, j, k, l, t, s, u, N, phi, delta>"


notation = Notation()
