"""Refusals of every verb for every kind of network: they are true, and their advice works.

A refusal is right if it names an argument of the call or a field of the network, and states what
is missing; `FOLLOWED` makes the calls that the messages recommend.
"""

import re
import warnings
from functools import cache

import numpy as np
import pytest

import dmft
from dmft import validation
from dmft.base.errors import CostWarning, ModelError

T = np.array([[[1.5, 0.4], [0.2, 0.9]], [[-0.7, 0.8], [0.3, 1.2]]])
LOW_RANK = dmft.LowRank([0, 0], [0, 0], 1.8 * np.array([[0.8, -0.6], [0.6, 0.8]]), np.eye(2), 1)
NETWORKS = {
    "iid": dmft.RandomNetwork(1.5, dmft.erf),
    "reciprocal": dmft.RandomNetwork(1.5, dmft.erf, reciprocity=0.3),
    "plastic": dmft.PlasticNetwork(1.5, 0.5, 2.5),
    "hebbian": dmft.Network((dmft.Hebbian(0.6, 2.0),), dmft.tanh, noise=0.5),
    "modes": dmft.RandomModeNetwork(dmft.Spectrum.flat(1.5, 0.5)),
    "overlaps": dmft.RandomModeNetwork(dmft.Spectrum.from_values([1.2, 1.6, 2.0], 0.6), 0.4),
    "regions": dmft.Network((dmft.RegionalIID(np.array([[0.9, 0.4], [0.3, 0.8]])),), dmft.erf,
                            noise=0.5),
    "low rank": dmft.Network((LOW_RANK, dmft.IID(0.3)), dmft.erf),
    "multiregion": dmft.MultiregionNetwork(0.5, T),
}
CURRENTS = {"low rank": [0.5, 0.0], "multiregion": np.full((2, 2), 0.5)}
MEMORY = {"reciprocal": "set reciprocity=0", "plastic": "set k=0", "hebbian": "set k=0",
          "overlaps": "set overlaps=0"}
IN_REGIONS = ("regions", "low rank", "multiregion")
OF_SOLUTION = (dmft.lyapunov_exponent, dmft.lyapunov_spectrum, dmft.dimension, dmft.four_point,
               dmft.freeze, dmft.period, dmft.timescales, dmft.solution_class,
               dmft.jacobian_spectrum)
SHORT = dmft.Times(2.0, 0.5)


@cache
def solved(name, in_time):
    network = NETWORKS[name]
    if in_time:
        return dmft.solve(network, times=SHORT, currents=CURRENTS.get(name), tol=1e-2)
    return dmft.solve(network) if name in (*IN_REGIONS, "iid", "modes") else None


def refusal(verb, *given, **options):
    """The message of the refusal, or None if there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            verb(*given, **options)
    except ModelError as error:
        return str(error)
    return None


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("verb", OF_SOLUTION, ids=lambda verb: verb.__name__)
def test_a_refusal_names_what_was_given_and_what_to_give(verb, name):
    network = NETWORKS[name]
    given = [network]
    if name not in MEMORY:
        given += [solved(name, True), solved(name, False)]
        if name in IN_REGIONS:
            given.append(solved(name, False)[0])
    for one in given:
        message = refusal(verb, one)
        if message is None:
            continue
        field, _, rest = message.partition("=")
        assert field in ("solution", "network", "currents", "ensembles", "phi", "noise", "gain")
        assert ";" in rest
        assert "what dmft.solve returned; " not in message
        # what dmft.solve returned is not called something else, nor recommended for itself
        returned = one is not network
        assert not (returned and re.search(r": (not a network|not a Solution)", message)), message
        assert not (returned and message.endswith("give a solution returned by dmft.solve"))


OTHER_UNIT = dmft.Network((dmft.IID(1.2), dmft.Hebbian(0.5, 2.0)), unit=dmft.Adaptation(1.0, 4.0))
PAIRS = dmft.Modes(dmft.Spectrum.from_values([1.2, 1.6], 0.6), [[0.1, 0.3], [0.2, 0.1]])
SMOOTH = dmft.Modes(dmft.Spectrum.exponential(1.5, 1.0), 0.3)
NOT_IN_TIME = {  # the network, and what the message says of it
    "memory in regions": (dmft.Network((LOW_RANK, dmft.IID(0.3, 0.2))), "currents beside"),
    "unit": (dmft.Network(dmft.IID(1.2), unit=dmft.Delayed(dmft.Leaky(), 1.0)), "unit=Delayed"),
    "pairs of overlaps": (dmft.Network((PAIRS,)), "matrix of overlaps"),
    "smooth spectrum": (dmft.Network((SMOOTH,)), "strengths"),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_solve_in_time_takes_networks_with_memory(name):
    assert refusal(dmft.solve, NETWORKS[name], times=SHORT, currents=CURRENTS.get(name),
                   tol=0.01) is None


@pytest.mark.parametrize("name", NOT_IN_TIME)
def test_a_solve_in_time_names_what_is_not_derived(name):
    network, says = NOT_IN_TIME[name]
    message = refusal(dmft.solve, network, times=SHORT)
    assert re.search(says, message), message
    assert "validation.simulate" in message


def regional_spectrum():
    state, network = solved("multiregion", False)[0], NETWORKS["multiregion"]
    squares = [dmft.gaussian_averages(network.phi, v).slope(v) for v in state.variance]
    return dmft.jacobian_spectrum(network, gain=state.psi, mean_square_gain=squares)


def class_of_a_rank_two_network():
    return dmft.solution_class(NETWORKS["low rank"], currents=[0.5, 0.0],
                               times=dmft.Times(32.0, 0.4))


FOLLOWED = {  # the call, what its message says, and the call that the message recommends
    "spectrum of a state": (lambda: dmft.jacobian_spectrum(solved("multiregion", False)[0]),
                            "with gain=psi", regional_spectrum),
    "spectrum of states": (lambda: dmft.jacobian_spectrum(solved("multiregion", False)),
                           "with gain=psi", regional_spectrum),
    "period": (lambda: dmft.period(solved("low rank", True)),
               r"dmft.solution_class\(solution\)", class_of_a_rank_two_network),
    "energy": (lambda: dmft.energy(NETWORKS["multiregion"], np.ones((2, 2))),
               "no energy: see their attractor with dmft.solution_class",
               lambda: dmft.solution_class(NETWORKS["multiregion"], currents=np.full((2, 2), 0.5),
                                           times=dmft.Times(32.0, 0.4))),
    "energy of another network": (lambda: dmft.energy(NETWORKS["iid"], np.ones((2, 2))),
                                  r"symmetric\(0.0, c\)",
                                  lambda: dmft.energy(dmft.MultiregionNetwork.symmetric(
                                      0.0, np.ones((2, 2))), np.ones((2, 2)))),
    "exponent of states": (lambda: dmft.lyapunov_exponent(solved("regions", False)),
                           r"validation.lyapunov_exponent\(network, neurons\).*times=dmft.Times",
                           lambda: validation.lyapunov_exponent(NETWORKS["regions"], 12, 2,
                                                                trials=1, duration=4.0, rng=0)),
    "dimension of states": (lambda: dmft.dimension(solved("regions", False)),
                            "without regions, populations",
                            lambda: dmft.dimension(solved("iid", False))),
    "time scales of states": (lambda: dmft.timescales(solved("multiregion", False)[0]),
                              "C_x and .C_phi of its states",
                              lambda: (solved("multiregion", False)[0].C_x,
                                       solved("multiregion", False)[0].lags.tau)),
    "time scales in time": (lambda: dmft.timescales(solved("iid", True)), "without times",
                            lambda: dmft.timescales(solved("iid", False))),
    "dimension of a network": (lambda: dmft.dimension(NETWORKS["iid"]),
                               r"a network, not a solution; give dmft.solve\(network\)",
                               lambda: dmft.dimension(solved("iid", False))),
    "spectrum of a noisy plastic network": (
        lambda: dmft.jacobian_spectrum(NETWORKS["hebbian"]), r"give dmft.solve\(network\)$",
        lambda: dmft.jacobian_spectrum(dmft.solve(NETWORKS["hebbian"], tol=2e-2))),
    "fixed points with noise": (lambda: dmft.fixed_points(NETWORKS["hebbian"]), "set noise=0",
                                lambda: dmft.fixed_points(dmft.PlasticNetwork(1.5, 1.0, 2.0))),
    "tolerance of regions": (lambda: dmft.solve(NETWORKS["multiregion"], tol=1e-6),
                             "^tol=.*starts=",
                             lambda: dmft.fixed_points(NETWORKS["multiregion"], starts=3)),
    "iterations of regions": (lambda: dmft.solve(NETWORKS["multiregion"], max_iter=3),
                              "^max_iter=.*leave it out", lambda: solved("multiregion", False)),
}


@pytest.mark.parametrize("case", FOLLOWED)
def test_the_advice_can_be_followed(case):
    call, says, recommended = FOLLOWED[case]
    with pytest.raises(ModelError, match=says):
        call()
    assert recommended() is not None


@pytest.mark.parametrize("method", ["auto", "march"])
def test_the_cost_of_a_long_solve_is_stated_before_it_begins(method):
    class Begun(Exception):
        pass

    def stop(*_):
        raise Begun

    says = r"times=Times\(stop=100000.0.*2,000,000.* steps take roughly .* minutes on one core.*GiB"
    with pytest.warns(CostWarning, match=says), pytest.raises(Begun):
        dmft.solve(NETWORKS["iid"], times=dmft.Times(1e5, 0.05), method=method, callback=stop)
    with warnings.catch_warnings():
        warnings.simplefilter("error", CostWarning)
        dmft.solve(NETWORKS["iid"], times=SHORT, method=method)


def test_the_repr_without_a_complexity_of_fixed_points():
    found = dmft.fixed_points(dmft.PlasticNetwork(0.5, 0.1, 2.5))
    assert "nan" not in repr(found).partition("\n")[0]
    assert "stable points none" in repr(found)
