"""A wrong sign or factor anywhere in the derivation of plasticity is detected."""

from dataclasses import dataclass, replace

import pytest
import sympy as sp

from dmft.derivations.engine.couplings import IID
from dmft.derivations.engine.disorder import network_action, s, t
from dmft.derivations.plasticity import (
    all_fixed_points,
    determinant,
    distant_times,
    freezing,
    hebbian,
    isolated_eigenvalues,
    joint_jacobian,
    kac_rice,
    local_loop,
    onset,
    plastic_network,
    small_activity,
    tangent,
)

FACTORS = (sp.Integer(-1), sp.Rational(1, 2), sp.Integer(2))
SOME = [sp.Rational(1, 2), *(pytest.param(one, marks=pytest.mark.slow) for one in (-1, 2))]
MODULES = (hebbian, local_loop, joint_jacobian, determinant, kac_rice, all_fixed_points,
           isolated_eigenvalues, freezing, tangent, onset)  # fmt: skip


def fails(steps):
    """Whether any step does not hold; an error raised by the engine counts as a failure."""
    for step in steps:
        try:
            if step.residual() != 0:
                return True
        except (NotImplementedError, ValueError, KeyError, ZeroDivisionError, IndexError):
            return True
    return False


def steps_of(module):
    """The steps of one part."""
    return plastic_network.derive().steps[: len(hebbian_steps())] if module is hebbian else (
        module.steps())  # fmt: skip


def hebbian_steps(action=None, ensemble=None):
    """The first part, from another action or ensemble."""
    return hebbian.steps(
        network_action() if action is None else action,
        hebbian.Hebbian(hebbian.k, hebbian.p) if ensemble is None else ensemble,
    )


@dataclass(frozen=True)
class Altered(hebbian.Hebbian):
    """Another strength, another rate of decay, or products of other instants."""

    factor: sp.Expr = sp.S.One
    rate: sp.Expr = sp.S.One
    swapped: bool = False

    def mean(self):
        true = replace(self, factor=sp.S.One, rate=sp.S.One, swapped=False)
        value = hebbian.Hebbian(true.k, true.p / self.rate).mean() / self.rate
        if self.swapped:
            value = value.subs({t: s, s: t}, simultaneous=True)
        return self.factor * value


ENSEMBLES = [{"factor": sp.Rational(1, 2)}, *(
    pytest.param(one, marks=pytest.mark.slow) for one in (
        {"factor": -sp.S.One}, {"factor": sp.Integer(2)}, {"rate": sp.Rational(1, 2)},
        {"rate": sp.Integer(2)}, {"swapped": True}))
]  # fmt: skip


@pytest.mark.parametrize("alteration", ENSEMBLES, ids=str)
def test_mutant_of_the_synapses_is_detected(alteration):
    """By W, by the sum over every synapse, and by the single site."""
    steps = hebbian_steps(ensemble=Altered(hebbian.k, hebbian.p, **alteration))
    assert fails(steps[1:2])
    assert fails(steps[2:3])
    assert fails(steps[4:5])


@pytest.mark.parametrize(("name", "factor"), [
    pytest.param(one.name, factor, marks=() if (one.name, factor) == ("coupling", FACTORS[1])
                 else pytest.mark.slow) for one in network_action() for factor in FACTORS
])  # fmt: skip
def test_mutant_of_the_action_is_detected(name, factor):
    if (name, factor) == ("noise", -1):
        return  # a Gaussian noise of the opposite sign is the same noise
    action = tuple(replace(one, coefficient=factor * one.coefficient) if one.name == name else one
                   for one in network_action())  # fmt: skip
    steps = hebbian_steps(action=action)
    assert fails(steps[4:5]), "the single site"
    if name == "coupling":
        assert fails(steps[1:2])


def altered(value):
    """Each factor on the whole, on every term and, in a quotient, on the numerator's terms."""
    whole = [factor * value for factor in FACTORS]
    top, bottom = sp.fraction(sp.together(value)) if not value.has(sp.log) else (value, 1)
    for expression, under in ((value, 1), (top, bottom)):
        terms = sp.Add.make_args(sp.expand(expression) if under != 1 else expression)
        if len(terms) > 1:
            whole += [sp.Add(*terms[:n], factor * one, *terms[n + 1 :]) / under
                      for n, one in enumerate(terms) for factor in FACTORS]  # fmt: skip
    return [one for one in dict.fromkeys(whole) if sp.simplify(one - value) != 0]


CONSTANTS = [
    (hebbian, "MEMORY"), (hebbian, "STATIC"), (local_loop, "LOOP"), (local_loop, "ROOT_MEAN"),
    (local_loop, "ROOT_DISCRIMINANT"), (local_loop, "ROOT_SLOW"), (local_loop, "ROOT_FAST"),
    (local_loop, "RESONANT"), (joint_jacobian, "DIAGONAL"), (joint_jacobian, "RANK_ONE"),
    (determinant, "LOG"), (kac_rice, "INPUT"), (kac_rice, "STIFFNESS"),
    (kac_rice, "DENSITY"), (kac_rice, "EXPONENT"), (all_fixed_points, "RAISED"),
    (all_fixed_points, "WEIGHT"), (isolated_eigenvalues, "STIFF"),
    (isolated_eigenvalues, "RESPONSE"),
    (freezing, "FROZEN"),
    (tangent, "TANGENT"), (onset, "FIRST"), (onset, "SECOND"), (onset, "AT_REST"),
    (onset, "DELAYED"),
    (onset, "SUBCRITICAL"), (onset, "GAIN"),
]  # fmt: skip
# A rate that decays differently is no factor upon a term.
OTHERS = [
    (hebbian, "MEMORY", hebbian.MEMORY.subs(hebbian.tau, 2 * hebbian.tau)),
    (hebbian, "STATIC", hebbian.STATIC.subs(hebbian.omega, -hebbian.omega)),
    (local_loop, "LOOP", local_loop.LOOP.subs(local_loop.lam, 2 * local_loop.lam)),
    (tangent, "TANGENT", tangent.TANGENT.subs(local_loop.lam, 2 * local_loop.lam)),
    (tangent, "TANGENT", tangent.TANGENT.subs(local_loop.lam, -local_loop.lam)),
    (determinant, "LOG", determinant.LOG.subs(determinant.s, 2 * determinant.s)),
    (all_fixed_points, "RAISED", all_fixed_points.RAISED.subs(determinant.s, 2 * determinant.s)),
    (
        isolated_eigenvalues,
        "RESPONSE",
        isolated_eigenvalues.RESPONSE.subs(isolated_eigenvalues.L, 2 * isolated_eigenvalues.L),
    ),
    (
        isolated_eigenvalues,
        "RESPONSE",
        isolated_eigenvalues.RESPONSE.subs(local_loop.lam, 2 * local_loop.lam),
    ),
    (freezing, "FROZEN", freezing.FROZEN.subs(hebbian.tau, 2 * hebbian.tau)),
    (onset, "GAIN", 1 / onset.GAIN),
]


def names(value):
    """Of modules without their path."""
    return getattr(value, "__name__", str(value)).rpartition(".")[2]


def survivors(module, name, mutants, monkeypatch):
    """Mutants that the steps of their own part do not detect, patched wherever the name is
    imported."""
    found, true = [], getattr(module, name)
    for wrong in mutants:
        with monkeypatch.context() as patch:
            for one in MODULES:
                if getattr(one, name, None) is true:
                    patch.setattr(one, name, wrong)
            steps = steps_of(module)
            if not fails(
                steps[::-1] if module is isolated_eigenvalues else steps
            ):  # the quick ones first
                found.append(wrong)
    return found


@pytest.mark.parametrize(("module", "name"), [
    pytest.param(*one, marks=() if one[1] == "INPUT" else pytest.mark.slow)
    for one in CONSTANTS
], ids=names)  # fmt: skip
def test_mutant_of_a_result_is_detected(module, name, monkeypatch):
    assert survivors(module, name, altered(getattr(module, name)), monkeypatch) == []


@pytest.mark.slow
@pytest.mark.parametrize(("module", "name", "wrong"), OTHERS, ids=names)
def test_mutant_of_a_rate_is_detected(module, name, wrong, monkeypatch):
    assert survivors(module, name, [wrong], monkeypatch) == []


@pytest.mark.slow
@pytest.mark.parametrize("factor", FACTORS)
def test_mutant_of_the_halt_is_detected(factor, monkeypatch):
    true = freezing.Halted.mean
    monkeypatch.setattr(freezing.Halted, "mean", lambda self: factor * true(self))
    assert fails(freezing.steps()[:1])
    assert fails(freezing.steps()[1:2])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["vectors", "projected"])
@pytest.mark.parametrize("factor", FACTORS)
def test_mutant_of_the_outer_product_is_detected(name, factor, monkeypatch):
    """Its first vector, and the rest of the couplings (a sign of which is the same draw)."""
    true = getattr(isolated_eigenvalues, name)

    def wrong(size):
        value = true(size)
        return (factor * value[0], value[1]) if name == "vectors" else factor * value

    monkeypatch.setattr(isolated_eigenvalues, name, wrong)
    steps = isolated_eigenvalues.network_steps()
    if name == "vectors":
        assert fails(steps[1:2])
        assert fails(steps[2:3])
    else:
        assert fails(steps[:1])
        assert factor == -1 or fails(steps[3:])


@pytest.mark.slow
def test_couplings_that_are_not_conditioned_are_detected(monkeypatch):
    """The unconditioned draw, which acts on phi and is correlated with J phi."""
    monkeypatch.setattr(isolated_eigenvalues, "projected", lambda size: IID(hebbian.g).sample(size))
    steps = isolated_eigenvalues.network_steps()
    assert fails(steps[:1])
    assert fails(steps[3:])


@pytest.mark.slow
def test_synapses_that_are_not_halted_are_detected(monkeypatch):
    monkeypatch.setattr(freezing.Halted, "mean", hebbian.Hebbian.mean)
    assert fails(freezing.steps()[:1])
    assert fails(freezing.steps()[2:3]), "a unit's own activity returns"


@pytest.mark.parametrize("factor", SOME)
def test_mutant_of_the_replicas_is_detected(factor, monkeypatch):
    true = tangent.Replicas.mean
    monkeypatch.setattr(tangent.Replicas, "mean", lambda self: factor * true(self))
    assert fails(tangent.steps()[:1])
    assert fails(tangent.steps()[2:3])


@pytest.mark.slow
def test_replicas_that_share_their_synapses_are_detected(monkeypatch):
    """Each replica would remember the other one."""
    def shared(self):
        return hebbian.Hebbian(self.k, self.p).mean()

    monkeypatch.setattr(tangent.Replicas, "mean", shared)
    assert fails(tangent.steps()[:1])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["wick", "slow", "phi", "memory"])
def test_mutant_of_the_expansion_is_detected(name, monkeypatch):
    true = getattr(small_activity, name)
    for factor in FACTORS:
        with monkeypatch.context() as patch:
            forget()
            for module in (small_activity, onset):
                patch.setattr(module, name, lambda *args, factor=factor: factor * true(*args),
                              raising=False)  # fmt: skip
            if name != "wick":
                assert fails(onset.steps()[1:2]), factor
            if (name, factor) != ("slow", -1):  # the correlation is the same backwards
                assert fails(onset.steps()[2:]), factor
    forget()


class Even(distant_times.Distant):
    """Synapses that are driven by the square of the activity: not symmetric."""

    def mean(self):
        return super().mean() * distant_times.phi[distant_times.unit, s]


class Lasting(distant_times.Distant):
    """Synapses that do not decay."""

    def mean(self):
        return super().mean().subs(distant_times.T, 0)


def doubled(name):
    """A function of the derivation, times two."""
    true = getattr(distant_times, name)
    return lambda *args: 2 * true(*args)


def skewed(w, numbers, true=distant_times.generating):
    """A law without the symmetry: averages of one field and of three."""
    source, log = true(w, numbers)
    return source, log + sum(source.values()) + sum(source.values()) ** 3


@pytest.mark.parametrize(("name", "wrong", "beginning"), [
    ("Distant", Lasting, "W is a sum"), ("Distant", Even, "A site with"),
    ("at", lambda instant: instant, "W is a sum"), ("two_point", doubled("two_point"), "The covar"),
    ("independent_sites", doubled("independent_sites"), "The covariance, over"),
    ("left_right", lambda one, two, true=distant_times.left_right: true(one, two)[::-1],
     "The covariance, over"),
    ("generating", skewed, "The covariance with"),
    ("second_derivatives", doubled("second_derivatives"), "Hence the synapses")],
    ids=lambda v: v if isinstance(v, str) else "")
def test_mutant_of_distant_times_is_detected(name, wrong, beginning, monkeypatch):
    monkeypatch.setattr(distant_times, name, wrong)
    distant_times.site_weight.cache_clear()
    steps = [one for one in distant_times.steps() if one.says.startswith(beginning)]
    assert steps
    assert fails(steps)
    distant_times.site_weight.cache_clear()


def forget():
    """What the expansion has found."""
    small_activity.activity.cache_clear()
    small_activity.per_input.cache_clear()
