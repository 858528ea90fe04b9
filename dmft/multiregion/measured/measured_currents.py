"""MeasuredCurrents: overlaps of the loadings of all blocks, with their sampling errors."""

from __future__ import annotations

import numpy as np

from .spike_errors import SpikeErrors, spike_errors
from .spiked_block import SpikedBlock
from .tuning import SMALLEST_COVARIANCE


class MeasuredCurrents:
    """Strengths, singular vectors and their errors of the first K singular values of each block."""

    def __init__(self, blocks: dict[tuple[int, int], SpikedBlock], sizes: tuple[int, ...], K: int):
        self.R, self.K, self.sizes = len(sizes), K, np.array(sizes)
        R = self.R
        self.y, self.y_stderr, self.c_left, self.c_right = np.zeros((4, R, R, K))
        self.left = np.zeros((R, R, K, max(sizes)))
        self.right = np.zeros((R, R, K, max(sizes)))
        self.errors: dict[tuple[int, int, int], SpikeErrors] = {}
        random = np.random.default_rng(0)  # of the bootstrap, whose errors are small
        for (mu, nu), block in blocks.items():
            for k in range(min(K, len(block.strength))):
                one = self.errors[mu, nu, k] = spike_errors(block, k, random)
                place = (mu, nu, k)
                self.y[place] = block.strength[k]
                self.y_stderr[place] = block.strength[k] * np.std(one.strength)
                self.c_left[place], self.c_right[place] = (block.left_overlap[k],
                                                           block.right_overlap[k])
                self.left[place][:sizes[mu]] = block.left[k]
                self.right[place][:sizes[nu]] = block.right[k]

    def overlaps(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """T (R, R, K, R, K), its standard error, and its standard deviation over networks."""
        R, K, N = self.R, self.K, self.sizes
        T, stderr, sampling = np.zeros((3, R, R, K, R, K))
        for place in self.errors:
            mu, nu, _ = place
            scale = self.y[place] * np.sqrt(N[nu] / N[mu])
            # the loadings of one network: <n^2> = scale^2 where <m^2> = 1
            for other in self.errors:
                if other[0] != nu:
                    continue
                at = (*place, *other[1:])
                T[at], stderr[at] = self._corrected(place, other, scale)
                own = place == other
                sampling[at] = np.sqrt(
                    (scale**2 + T[at]**2 * (1.0 if own else -0.5)) / N[nu]
                    + (0.0 if own else T[at] ** 2 / (2 * N[mu])))
        return T, stderr, sampling

    def _corrected(self, place, other, scale: float) -> tuple[float, float]:
        c, d = self.c_right[place], self.c_left[other]
        units = int(self.sizes[place[1]])
        overlap = float(self.right[place] @ self.left[other]) / (c * d)
        one, two = self.errors[place], self.errors[other]
        if place == other:
            spread = np.var(one.strength * one.right * one.left)
        else:
            spread = ((1 + np.var(one.strength * one.right)) * (1 + np.var(two.left))) - 1
        noise = _tilt(c, d, overlap, units)
        return scale * overlap, scale * float(np.sqrt(noise**2 + overlap**2 * spread))

    def receiving(self) -> tuple[np.ndarray, np.ndarray]:
        """U (R, R, K, R, K) and its standard error."""
        R, K = self.R, self.K
        U = np.broadcast_to(np.eye(R * K), (R, R * K, R * K)).reshape(R, R, K, R, K).copy()
        stderr = np.zeros_like(U)
        for place in self.errors:
            for other in self.errors:
                # vectors of one block are orthogonal: such m and n can always be chosen
                if place[0] != other[0] or place[1] == other[1]:
                    continue
                at = (place[0], *place[1:], *other[1:])
                c, d = self.c_left[place], self.c_left[other]
                U[at] = float(self.left[place] @ self.left[other]) / (c * d)
                spread = np.var(self.errors[place].left) + np.var(self.errors[other].left)
                stderr[at] = np.sqrt(_tilt(c, d, U[at], int(self.sizes[place[0]])) ** 2
                                     + U[at]**2 * spread)
        return U, stderr

    def realisable(self, T: np.ndarray, U: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """T and U that Gaussian loadings have.

        Where directions are nearly parallel, sampling errors may leave a U that is not positive
        definite. A combination of them of variance below `SMALLEST_COVARIANCE` is taken as zero,
        and the overlaps T along it too.
        """
        R, P = self.R, self.R * self.K
        T, U = T.copy(), U.copy()
        for nu in range(R):
            values, vectors = np.linalg.eigh(U[nu].reshape(P, P))
            if values[0] > SMALLEST_COVARIANCE:
                continue
            kept = (vectors * np.where(values > SMALLEST_COVARIANCE, values, 0.0)) @ vectors.T
            norm = np.sqrt(np.diag(kept))
            kept /= np.outer(norm, norm)
            np.fill_diagonal(kept, 1.0)
            values, vectors = np.linalg.eigh(kept)
            along = vectors[:, values > SMALLEST_COVARIANCE / 2]
            U[nu] = kept.reshape(U[nu].shape)
            T[:, nu] = (T[:, nu].reshape(P, P) @ along @ along.T).reshape(T[:, nu].shape)
        return T, U

    def loadings(self) -> tuple[np.ndarray, np.ndarray]:
        """(P, N) m and n, divided by their overlaps with the actual loadings."""
        N = self.sizes
        inverse = [np.divide(1.0, c, out=np.zeros_like(c), where=c > 0)
                   for c in (self.c_left, self.c_right)]
        into = np.sqrt(N)[:, None, None]
        m = self.left * (into * inverse[0])[..., None]
        n = self.right * (self.y * N[None, :, None] / into * inverse[1])[..., None]
        return m.reshape(self.R**2 * self.K, -1), n.reshape(self.R**2 * self.K, -1)

    def kurtosis(self) -> np.ndarray:
        """(R, R, K, 2) excess kurtosis of m and n; the disorder dilutes it by overlap^4."""
        out = np.zeros((self.R, self.R, self.K, 2))
        for place in self.errors:
            for side, (vector, c, units) in enumerate((
                    (self.left[place], self.c_left[place], self.sizes[place[0]]),
                    (self.right[place], self.c_right[place], self.sizes[place[1]]))):
                own = vector[:units]
                out[(*place, side)] = (float(np.mean(own**4)) / float(np.mean(own**2)) ** 2
                                       - 3) / c**4
        return out


def _tilt(c: float, d: float, overlap: float, units: int) -> float:
    """Standard deviation of v . u' / (c d) by the random parts of both vectors."""
    s, r, free = 1 - c**2, 1 - d**2, max(1 - overlap**2, 0.0)
    return float(np.sqrt(((c**2 * r + d**2 * s) * free + s * r) / units)) / (c * d)
