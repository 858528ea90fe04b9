"""A small network of two areas, trained by gradient descent to hold a sign that it was shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

DT, SHOWN, LENGTH, SCORED = 0.25, 6, 30, 10  # steps: of the input, of a trial, of its score


@dataclass(frozen=True)
class Trained:
    """Weights (2N, 2N), direction of the input, readout, and the loss after every step."""

    W: np.ndarray
    into: np.ndarray
    out: np.ndarray
    losses: np.ndarray

    def run(self, sign: np.ndarray, steps: int) -> np.ndarray:
        """(2N, B) states after `steps`, from rest, for the signs (B,) that are shown."""
        x = np.zeros((len(self.W), len(sign)))
        for t in range(steps):
            shown = np.outer(self.into, sign) if t < SHOWN else 0.0
            x = x + DT * (-x + self.W @ np.tanh(x) + shown)
        return x


def train(units: int = 100, steps: int = 300, rate: float = 0.3, seed: int = 0) -> Trained:
    """Area 1 is shown a sign for a short time; area 2 must report it at the end of the trial.

    All weights are trained, by plain gradient descent through time on the squared error, from
    independent weights of strength 0.8 within and 0.4 between the areas.
    """
    rng = np.random.default_rng(seed)
    n, batch = 2 * units, 16
    W = 0.8 * rng.standard_normal((n, n)) / np.sqrt(units)
    W[:units, units:] *= 0.5
    W[units:, :units] *= 0.5
    into, out = np.zeros(n), np.zeros(n)
    into[:units] = rng.standard_normal(units)
    out[units:] = rng.standard_normal(units) / units
    losses = []
    for _ in range(steps):
        sign = rng.choice([-1.0, 1.0], batch) * rng.uniform(0.5, 1.5, batch)
        x = [0.3 * rng.standard_normal((n, batch))]
        for t in range(LENGTH):
            shown = np.outer(into, sign) if t < SHOWN else 0.0
            x.append(x[-1] + DT * (-x[-1] + W @ np.tanh(x[-1]) + shown))
        rates = np.tanh(x)
        slopes = 1 - rates**2
        back, gradient, loss = np.zeros((n, batch)), np.zeros_like(W), 0.0
        for t in range(LENGTH, 0, -1):
            if t > LENGTH - SCORED:
                error = out @ rates[t] - np.sign(sign)
                loss += float(np.mean(error**2)) / SCORED
                back += slopes[t] * np.outer(out, 2 * error / batch / SCORED)
            gradient += DT * back @ rates[t - 1].T
            back = (1 - DT) * back + slopes[t - 1] * (DT * W.T @ back)
        W -= rate * gradient
        losses.append(loss)
    return Trained(W, into, out, np.array(losses))
