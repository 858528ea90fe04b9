"""Temporary stand-in until the derivation's print replaces it."""
import numpy as np


def mode_transfer(D, overlap, S):
    return D * S / (1 - D * overlap * S)


def mode_noise(D, overlap, C_phi, S):
    return C_phi * D**2 / np.abs(1 - D * overlap * S) ** 2


def mode_memory(D, overlap, S):
    return D * overlap / (1 - D * overlap * S)


def propagator_s_phi(D, overlap, C_phi, S):
    return D / (1 - D * overlap * S)


def propagator_phi_s(D, overlap, C_phi, S):
    return -D / (1 - D * overlap * np.conj(S))


def propagator_s_s(D, overlap, C_phi, S):
    return C_phi * D**2 / np.abs(1 - D * overlap * S) ** 2


def mean_diagonal(D, overlap):
    return D * overlap
