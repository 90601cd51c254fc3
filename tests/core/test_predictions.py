"""A network on every row of a data set."""

import math

import numpy as np
import pytest

from core import Experiment
from core.errors import SpecificationError
from core.network import Layer, Network, make_network
from core.predictions import class_of, predict

X = np.random.RandomState(3).standard_normal((9, 2))
LABELS = np.array([0, 1, 2, 0, 1, 2, 0, 1, 2])
ONE_HOT = np.eye(3)[LABELS]
TRAIN, TEST = [0, 2, 3, 5, 6, 8], [1, 4, 7]


def three_classes() -> Network:
    return make_network([2, 4, 3], ["tanh", "softmax"], "xavier_normal", 5)


def test_outputs_and_losses_are_those_of_the_trace():
    found = predict(three_classes(), "cross_entropy", X, ONE_HOT, TRAIN, TEST, 3)
    trace = Experiment(three_classes(), X, ONE_HOT, "cross_entropy").trace()
    np.testing.assert_array_equal(found.outputs, trace["A[2]@0"])
    np.testing.assert_array_equal(found.losses, trace["Lp@0"])
    own = Experiment(three_classes(), X[TRAIN], ONE_HOT[TRAIN], "cross_entropy").trace()
    assert found.loss == pytest.approx(float(own["L@0"]), rel=1e-14)
    assert found.test_loss == pytest.approx(found.losses[TEST].mean(), rel=1e-14)


def test_numbers_have_residuals_and_classes_have_none():
    line = Network((Layer(np.array([[2.0, 0.0]]), np.array([0.5]), "identity"),))
    found = predict(line, "mse", X, LABELS[:, None].astype(float), TRAIN, TEST)
    assert found.residuals is not None
    np.testing.assert_array_equal(found.residuals[:, 0], 2 * X[:, 0] + 0.5 - LABELS)
    classes = predict(three_classes(), "cross_entropy", X, ONE_HOT, TRAIN, TEST, 3)
    assert classes.residuals is None


def test_confusions_count_true_classes_by_predicted_ones():
    # Outputs are the inputs: the class is where the row's largest number stands.
    identity = Network((Layer(np.eye(3), np.zeros(3), "softmax"),))
    rows = np.array([[5, 0, 0], [0, 5, 0], [0, 5, 0], [0, 0, 5], [5, 0, 0]], float)
    true = np.eye(3)[[0, 0, 1, 2, 2]]
    found = predict(identity, "cross_entropy", rows, true, [0, 1, 2, 3], [4], 3)
    assert found.predicted is not None
    assert found.correct is not None
    assert found.predicted.tolist() == [0, 1, 1, 2, 0]
    assert found.correct.tolist() == [True, False, True, True, False]
    assert found.confusion is not None
    assert found.test_confusion is not None
    assert found.confusion.tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 1]]
    assert found.test_confusion.tolist() == [[0, 0, 0], [0, 0, 0], [1, 0, 0]]


def test_a_single_output_says_the_second_class_above_one_half():
    assert class_of(np.array([[0.2], [0.5], [0.51]])).tolist() == [0, 0, 1]


def test_the_first_of_the_drawn_rows_have_their_own_mean_and_all_have_the_loss():
    found = predict(three_classes(), "cross_entropy", X, ONE_HOT, TRAIN, TEST, 3, seed=4)
    order, means = found.sampling.order, found.sampling.means
    assert sorted(order.tolist()) == TRAIN
    for n in (1, 3, 6):
        assert means[n - 1] == pytest.approx(found.losses[order[:n]].mean(), rel=1e-14)
    assert means[-1] == pytest.approx(found.loss, rel=1e-14)
    other = predict(three_classes(), "cross_entropy", X, ONE_HOT, TRAIN, TEST, 3, seed=5)
    assert other.sampling.order.tolist() != order.tolist()


def test_numbers_have_no_classes_and_no_test_rows_no_test_loss():
    network = make_network([2, 1], ["identity"], "xavier_normal", 1)
    found = predict(network, "mse", X, X[:, :1], range(9), [])
    assert (found.predicted, found.correct, found.confusion, found.test_loss) == (None,) * 4


def test_an_unbounded_loss_stays_in_its_own_row():
    network = Network((Layer(np.array([[1.0]]), np.zeros(1), "identity"),))
    found = predict(network, "mse", np.array([[1e200], [1.0]]), np.zeros((2, 1)), [0], [1])
    assert math.isinf(found.losses[0])
    assert found.losses[1] == found.test_loss == 0.5


def test_what_does_not_fit_is_refused():
    with pytest.raises(SpecificationError, match="2 inputs"):
        predict(three_classes(), "cross_entropy", X[:, :1], ONE_HOT, TRAIN, TEST, 3)
    tanh = make_network([2, 3], ["tanh"], "xavier_normal", 5)
    with pytest.raises(SpecificationError, match="tanh"):
        predict(tanh, "cross_entropy", X, ONE_HOT, TRAIN, TEST, 3)
