"""Updates and their effect: predicted and actual, branches that go on, and two runs compared."""

import dataclasses
from typing import Any

import numpy as np
import pytest

from core import OPTIMIZERS, PRESETS, Experiment, SpecificationError
from core.branches import Branch, Run, compare_runs, run_branches
from core.first_order import kept_promise
from core.learning import Start
from core.update_effect import effect_of


def experiment(name: str = "mse_identity", **changes: Any) -> Experiment:
    return dataclasses.replace(PRESETS[name].experiment(), **{"iterations": 5, **changes})


def descent(at: int, iterations: int, rate: float) -> Branch:
    return Branch(at, iterations, "gradient_descent", {"learning_rate": rate})


def trunk(given: Experiment) -> Run:
    return run_branches(given, [])[0]


def test_the_losses_are_those_of_the_trace_and_one_more():
    given = experiment("ce_softmax")
    effect = effect_of(trunk(given), "W[1]")
    longer = dataclasses.replace(given, iterations=6).trace()
    assert effect.losses == [float(longer[f"L@{k}"]) for k in range(6)]
    assert effect.changes == [b - a for a, b in zip(effect.losses, effect.losses[1:], strict=False)]


def test_gradient_descent_promises_the_steepest_descent():
    effect = effect_of(trunk(experiment()), "W[2]")
    assert effect.steepest is not None
    np.testing.assert_allclose(effect.predicted, effect.steepest, rtol=1e-12)
    trace = experiment().trace()
    square = sum(
        float((trace[f"d{name}[{layer}]@0"] ** 2).sum()) for name in "Wb" for layer in (1, 2, 3)
    )
    assert effect.steepest[0] == pytest.approx(-0.1 * square, rel=1e-12)
    assert effect.gradient_squares[0] == pytest.approx(square, rel=1e-12)


@pytest.mark.parametrize("optimizer", list(OPTIMIZERS))
def test_small_steps_keep_what_the_gradient_promises(optimizer: str):
    given = experiment(optimizer=optimizer, numbers={"learning_rate": 1e-6}, learning_rate=None)
    effect = effect_of(trunk(given), "W[1]")
    assert effect.ratios[0] == pytest.approx(1, abs=1e-3)
    assert (effect.steepest is None) == (optimizer != "gradient_descent")
    np.testing.assert_allclose(
        effect.left_over, np.array(effect.changes) - np.array(effect.predicted, float)
    )


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_the_moves_add_up_to_the_last_bit(precision: str):
    given = experiment(precision=precision)
    effect = effect_of(trunk(given), "W[1]")
    moves, trace = effect.moves, given.trace()
    assert moves.scaled is not None
    assert (len(moves.before), len(moves.change), len(moves.scaled)) == (6, 5, 5)
    for k, scaled in enumerate(moves.scaled):
        assert scaled.dtype == moves.before[k].dtype == precision
        np.testing.assert_array_equal(moves.before[k] + scaled, moves.before[k + 1])
        np.testing.assert_array_equal(moves.gradient[k], trace[f"dW[1]@{k}"])
        np.testing.assert_array_equal(moves.change[k], moves.before[k + 1] - moves.before[k])


def test_weight_decay_is_no_plain_step():
    given = experiment(numbers={"learning_rate": 0.1, "weight_decay": 0.5})
    effect = effect_of(trunk(given), "W[1]")
    assert effect.steepest is None
    assert effect.moves.scaled is None


def test_a_penalty_is_part_of_what_goes_down():
    given = experiment(l2=0.5)
    effect = effect_of(trunk(given), "W[1]")
    trace = given.trace()
    penalty = sum(float(trace[f"R[{layer}]@0"]) for layer in (1, 2, 3))
    assert effect.losses[0] == pytest.approx(float(trace["L@0"]) + penalty)
    np.testing.assert_array_equal(effect.moves.gradient[0], trace["rW[1]@0"])


def test_a_schedule_s_rate_is_the_one_of_its_iteration():
    given = experiment(schedule="exponential", schedule_numbers={"gamma": 0.5})
    effect = effect_of(trunk(given), "W[1]")
    assert effect.learning_rates == pytest.approx([0.1, 0.05, 0.025, 0.0125, 0.00625])
    assert effect.steepest is not None
    squares = np.array(effect.gradient_squares, float)
    steepest = np.array(effect.steepest, float)
    np.testing.assert_allclose(steepest, -np.array(effect.learning_rates, float) * squares)
    np.testing.assert_allclose(steepest, np.array(effect.predicted, float), rtol=1e-12)


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "rmsprop", "adam", "adamw"])
def test_a_branch_with_the_same_settings_is_the_trunk_bit_for_bit(optimizer: str):
    numbers = {"learning_rate": 0.01}
    given = experiment(
        optimizer=optimizer, numbers=numbers, learning_rate=None, schedule="exponential"
    )
    runs = run_branches(given, [Branch(2, 3, optimizer, numbers)])
    for name in ("W[1]", "b[3]", "Z[2]", "dW[2]", "L"):
        found = compare_runs(runs[0], runs[1], name)
        assert found.first == 2
        assert len(found.one) == (3 if name == "dW[2]" else 4)
        assert not found.difference.any(), name


def test_a_branch_with_the_same_switches_is_the_trunk_bit_for_bit():
    numbers = {"learning_rate": 0.01}
    given = experiment(
        optimizer="rmsprop", numbers=numbers, switches=("centered",), learning_rate=None
    )
    same, other = (Branch(2, 3, "rmsprop", numbers, switches) for switches in (("centered",), ()))
    runs = run_branches(given, [same, other])
    assert not compare_runs(runs[0], runs[1], "W[1]").difference.any()
    assert compare_runs(runs[0], runs[2], "W[1]").difference[1].any()


def test_another_optimizer_starts_its_own_states():
    """Momentum and Nesterov both have a velocity of the same name."""
    given = experiment(optimizer="momentum")
    kept, fresh = (Branch(2, 2, optimizer) for optimizer in ("momentum", "nesterov"))
    one, same, other = run_branches(given, [kept, fresh])
    assert one.trace["vW[1]@2"].any()
    np.testing.assert_array_equal(same.trace["vW[1]@2"], one.trace["vW[1]@2"])
    assert not other.trace["vW[1]@2"].any()


def test_a_run_whose_last_update_leads_out_of_the_range_says_where():
    given = experiment(learning_rate=1e200, iterations=1)
    run, longer = trunk(given), dataclasses.replace(given, iterations=2).trace()
    assert longer.diverged is not None
    assert run.trace.diverged == longer.diverged
    assert len(effect_of(run, "W[1]").losses) == 1


def test_a_branch_goes_its_own_way_from_the_same_weights():
    given = experiment()
    runs = run_branches(given, [descent(2, 3, 0.5), Branch(2, 3, "adam")])
    found = compare_runs(runs[0], runs[1], "W[2]")
    assert not found.difference[0].any()
    assert found.difference[1].any()
    np.testing.assert_array_equal(found.difference, found.other - found.one)
    flat = np.abs(found.difference[1]).ravel()
    assert flat[found.largest[1]] == flat.max()
    # By hand: W - 0.5 dW from iteration 2.
    trace = given.trace()
    expected = trace["W[2]@2"] - 0.5 * trace["dW[2]@2"]
    np.testing.assert_array_equal(found.other[1], expected)
    both = compare_runs(runs[1], runs[2], "L")
    assert both.one[1] != both.other[1]


def test_a_branch_may_have_another_schedule_which_counts_on():
    halving = {"gamma": 0.5}
    branch = Branch(2, 2, "gradient_descent", {"learning_rate": 0.8}, (), "exponential", halving)
    run = run_branches(experiment(), [branch])[1]
    assert effect_of(run, "W[1]").learning_rates == pytest.approx([0.2, 0.1])


def test_a_branch_of_a_run_that_begins_later_is_numbered_on():
    given = experiment(optimizer="momentum")
    states = run_branches(given, [Branch(3, 2, "momentum", {"learning_rate": 0.1})])[1]
    assert states.experiment.start is not None
    again = run_branches(states.experiment, [descent(4, 1, 0.5)])
    assert [run.start for run in again] == [3, 4]
    assert again[0].found("W[1]", 5) is not None
    with pytest.raises(SpecificationError, match="goes from 3 to 5"):
        run_branches(states.experiment, [descent(1, 1, 0.5)])


def test_a_run_that_diverges_ends_where_it_does():
    run = trunk(experiment(learning_rate=1e6, iterations=60))
    effect = effect_of(run, "W[1]")
    assert run.trace.diverged is not None
    assert 1 < len(effect.losses) < 60
    assert len(effect.changes) == len(effect.losses) - 1 == len(effect.moves.change)
    with pytest.raises(SpecificationError, match="diverges before"):
        run_branches(experiment(learning_rate=1e6, iterations=60), [descent(60, 1, 0.1)])


@pytest.mark.parametrize(
    ("branch", "words", "where"),
    [
        (descent(6, 1, 0.1), "starts at iteration 6", ["branches", 0, "at"]),
        (Branch(0, 1, "adam", {"momentum": 0.5}), "takes no momentum", ["branches", 0]),
        (Branch(0, 1, "nothing"), "no optimizer called", ["branches", 0]),
    ],
)
def test_a_branch_that_can_t_be_is_one_error(branch: Branch, words: str, where: list[Any]):
    with pytest.raises(SpecificationError, match=words) as caught:
        run_branches(experiment(), [branch])
    assert caught.value.where[: len(where)] == where


@pytest.mark.parametrize("count", [0.0, 7.0])
def test_a_branch_goes_on_with_the_trunk_s_count_of_steps(count: float):
    schedule: dict[str, Any] = {"schedule": "exponential", "schedule_numbers": {"gamma": 0.5}}
    start = Start(100, {"k": np.array(count)})
    given = experiment(start=start, **schedule)
    one, other = run_branches(given, [descent(102, 3, 0.1)])
    assert float(one.trace["k@102"]) == count + 2
    for id in ("k@102", "eta@102", "W[1]@103", "W[3]@105"):
        np.testing.assert_array_equal(one.trace[id], other.trace[id])


def test_a_schedule_that_the_trunk_has_not_counts_from_its_iteration():
    begins = Branch(2, 2, "gradient_descent", {}, schedule="exponential")
    _, run = run_branches(experiment(), [begins])
    assert float(run.trace["k@2"]) == 2


def test_what_can_t_be_compared_is_one_error():
    runs = run_branches(experiment(), [descent(1, 1, 0.5), descent(4, 1, 0.5)])
    with pytest.raises(SpecificationError, match="no tensor called “Y”"):
        compare_runs(runs[0], runs[1], "Y")
    with pytest.raises(SpecificationError, match="no iteration in which both"):
        compare_runs(runs[1], runs[2], "W[1]")
    with pytest.raises(SpecificationError, match="no parameter called"):
        effect_of(runs[0], "Z[1]")
    forward = dataclasses.replace(experiment(), loss=None, Y=None, iterations=1)
    with pytest.raises(SpecificationError, match="needs a loss and an optimizer"):
        run_branches(forward, [])


@pytest.mark.parametrize(
    ("actual", "predicted", "before", "ratio"),
    [
        (-0.75, -0.5, 8.0, 1.5),
        (0.25, -0.5, 8.0, -0.5),
        (-1e-13, -1e-13, 1e-3, 1.0),
        (-1e-13, -1e-13, 1.0, None),  # the rounding of the loss
        (-0.5, 0.0, 1.0, None),
        (-0.5, None, 1.0, None),
        (None, -0.5, 1.0, None),
        (1e300, 1e-300, 0.0, None),
    ],
)
def test_what_comes_true_of_a_promise(
    actual: float | None, predicted: float | None, before: float, ratio: float | None
):
    assert kept_promise(actual, predicted, before) == ratio
