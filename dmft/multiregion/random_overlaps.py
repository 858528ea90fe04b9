"""random_overlaps: random T whose effective interactions have a given leading eigenvalue."""

from __future__ import annotations

import numpy as np

from ..base.checks import finite, finite_array, generator, positive, reject, whole

BATCH = 2048  # draws whose eigenvalues are found at once
MOST_DRAWS = 2_000_000


def effective_matrix(T: np.ndarray) -> np.ndarray:
    """Matrix of the effective interactions, T_hat.

    T_hat[(mu, nu), (rho, sigma)] = delta_{nu rho} T[mu, nu, sigma] makes currents S^{mu nu} of
    currents z^{rho sigma} where the gains are 1 (Clark & Beiran 2025, the effective-interaction
    matrix).

    Parameters
    ----------
    T : (..., R, R, R) array
        Overlaps.

    Returns
    -------
    (..., R^2, R^2) array
        Its rows are the currents of S.ravel(), its columns those of z.ravel().

    Raises
    ------
    ModelError
        For an array of another shape.
    """
    T = finite_array("T", T)
    R = T.shape[-1] if T.ndim else 0
    if T.ndim < 3 or T.shape[-3:] != (R, R, R):
        reject("T", T.shape, "does not end in (R, R, R)", "give T[mu, nu, rho] for R regions")
    full = np.einsum("...mns,nr->...mnrs", T, np.eye(R))
    return full.reshape(*T.shape[:-3], R * R, R * R)


def random_overlaps(regions: int, leading: complex, *, tolerance: float = 0.02,
                    rng=None) -> np.ndarray:
    """Random overlaps T whose effective interactions have a given leading eigenvalue.

    The entries of T are independent standard normals, on condition that the eigenvalue lambda of
    largest real part of T_hat (see `effective_matrix`) has the angle asked for, to `tolerance`;
    then T is scaled so that Re lambda is what was asked for, exactly (Clark & Beiran 2025, classes
    of solutions against the leading eigenvalue).

    Parameters
    ----------
    regions : int
        R, 1 or above.
    leading : complex
        lambda; its real part above 0. The sign of the imaginary part does not matter: both signs
        are eigenvalues. A real one is asked for exactly: no complex pair is taken for it.
    tolerance : float
        Largest difference of the arguments of lambda and leading, in radians.
    rng : int, SeedSequence or Generator, optional
        0 by default.

    Returns
    -------
    (R, R, R) array

    Raises
    ------
    ModelError
        For a real part that is not positive, and if none of two million draws has the angle.

    Examples
    --------
    >>> T = random_overlaps(2, 1.5 + 1.0j, rng=1)
    >>> lam = max(np.linalg.eigvals(effective_matrix(T)), key=lambda one: one.real)
    >>> round(float(lam.real), 12), abs(abs(lam.imag) - 1.0) < 0.05
    (1.5, True)
    """
    R = whole("regions", regions)
    real, imaginary = _parts(leading)
    tolerance = positive("tolerance", tolerance)
    angle = np.arctan2(imaginary, real)
    random = generator(rng)
    for _ in range(0, MOST_DRAWS, BATCH):
        T = random.standard_normal((BATCH, R, R, R))
        found = _leading(T)
        near = np.abs(np.arctan2(np.abs(found.imag), found.real) - angle) <= tolerance
        if angle == 0:  # real, not nearly so: a pair turns, however slowly
            near &= found.imag == 0
        accepted = np.flatnonzero(near & (found.real > 0))
        if len(accepted):
            first = accepted[0]
            return T[first] * (real / found.real[first])
    reject("leading", leading, f"no draw of {MOST_DRAWS} with {R} regions has this angle",
           "give a smaller imaginary part or a larger tolerance (one region has real ones only)")


def _leading(T: np.ndarray) -> np.ndarray:
    values = np.linalg.eigvals(effective_matrix(T)).astype(complex)
    # eigenvalues of a pair have real parts that are equal to the last bit
    return np.take_along_axis(values, np.argmax(values.real, axis=1)[:, None], axis=1)[:, 0]


def _parts(leading) -> tuple[float, float]:
    try:
        value = complex(leading)
    except (TypeError, ValueError):
        reject("leading", leading, "not a number", "give a complex number such as 1.5+0.5j")
    return positive("leading", value.real), abs(finite("leading", value.imag))
