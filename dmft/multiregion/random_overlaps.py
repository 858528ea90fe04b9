"""random_overlaps: random T whose effective interactions have a given leading eigenvalue."""

from __future__ import annotations

import numpy as np

from ..base.annotations import Seed
from ..base.checks import finite, finite_array, generator, positive, reject, whole
from .tuning import DRAWS_PER_BATCH, HALF_CELL, MAX_DRAWS


def effective_matrix(T: np.ndarray) -> np.ndarray:
    """Matrix T_hat of the effective interactions between currents.

    T_hat[(mu, nu), (rho, sigma)] = delta_{nu rho} T[mu, nu, sigma] maps the filtered currents
    z^{rho sigma} to the currents S^{mu nu} where the gains are 1 (Clark & Beiran 2025, the
    effective-interaction matrix).

    Parameters
    ----------
    T : (..., R, R, R) array
        Overlaps.

    Returns
    -------
    (..., R^2, R^2) array
        T_hat, with rows in the order of S.ravel() and columns in that of z.ravel().

    Raises
    ------
    ModelError
        For an array of another shape.

    Examples
    --------
    >>> import dmft
    >>> import numpy as np
    >>> T = np.arange(8.0).reshape(2, 2, 2)
    >>> dmft.effective_matrix(T)[1]  # S from region 1 to 0, driven by z into region 1
    array([0., 0., 2., 3.])
    """
    T = finite_array("T", T)
    R = T.shape[-1] if T.ndim else 0
    if T.ndim < 3 or T.shape[-3:] != (R, R, R):
        reject("T", T.shape, "does not end in (R, R, R)", "give T[mu, nu, rho] for R regions")
    full = np.einsum("...mns,nr->...mnrs", T, np.eye(R))
    return full.reshape(*T.shape[:-3], R * R, R * R)


def random_overlaps(regions: int, leading: complex, *, tolerance: float = HALF_CELL,
                    rng: Seed = None) -> np.ndarray:
    """Random overlaps T whose effective interactions have a given leading eigenvalue.

    The entries of T are independent normal variables of variance abs(leading)^2 / R. A draw is kept
    if lambda, the eigenvalue of T_hat with the largest real part (see `effective_matrix`), has a
    real part and a modulus of the imaginary part within `tolerance` of those of `leading`. Nothing
    is rescaled afterwards: that would keep non-normal T, with entries many times as large as lambda
    (Clark & Beiran 2025, classes of solutions against the leading eigenvalue).

    Parameters
    ----------
    regions : int
        Number of regions R, 1 or above.
    leading : complex
        The leading eigenvalue lambda, with real part above 0. The sign of its imaginary part has
        no effect, as complex eigenvalues come in conjugate pairs.
    tolerance : float
        Largest difference of the real parts and of the imaginary parts; above 0. By default half a
        cell of the published map, 40 x 40 cells over 1.5 x 1.5.
    rng : int, SeedSequence or Generator, optional
        Seed of the draws; 0 by default.

    Returns
    -------
    (R, R, R) array
        T.

    Raises
    ------
    ModelError
        For a real part that is not positive, and if none of two million draws has this eigenvalue.

    Examples
    --------
    >>> T = random_overlaps(2, 1.5 + 1.0j, rng=1)
    >>> lam = max(np.linalg.eigvals(effective_matrix(T)), key=lambda one: one.real)
    >>> bool(abs(lam.real - 1.5) < 0.01875), bool(abs(abs(lam.imag) - 1.0) < 0.01875)
    (True, True)
    """
    R = whole("regions", regions)
    real, imaginary = _parts(leading)
    tolerance = positive("tolerance", tolerance)
    scale = np.hypot(real, imaginary) / np.sqrt(R)
    random = generator(rng)
    for _ in range(0, MAX_DRAWS, DRAWS_PER_BATCH):
        T = scale * random.standard_normal((DRAWS_PER_BATCH, R, R, R))
        found = _leading(T)
        near = ((np.abs(found.real - real) <= tolerance)
                & (np.abs(np.abs(found.imag) - imaginary) <= tolerance))
        if near.any():
            return T[np.argmax(near)]
    reject("leading", leading, f"none of {MAX_DRAWS} draws with R = {R} has this eigenvalue",
           "give a smaller imaginary part or a larger tolerance (for R = 1 the eigenvalue is real)")


def _leading(T: np.ndarray) -> np.ndarray:
    values = np.linalg.eigvals(effective_matrix(T)).astype(complex)
    # the real parts of a complex pair are equal to the last bit, so that argmax takes the first
    return np.take_along_axis(values, np.argmax(values.real, axis=1)[:, None], axis=1)[:, 0]


def _parts(leading) -> tuple[float, float]:
    try:
        value = complex(leading)
    except (TypeError, ValueError):
        reject("leading", leading, "not a number", "give a complex number such as 1.5+0.5j")
    return positive("leading", value.real), abs(finite("leading", value.imag))
