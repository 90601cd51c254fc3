"""The classic lessons of the training studio: what goes wrong, and what helps.

Every number in a sentence is one that the run gives; the tests hold them.
"""

from core.training_preset import GRADIENT_DESCENT, NO_TEST, TrainingPreset, rate

_GROUP = "Classic lessons"
LESSONS = (
    TrainingPreset(
        "linear_fails",
        "A line fails on XOR",
        _GROUP,
        "Without a hidden layer there is only a straight line. "
        "The loss stays near ln 2 = 0.693, whatever the steps.",
        {"name": "pg_xor", "standardise": True},
        (2, 1),
    ),
    TrainingPreset(
        "linear_fails_on_spiral",
        "Lines fail on the spiral",
        _GROUP,
        "Softmax regression has straight borders alone: the loss stays at 0.775 and only 49 % "
        "are right, however long it trains. Add a hidden layer of 32 and see the arms found.",
        {"name": "spiral", **NO_TEST},
        (2, 3),
        output="softmax",
        loss="cross_entropy",
        epochs=200,
    ),
    TrainingPreset(
        "dead_relu",
        "Dead ReLU",
        _GROUP,
        "One step of η = 8 too long, and every unit of the second layer is 0 on every sample: "
        "no gradient passes, nothing learns any more.",
        {"name": "moons", "noise": 0.15, **NO_TEST},
        (2, 8, 8, 1),
        hidden="relu",
        optimizer=GRADIENT_DESCENT,
        numbers=rate(8.0),
        epochs=100,
    ),
    TrainingPreset(
        "too_large_step",
        "Too large a step",
        _GROUP,
        "With η = 30 the loss jumps up and down and ends far above where it began.",
        {"name": "moons", "noise": 0.15, **NO_TEST},
        (2, 8, 8, 1),
        optimizer=GRADIENT_DESCENT,
        numbers=rate(30.0),
        epochs=300,
    ),
    TrainingPreset(
        "vanishing",
        "Vanishing gradient",
        _GROUP,
        "Five hidden layers of sigmoids: the gradient of the first layer is 3,600 times as "
        "short as the last one's, and after 1000 epochs the loss is still 0.693.",
        {"name": "moons", "noise": 0.15, **NO_TEST},
        (2, 8, 8, 8, 8, 8, 1),
        hidden="sigmoid",
        optimizer=GRADIENT_DESCENT,
        numbers=rate(0.5),
        epochs=1000,
    ),
    TrainingPreset(
        "zeros",
        "All weights zero",
        _GROUP,
        "Every unit of a layer is like every other, and the gradient of the weights is 0: "
        "they never part.",
        {"name": "moons", "noise": 0.15, **NO_TEST},
        (2, 8, 8, 1),
        scheme="zeros",
        epochs=300,
    ),
    TrainingPreset(
        "overfitting",
        "Overfitting",
        _GROUP,
        "Thirty noisy points and 1,185 parameters: the training loss falls to 0 while the test "
        "loss rises. Add L2 = 0.02 and see it end below.",
        {
            "name": "moons",
            "samples": 60,
            "noise": 0.35,
            "test_share": 0.5,
            "standardise": True,
        },
        (2, 32, 32, 1),
        epochs=1500,
    ),
    TrainingPreset(
        "needs_depth",
        "One that needs depth",
        _GROUP,
        "Three layers of eight units unwind the spirals; a single layer of eight stays at a "
        "loss of 0.19.",
        {"name": "pg_spiral", **NO_TEST},
        (2, 8, 8, 8, 1),
        epochs=1500,
    ),
)
