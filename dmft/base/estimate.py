"""Estimate: a number or curve with its standard error."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import ArrayLike

from .checks import reject
from .error_propagation import first_order


@dataclass(frozen=True, eq=False)
class Estimate(NDArrayOperatorsMixin):
    """A value with its standard error; behaves as the array of its values.

    Sampled theories and simulations return estimates. A theory that is solved by quadrature
    returns `stderr` zero (its numerical error is in the solution's `convergence`).

    Arithmetic, powers, `abs`, `sqrt`, `exp`, `tanh` and logarithms return estimates with errors of
    first order. If one estimate enters, with exact numbers, the result has its standard error. If
    several enter, it has an upper bound: the sum of the absolute contributions, since the
    correlation of their errors is not known. The error of a curve over its own value at zero is
    therefore too large. Other numpy functions act on the values and return plain arrays.

    Parameters
    ----------
    value : array_like
        Values, of any shape; NaN where a value is not known.
    stderr : array_like, optional
        Standard error of `value`, same shape (or a scalar for all); zero by default.

    Raises
    ------
    ModelError
        If they are truth values, complex numbers, dates or texts, if the shapes do not fit, or if
        an error is negative.

    Examples
    --------
    >>> c = Estimate([1.0, 0.5], 0.01)
    >>> float(c[1].stderr)
    0.01
    >>> 2 * c[0] + 1
    Estimate(3 +- 0.02)
    """

    value: np.ndarray
    stderr: np.ndarray = 0.0  # type: ignore[assignment]  # made an array below

    if TYPE_CHECKING:  # accepts more than the fields keep; test_types.py compares the two
        def __init__(self, value: ArrayLike, stderr: ArrayLike = 0.0) -> None: ...

    def __post_init__(self):
        of: Any = self.value
        if isinstance(of, Estimate):
            if np.any(np.asarray(self.stderr)):
                reject("stderr", self.stderr, "beside an Estimate, which has its own",
                       "give .value of it")
            object.__setattr__(self, "stderr", of.stderr)
        for name in ("value", "stderr"):  # of another kind, numpy would cast them in silence
            given = np.asarray(getattr(self, name))
            if given.dtype.kind not in "iufO":
                reject(name, getattr(self, name), f"an array of {given.dtype}", "give real numbers")
        value = np.array(self.value, dtype=float)
        try:
            stderr = np.array(np.broadcast_to(np.asarray(self.stderr, dtype=float), value.shape))
        except ValueError:
            reject("stderr", self.stderr, f"does not fit values of shape {value.shape}",
                   "give one number, or one per value")
        if np.any(stderr < 0):
            reject("stderr", self.stderr, "negative", "give 0 or above")
        value.flags.writeable = stderr.flags.writeable = False
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "stderr", stderr)

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        if dtype is not None and np.dtype(dtype) != self.value.dtype:
            return self.value.astype(dtype)
        return self.value.copy() if copy else self.value

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs) -> Any:
        plain = [x.value if isinstance(x, Estimate) else x for x in inputs]
        if any(isinstance(x, Estimate) for x in kwargs.get("out", ())):
            del kwargs["out"]  # of e += 1: values do not change, the name is bound to the sum
        result = getattr(ufunc, method)(*plain, **kwargs)
        if method != "__call__" or kwargs:
            return result
        errors = [x.stderr if isinstance(x, Estimate) else 0.0 for x in inputs]
        stderr = first_order(ufunc, plain, errors)
        return result if stderr is None else Estimate(result, stderr)

    def __getitem__(self, index) -> Estimate:
        return Estimate(self.value[index], np.asarray(self.stderr)[index])

    def __len__(self) -> int:
        return len(self.value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __float__(self) -> float:
        return float(self.value)

    def mean(self, axis: int | None = None, **options: Any) -> Estimate:
        """Mean of the values; its standard error is at most the mean of theirs, which is given.

        Errors of values of one curve are correlated, to a degree that an `Estimate` does not hold.
        Options are those of `numpy.mean`.
        """
        return Estimate(self.value.mean(axis=axis, **options),
                        self.stderr.mean(axis=axis, **options))

    def sum(self, axis: int | None = None, **options: Any) -> Estimate:
        """Sum of the values, with the sum of their errors, an upper bound; as `numpy.sum`."""
        return Estimate(self.value.sum(axis=axis, **options),
                        self.stderr.sum(axis=axis, **options))

    def max(self, axis: int | None = None, **options: Any) -> Any:
        """Largest value, a plain number or array: its error depends on those of all others."""
        return self.value.max(axis=axis, **options)

    def min(self, axis: int | None = None, **options: Any) -> Any:
        """Smallest value, a plain number or array."""
        return self.value.min(axis=axis, **options)

    def at(self, place: ArrayLike, where: ArrayLike) -> Estimate:
        """The curve (n,) at other places, by linear interpolation between `where` (n,).

        The standard error is an upper bound, that of errors which are fully correlated.

        Parameters
        ----------
        place : array_like
            Such as a lag.
        where : (n,) array_like
            Increasing places of the values, such as `solution.lags.tau`.

        Raises
        ------
        ModelError
            If a place is outside, or `where` does not fit.

        Examples
        --------
        >>> Estimate([1.0, 0.5], 0.01).at(1.5, [1.0, 2.0])
        Estimate(0.75 +- 0.01)
        """
        x, known = np.asarray(place, dtype=float), np.asarray(where, dtype=float)
        if known.shape != self.shape or self.ndim != 1 or np.any(np.diff(known) <= 0):
            reject("where", where, "not the increasing places of the values", "give one per value")
        if not np.all((x >= known[0]) & (x <= known[-1])):
            reject("place", place, f"outside {known[0]:g} to {known[-1]:g}",
                   "solve on a longer grid, or give a place inside")
        return Estimate(np.interp(x, known, self.value), np.interp(x, known, self.stderr))

    def round(self, decimals: int = 0) -> Estimate:
        """Values and errors, rounded."""
        return Estimate(self.value.round(decimals), self.stderr.round(decimals))

    def __round__(self, decimals: int = 0) -> Estimate:
        return self.round(decimals)

    def tolist(self) -> Any:
        """The values as nested lists of numbers."""
        return self.value.tolist()

    def _repr_html_(self) -> str:
        if self.ndim:
            return f"<code>{escape(repr(self))}</code>"
        error = f" ± {float(self.stderr):.2g}" if self.stderr > 0 else ""
        return f"{float(self.value):.8g}{error}"

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    @property
    def ndim(self) -> int:
        return self.value.ndim

    @property
    def size(self) -> int:
        return self.value.size

    def __format__(self, spec: str) -> str:
        """The formatted value of a number; without a format, value and error."""
        return format(float(self.value), spec) if spec else str(self)

    def __repr__(self) -> str:
        if self.value.ndim == 0:
            return f"{type(self).__name__}({float(self.value):.8g} +- {float(self.stderr):.2g})"
        return (f"{type(self).__name__}(shape={self.shape}, value={self.value!r}, "
                f"stderr={self.stderr!r})")
