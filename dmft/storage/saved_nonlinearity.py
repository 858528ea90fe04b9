"""Encoding of a nonlinearity: by its name, by its expression, or by its name and some values."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from ..base.errors import StorageError

if TYPE_CHECKING:
    from ..network.nonlinearity import Nonlinearity

# Arguments at which a given function is compared with the saved one: of both signs, small and
# large, and no round numbers, at which different functions might agree.
_TEST_ARGUMENTS = np.array([-2.3, -0.7, 0.2, 1.1, 3.1])


def is_nonlinearity(value: Any) -> bool:
    """Whether `value` is a `Nonlinearity`; never so if that class has not been imported."""
    module = sys.modules.get("dmft.network.nonlinearity")
    return module is not None and isinstance(value, module.Nonlinearity)


def encode(phi: Nonlinearity, at: str) -> dict[str, Any]:
    """A built-in phi by its name, one from sympy by its expression, a function by its values."""
    from ..network.nonlinearity import BUILT_IN

    if BUILT_IN.get(phi.name) == phi:
        return {"built_in": phi.name}
    if phi.expression is not None:
        from ..derivations.printing.emit import EmitError, to_tree

        try:
            return {"name": phi.name, "expression": to_tree(phi.expression)}
        except EmitError as error:
            raise StorageError(f"{at}: the expression of phi cannot be saved ({error}); give phi "
                               "as a plain function") from error
    return {"name": phi.name, "values": [float(v) for v in phi(_TEST_ARGUMENTS)]}


def decode(saved: dict[str, Any], given: Nonlinearity | None) -> Nonlinearity:
    """The saved nonlinearity; a plain function must be given, and must equal the saved one."""
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
                           "hold no code; read it with load(path, phi=...)")
    now = np.asarray(given(_TEST_ARGUMENTS), dtype=float)
    wrong = np.flatnonzero(~np.isclose(now, saved["values"], rtol=1e-9, atol=1e-12))
    if given.name != name or wrong.size:
        where = (f"at x={_TEST_ARGUMENTS[wrong[0]]:g} it was {saved['values'][wrong[0]]:.10g} and "
                 f"is {now[wrong[0]]:.10g}" if wrong.size else f"its name is {given.name!r}")
        raise StorageError(f"was saved with another phi, {name!r}: {where}; give the saved one")
    return given
