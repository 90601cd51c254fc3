"""Random experiments for property tests."""

import numpy as np
from hypothesis import strategies as st

from core import ACTIVATIONS, LOSSES, Experiment, make_network

LEARNING_RATE = 1e-4


@st.composite
def experiments(draw: st.DrawFn, schemes: tuple[str, ...]) -> Experiment:
    """Networks of one to three layers with data that fits their loss, for two iterations."""
    loss = draw(st.sampled_from(sorted(LOSSES)))
    output = draw(st.sampled_from(LOSSES[loss].outputs))
    sizes = draw(st.lists(st.integers(1, 6), min_size=2, max_size=4))
    if output == "softmax":
        # The one output of a softmax is always 1: its binary cross entropy is infinite.
        sizes[-1] = max(sizes[-1], 2)
    hidden = draw(
        st.lists(
            st.sampled_from(sorted(ACTIVATIONS)),
            min_size=len(sizes) - 2,
            max_size=len(sizes) - 2,
        )
    )
    scheme, seed = draw(st.sampled_from(schemes)), draw(st.integers(0, 2**32 - 1))
    samples = draw(st.integers(1, 6))
    state = np.random.RandomState(seed)
    X = state.standard_normal((samples, sizes[0]))
    Y = state.uniform(0.05, 1, (samples, sizes[-1]))
    if loss == "cross_entropy":
        Y /= Y.sum(axis=1, keepdims=True)
    network = make_network(sizes, [*hidden, output], scheme, seed)
    return Experiment(network, X, Y, loss, learning_rate=LEARNING_RATE, iterations=2)
