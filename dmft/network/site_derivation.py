"""derivation: how the equations of one unit follow from the couplings of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..base import checks

if TYPE_CHECKING:
    from ..derivations.printing.site_pages import Part, SiteDerivation


class Derivable:
    """Mixin of networks: `network.derivation`."""

    @property
    def derivation(self) -> SiteDerivation:
        """How the equations of one unit follow from the couplings: `.to_latex()`, `.check()`."""
        return derivation_of(self)


def derivation_of(network: Any) -> SiteDerivation:
    """The derivation of a network: `.to_latex()`, `.steps`, and `.check()`, which proves them.

    Raises
    ------
    ModelError
        For an ensemble with neither a derivation nor a mean and a covariance.
    """
    from ..derivations.printing.site_pages import SiteDerivation

    parts = tuple(_part(one) for one in network.ensembles)
    unit = str(getattr(network, "unit", "Leaky()"))
    return SiteDerivation(" ".join(repr(network).split()), unit, parts)


def _part(ensemble: Any) -> Part:
    from ..derivations.printing.built_in_parts import PARTS
    from ..derivations.printing.site_pages import stated_part

    if hasattr(ensemble, "covariance") and hasattr(ensemble, "mean_gain"):
        return stated_part(repr(ensemble).strip("<>"), ensemble.mean, ensemble.covariance)
    known = PARTS.get(type(ensemble).__name__)
    if known is None:
        checks.reject("ensembles", ensemble, "has no derivation", "write it with dmft.ensemble, or "
                      "add it to dmft.derivations.printing.built_in_parts")
    return known(repr(ensemble))
