"""Classic lessons on descent, and races between methods."""

from core.descent import Stop
from core.descent_preset import DescentPreset, Run, descending, level, rated

LESSONS = "Classic lessons"
RACES = "Races"

CLASSIC = (
    DescentPreset(
        "overshoot",
        "One step too long",
        LESSONS,
        "The slope is positive, so left is right; but the step is 3 long, and f rises from 1 to 4.",
        "parabola",
        (1.0,),
        (descending(1.5),),
        Stop(1),
        ("S52", "S53"),
        view="line",
    ),
    DescentPreset(
        "ravine",
        "A ravine, three ways",
        LESSONS,
        "Gradient descent falls into the ravine and nearly stops: f is 2.28 after 500 steps. "
        "Momentum and Adam carry on along its floor, to 0.031 and 0.016.",
        "rosenbrock",
        (-1.2, 1.0),
        (descending(0.001), rated("momentum", 0.0005), rated("adam", 0.1)),
        level(500),
    ),
    DescentPreset(
        "saddle",
        "A saddle, a long wait",
        LESSONS,
        "Gradient descent is drawn to the saddle: at step 20 the gradient is 0.096 long. "
        "All the while x₂ grows by a factor of 1.2, and carries it away.",
        "saddle",
        (2.5, 0.001),
        (descending(0.1), rated("momentum", 0.05)),
        level(60),
        view="relief",
    ),
    DescentPreset(
        "momentum_rescue",
        "Momentum rolls out of a valley",
        LESSONS,
        "Gradient descent stops in the nearer valley, at 1.35. Momentum rolls over the hill into "
        "the deeper one, at −1.47.",
        "double_well",
        (2.3,),
        (descending(0.05), rated("momentum", 0.05)),
        level(500),
        view="line",
    ),
    DescentPreset(
        "badly_scaled",
        "Ten thousand times as steep",
        LESSONS,
        "The steep direction keeps gradient descent's steps tiny: after 500 of them x₁ is still "
        "2.85. Adam measures each direction by itself, and is done after 419.",
        ((1.0, 0.0), (0.0, 10_000.0)),
        (3.0, 3.0),
        (descending(0.0001), rated("adam", 0.1)),
        level(500),
    ),
    DescentPreset(
        "stalling_schedule",
        "A schedule that stalls",
        LESSONS,
        "A constant 0.2 arrives in 38 steps. Halved at every step it stalls at f = 1.13, where the "
        "gradient is still 2.31 long: all step sizes together are only 0.4.",
        "lecture_quadratic",
        (3.0, 3.0),
        (
            descending(0.2),
            Run("gradient_descent", {"learning_rate": 0.2}, (), "exponential", {"gamma": 0.5}),
        ),
        level(),
        ("S61",),
    ),
    DescentPreset(
        "many_valleys",
        "Many valleys",
        LESSONS,
        "All three end in the nearest valley, where f = 7.96. The lowest of all is 0, far away.",
        "rastrigin",
        (2.2, 1.7),
        (descending(0.002), rated("momentum", 0.002), rated("adam", 0.1)),
        level(500),
        view="relief",
    ),
    DescentPreset(
        "rough_plain",
        "A hole in a rough plain",
        LESSONS,
        "Gradient descent stops in the first hollow, at f = 6.56; momentum rolls on, to 4.88. "
        "Adam with long steps comes near the hole: f = 0.16 after 500 steps.",
        "ackley",
        (2.5, 1.8),
        (descending(0.01), rated("momentum", 0.02), rated("adam", 0.5)),
        level(500),
        view="relief",
    ),
    DescentPreset(
        "four_minima",
        "One start, two of four minima",
        LESSONS,
        "From (0, 0) gradient descent ends at (3, 2), momentum at (3.58, −1.85). "
        "All four minima are as low.",
        "himmelblau",
        (0.0, 0.0),
        (descending(0.01), rated("momentum", 0.01)),
        level(500),
    ),
    DescentPreset(
        "plateau",
        "A flat valley floor",
        LESSONS,
        "The floor is nearly level: after 500 steps gradient descent is still 0.093 from the "
        "minimum. Momentum is done after 274, Adam after 314.",
        "beale",
        (1.0, 1.0),
        (descending(0.01), rated("momentum", 0.01), rated("adam", 0.1)),
        level(500),
    ),
    DescentPreset(
        "quadratic_race",
        "A race on the lecture's quadratic",
        RACES,
        "Newton's method takes 1 step, conjugate gradient 2, BFGS 3. With exact steps gradient "
        "descent divides f by 16 each time and takes 13; with the best fixed step it takes 38.",
        "lecture_quadratic",
        (3.0, 3.0),
        (
            Run("newton"),
            Run("conjugate_gradient"),
            Run("bfgs"),
            Run("exact_line_search"),
            descending(0.2),
        ),
        level(),
    ),
    DescentPreset(
        "ravine_race",
        "A race through the ravine",
        RACES,
        "Newton's method takes 21 steps, conjugate gradient 22, BFGS 37. "
        "Gradient descent with backtracking isn't there after 500.",
        "rosenbrock",
        (-1.2, 1.0),
        (Run("newton"), Run("conjugate_gradient"), Run("bfgs"), Run("backtracking")),
        level(500),
    ),
    DescentPreset(
        "beale_race",
        "A race over Beale's plateau",
        RACES,
        "Newton's method takes 7 steps, conjugate gradient 11, BFGS 14. "
        "Momentum, which asks for no more than the gradient, takes 274.",
        "beale",
        (1.0, 1.0),
        (
            Run("newton"),
            Run("conjugate_gradient"),
            Run("bfgs"),
            rated("momentum", 0.01),
        ),
        level(500),
    ),
    DescentPreset(
        "flat_valley_race",
        "A race down a flat valley",
        RACES,
        "Conjugate gradient takes 2 steps, momentum 269. "
        "Gradient descent with the same η = 0.5 isn't there after 500.",
        "matyas",
        (8.0, -2.0),
        (Run("conjugate_gradient"), rated("momentum", 0.5), descending(0.5)),
        level(500),
    ),
)
