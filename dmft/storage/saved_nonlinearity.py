"""Encoding of a nonlinearity: by its name, by its expression, or by its name and some values."""

from __future__ import annotations

import math
import sys
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from ..base.errors import StorageError
from .saved_expression import check_tree

if TYPE_CHECKING:
    from ..network.nonlinearity import Nonlinearity

# Arguments at which a given function is compared with the saved one: of both signs, small and
# large, and no round numbers, at which different functions might agree.
_TEST_ARGUMENTS = np.array([-2.3, -0.7, 0.2, 1.1, 3.1])
# Far out, where functions that agree near 0 may differ, such as two that are clipped.
_FAR = np.array([3.7, 4.3, 4.9, 5.6, 6.7, 8.3, 11.0, 17.0, 29.0, 53.0, 97.0, 211.0, 1009.0, 1e4,
                 1e6])
_FAR_ARGUMENTS = np.concatenate([-_FAR[::-1], _FAR])


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
            tree = to_tree(phi.expression)
        except EmitError as error:
            raise StorageError(f"{at}: the expression of phi cannot be saved ({error}); give phi "
                               "as a plain function") from error
        check_tree(tree)
        return {"name": phi.name, "expression": tree}
    return {"name": phi.name, "values": _values(phi, _TEST_ARGUMENTS),
            "far": _values(phi, _FAR_ARGUMENTS)}


def _values(phi: Nonlinearity, arguments: np.ndarray) -> list[float | str] | None:
    """Values of phi, those that are not finite as words; None if phi takes no such arguments."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            values = np.broadcast_to(np.asarray(phi(arguments), dtype=float), arguments.shape)
        except Exception:  # phi is a function of the user's, which may raise anything
            return None
    return [float(v) if math.isfinite(v) else repr(float(v)) for v in values]


def decode(saved: dict[str, Any], given: Nonlinearity | tuple[Any, ...] | None) -> Nonlinearity:
    """The saved nonlinearity; a plain function must be given, and must equal the saved one.

    Of several that are given, the one of the saved name is taken.
    """
    from ..network.nonlinearity import BUILT_IN, Nonlinearity

    if isinstance(given, tuple):
        named = [one for one in given if getattr(one, "name", None) == saved.get("name")]
        given = (named or [*given, None])[0] if "values" in saved else None
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

        check_tree(saved["expression"])
        return Nonlinearity.from_sympy(from_tree(saved["expression"]), name)
    if given is None:
        raise StorageError(f"was saved with a function of your own as phi, {name!r}, and files "
                           "hold no code; read it with load(path, phi=...)")
    for arguments, then in ((_TEST_ARGUMENTS, saved["values"]),
                            (_FAR_ARGUMENTS, saved.get("far"))):
        if then is None:  # written by 0.1.0 or before, without values far out
            continue
        now = _values(given, arguments)
        before = np.array(then, dtype=float)
        after = np.full(len(arguments), np.nan) if now is None else np.array(now, dtype=float)
        wrong = np.flatnonzero(~np.isclose(after, before, rtol=1e-9, atol=1e-12, equal_nan=True))
        if wrong.size:
            i = wrong[0]
            raise StorageError(f"was saved with another phi, {name!r}: at x={arguments[i]:g} it "
                               f"was {before[i]:.10g} and is {after[i]:.10g}; give the saved one")
    if given.name != name:
        raise StorageError(f"was saved with another phi, {name!r}: its name is {given.name!r}; "
                           "give the saved one")
    return given


def plain_phis(network: Any) -> tuple[Any, ...]:
    """The phi of a network, or of its populations, that are plain functions: no file holds them."""
    phi = getattr(network, "phi", None)
    several = phi if isinstance(phi, tuple) else () if phi is None else (phi,)
    return tuple(dict.fromkeys(one for one in several
                               if getattr(one, "expression", None) is None))


def holds_plain(tree: Any) -> bool:
    """Whether a saved tree has a phi that is a plain function."""
    if isinstance(tree, dict):
        return tree.keys() >= {"name", "values"} or any(map(holds_plain, tree.values()))
    return isinstance(tree, list) and any(map(holds_plain, tree))
