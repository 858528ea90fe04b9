"""Linear networks of explicit random matrices, and the predictions of the emitted equations.

A unit is z phi = J phi + noise, its current x = H (J phi + white): of the noise, of spectrum n, the
part ``white`` enters x as well.  With the sites' C and S this is the network to which the theory
of fluctuations refers, at a pair of frequencies.
"""

from dataclasses import dataclass

import numpy as np

from dmft.equations import fluctuations, iid, random_modes

PHI_PHI, PHI_S, S_PHI, S_S = range(4)


@dataclass(frozen=True)
class Frequency:
    z: complex
    n: float
    white: float = 0.0
    H: complex = 1.0


@dataclass(frozen=True)
class Theory:
    """Couplings with gain g, reciprocity r, and types of modes (D, rho, number per unit)."""

    g: float = 0.0
    r: float = 0.0
    modes: tuple = ()

    def mean(self, function):
        return sum(alpha * function(D, rho) for D, rho, alpha in self.modes)

    def memory(self, S):
        return iid.memory_kernel(S, self.g, self.r) + self.mean(
            lambda D, rho: random_modes.mode_memory(D, rho, S))

    def noise(self, C, S):
        return iid.noise_covariance(C, self.g) + self.mean(
            lambda D, rho: random_modes.mode_noise(D, rho, C, S))

    def site(self, f):
        """S and C of a linear site."""
        S = 1 / f.z
        for _ in range(2000):
            S = S / 2 + 1 / (f.z - self.memory(S)) / 2
        return S, abs(S) ** 2 * f.n / (1 - abs(S) ** 2 * self.noise(1.0, S))

    def hessian(self, sites):
        W2 = np.zeros((4, 4), dtype=complex)
        W2[PHI_PHI, S_S] = W2[S_S, PHI_PHI] = iid.hessian_noise(self.g)
        W2[PHI_S, PHI_S] = W2[S_PHI, S_PHI] = iid.hessian_memory(self.g, self.r)
        for D, rho, alpha in self.modes:
            P = [np.array([[0, random_modes.propagator_phi_s(D, rho, S)],
                           [random_modes.propagator_s_phi(D, rho, S),
                            random_modes.propagator_s_s(D, rho, C, S)]]) for S, C in sites]
            for m, (a, b) in enumerate(np.ndindex(2, 2)):
                for k, (c, d) in enumerate(np.ndindex(2, 2)):
                    share = (1 if a == b else rho) * (1 if c == d else rho)
                    W2[m, k] += alpha * share * P[0][d, a] * P[1][b, c]
        return W2

    def fluctuations(self, sites):
        """F, the engine's 4 x 4 inverse."""
        G = [np.array([[C, -S], [np.conj(S), 0]]) for S, C in sites]
        pairs = list(np.ndindex(2, 2))
        Pi = np.array([[G[0][a, d] * G[1][c, b] for c, d in pairs] for a, b in pairs])
        return np.linalg.inv(np.linalg.inv(Pi.T) - self.hessian(sites))

    def covariances(self, first, second):
        """(1/N) sum_ij C_ij(1) C_ij(2)^* of phi and of x."""
        sites, pairs = [self.site(f) for f in (first, second)], list(np.ndindex(2, 2))
        W2, F = self.hessian(sites), self.fluctuations(sites)
        x = []
        for f, (S, C) in zip((first, second), sites, strict=True):
            C_eta, K = self.noise(C, S) + f.white, self.memory(S)
            x.append((np.array([fluctuations.x_phi(f.H, S, K, C, C_eta),
                                fluctuations.x_response(f.H, S, K)]),
                      fluctuations.x_power(f.H, S, K, C, C_eta)))
        (one, power), (two, other) = x
        back = [np.array([np.conj(v[0]), -np.conj(v[1])]) for v in (one, two)]
        left = np.array([one[d] * back[1][c] for c, d in pairs])
        right = np.array([back[0][a] * two[b] for a, b in pairs])
        return F[0, 0], power * other + right @ (W2 + W2 @ F @ W2) @ left


def draw_iid(N, g, r, rng):
    A = rng.standard_normal((N, N))
    a, b = np.sqrt(1 + r), np.sqrt(1 - r)
    return g / np.sqrt(N) * ((a + b) / 2 * A + (a - b) / 2 * A.T)


def draw_modes(N, modes, rng):
    J = np.zeros((N, N))
    for D, rho, alpha in modes:
        r, other = rng.standard_normal((2, N, round(alpha * N)))
        J += D / N * (rho * r + np.sqrt(1 - rho**2) * other) @ r.T
    return J


def draw(theory, N, rng):
    return draw_iid(N, theory.g, theory.r, rng) + draw_modes(N, theory.modes, rng)


def measured(J, first, second):
    """The same for a drawn matrix: S, C at the first frequency, and both sums over pairs."""
    N, matrices = len(J), []
    for f in (first, second):
        G = np.linalg.inv(f.z * np.eye(N) - J)
        C = f.n * G @ G.conj().T
        own = f.n - f.white
        x = abs(f.z) ** 2 * C - own * (f.z * G + np.conj(f.z) * G.conj().T) + own * np.eye(N)
        matrices.append((G, C, abs(f.H) ** 2 * x))
    (G, C, x), (_, C2, x2) = matrices
    return [np.trace(G) / N, np.trace(C).real / N, np.sum(C * C2.conj()) / N,
            np.sum(x * x2.conj()) / N]


def z_scores(found, expected, size=np.inf):
    """Deviation of the mean over networks in standard errors; real and imaginary parts.

    For networks of a given size a relative deviation of one over the size is not counted.
    """
    found = np.array(found)
    parts = np.concatenate([found.real, found.imag], axis=1)
    aim = np.concatenate([np.real(expected), np.imag(expected)])
    error = parts.std(axis=0, ddof=1) / np.sqrt(len(parts))
    off = parts.mean(axis=0) - aim
    off = np.sign(off) * np.maximum(abs(off) - np.tile(np.abs(expected), 2) / size, 0)
    return off / np.where(error > 1e-12, error, 1)


def draw_rotated(values, N, rng):
    """U s V^T with orthogonal U and V, each drawn uniformly."""
    bases = []
    for _ in range(2):
        Q, R = np.linalg.qr(rng.standard_normal((N, N)))
        bases.append(Q * np.sign(np.diag(R)))
    return (bases[0] * values) @ bases[1].T
