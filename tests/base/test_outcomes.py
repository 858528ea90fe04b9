"""Every way in which an iteration ends is a success, or a failure that says what to change."""

import pytest

from dmft.base.outcomes import Ending, Outcome


@pytest.mark.parametrize("outcome", Outcome)
def test_an_outcome_is_a_success_or_has_advice(outcome):
    assert outcome.success != bool(outcome.advice)


@pytest.mark.parametrize("outcome", Outcome)
def test_an_outcome_is_restored_from_its_value(outcome):
    """Files hold the value."""
    assert Outcome(str(outcome)) is outcome
    assert str(outcome) == outcome.value


@pytest.mark.parametrize("outcome", Outcome)
def test_the_message_of_an_ending_is_what_happened_and_what_to_change(outcome):
    ending = Ending(outcome, "what happened at residual 1e-3")
    assert ending.converged == outcome.success
    assert ending.message.startswith("what happened at residual 1e-3")
    if outcome.success:
        assert ending.message == "what happened at residual 1e-3"
    else:
        assert ending.message == f"what happened at residual 1e-3: {outcome.advice}"


def test_without_a_description_the_message_starts_with_the_value_of_the_outcome():
    assert Ending(Outcome.CONVERGED).message == "converged"
    assert Ending(Outcome.MAX_ITER).message == "max_iter: give a larger max_iter"


def test_the_outcomes_that_are_successes():
    successes = {outcome for outcome in Outcome if outcome.success}
    assert successes == {Outcome.CONVERGED, Outcome.AVERAGED, Outcome.DECAYED, Outcome.UNDRIVEN}
