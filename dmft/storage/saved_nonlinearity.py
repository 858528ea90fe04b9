"""How a nonlinearity is saved: by its name, by its expression, or by its name and some values."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from ..base.errors import StorageError

if TYPE_CHECKING:
    from ..network.nonlinearity import Nonlinearity

_PROBES = np.array([-2.3, -0.7, 0.2, 1.1, 3.1])  # where a function is compared with the saved one


def is_nonlinearity(value: Any) -> bool:
    """Whether it is a `Nonlinearity`; where that was never imported, nothing can be one."""
    module = sys.modules.get("dmft.network.nonlinearity")
    return module is not None and isinstance(value, module.Nonlinearity)


def encode(phi: Nonlinearity, at: str) -> dict[str, Any]:
    """A built-in by its name, `from_sympy` by its expression, a plain function by its values."""
    from ..network.nonlinearity import BUILT_IN

    if BUILT_IN.get(phi.name) == phi:
        return {"built_in": phi.name}
    if phi.expression is not None:
        from ..derivations.printing.emit import EmitError, to_tree

        try:
            return {"name": phi.name, "expression": to_tree(phi.expression)}
        except EmitError as error:
            raise StorageError(f"{at}: the expression of phi cannot be saved: {error}") from error
    return {"name": phi.name, "values": [float(v) for v in phi(_PROBES)]}


def decode(saved: dict[str, Any], given: Nonlinearity | None) -> Nonlinearity:
    """The nonlinearity again; a plain function must be given, and must be the one saved."""
    from ..network.nonlinearity import BUILT_IN, Nonlinearity

    if "built_in" in saved:
        if saved["built_in"] not in BUILT_IN:
            raise StorageError(f"needs the built-in phi {saved['built_in']!r}, which this dmft "
                               "does not have; install a newer dmft")
        phi = BUILT_IN[saved["built_in"]]
        if given is not None and given != phi:
            raise StorageError(f"was saved with {phi!r}, not with {given!r}; leave out phi=")
        return phi
    name = saved["name"]
    if "expression" in saved:
        from ..derivations.printing.emit import from_tree

        return Nonlinearity.from_sympy(from_tree(saved["expression"]), name)
    if given is None:
        raise StorageError(f"was saved with a function of your own as phi, {name!r}, and files "
                           "hold no code; load it with load(path, phi=...)")
    now = np.asarray(given(_PROBES), dtype=float)
    wrong = np.flatnonzero(~np.isclose(now, saved["values"], rtol=1e-9, atol=1e-12))
    if given.name != name or wrong.size:
        where = (f"at x={_PROBES[wrong[0]]:g} it was {saved['values'][wrong[0]]:.10g} and is "
                 f"{now[wrong[0]]:.10g}" if wrong.size else f"its name is {given.name!r}")
        raise StorageError(f"was saved with another phi, {name!r}: {where}; give that one")
    return given
