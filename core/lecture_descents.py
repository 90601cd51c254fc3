"""The lecture's figures on derivatives, descent, step sizes and stopping, in its order."""

from core.descent import Stop
from core.descent_preset import DescentPreset, Run, descending, level, rated

DERIVATIVE = "The lecture: derivative and gradient"
LINE = "The lecture: one variable"
PLANE = "The lecture: many variables"
STEP = "The lecture: step size"
STOPPING = "The lecture: stopping"
CORNER = (3.0, 3.0)


def _on_the_line(
    name: str, title: str, watch: str, lecture: tuple[str, ...], *runs: Run, stop: Stop
) -> DescentPreset:
    return DescentPreset(
        name, title, LINE, watch, "parabola", (3.0,), runs, stop, lecture, view="line"
    )


def _step_size(
    name: str, title: str, watch: str, lecture: tuple[str, ...], *rates: float, most: int = 200
) -> DescentPreset:
    runs = tuple(descending(rate) for rate in rates)
    return DescentPreset(
        name, title, STEP, watch, "lecture_quadratic", CORNER, runs, level(most), lecture
    )


def _stopping(
    name: str, title: str, watch: str, lecture: tuple[str, ...], stop: Stop, *rates: float
) -> DescentPreset:
    runs = tuple(descending(rate) for rate in rates)
    return DescentPreset(
        name, title, STOPPING, watch, "lecture_quadratic", CORNER, runs, stop, lecture
    )


def _shrinking(schedule: str, gamma: float) -> Run:
    return Run("branch_descent", {"learning_rate": 1.0}, (), schedule, {"gamma": gamma})


LECTURE = (
    DescentPreset(
        "derivative",
        "A small step, and what the slope says",
        DERIVATIVE,
        "From 3 to 3.1 the value rises by 0.61; the slope, 6, says 0.6. What is missing is Δx².",
        "parabola",
        (3.0,),
        (rated("sign_descent", 0.1),),
        Stop(1),
        ("S47",),
        ascend=True,
        view="line",
        window=((2.5, 3.5),),
        at=0,
    ),
    DescentPreset(
        "locally_linear",
        "Near enough, a curve is a line",
        DERIVATIVE,
        "In a window of 0.1 the sine leaves its tangent by less than 0.0011. Further out it bends.",
        "sine",
        (1.0,),
        (descending(0.05),),
        Stop(1),
        ("S48",),
        view="line",
        window=((0.95, 1.05),),
        at=0,
    ),
    DescentPreset(
        "gradient",
        "The gradient on a surface",
        DERIVATIVE,
        "The gradient (9, 27) points where f grows fastest, and its length, 28.46, is how fast.",
        "lecture_quadratic",
        CORNER,
        (descending(0.1),),
        level(),
        ("S49",),
        view="relief",
        at=0,
    ),
    DescentPreset(
        "level_curve",
        "The gradient and the level curve",
        DERIVATIVE,
        "The gradient (9, 27) stands at right angles to the level curve f = 54.",
        "lecture_quadratic",
        CORNER,
        (descending(0.1),),
        level(),
        ("S50",),
        at=0,
    ),
    DescentPreset(
        "iterative",
        "Start, update, stop",
        LINE,
        "From 2 each step leads down, until after 33 the slope is nearly 0. "
        "The valley on the left is deeper, but no step leads there.",
        "double_well",
        (2.0,),
        (descending(0.1),),
        level(),
        ("S51", "S52"),
        view="line",
    ),
    _on_the_line(
        "sign_of_the_slope",
        "Which way? The sign of the slope",
        "At 3 the slope is positive, so the step goes left, to −1.8. "
        "There it is negative, so the next goes right, to 1.08.",
        ("S53",),
        descending(0.8),
        stop=level(),
    ),
    _on_the_line(
        "trivial_lands",
        "The trivial algorithm lands",
        "It takes 6 steps of 0.5, exactly onto the minimum.",
        ("S54", "S55"),
        rated("branch_descent", 0.5),
        stop=Stop(40),
    ),
    _on_the_line(
        "trivial_misses",
        "The trivial algorithm never lands",
        "Steps of 0.4 jump between 0.2 and −0.2 for ever. The slope there is never 0.",
        ("S55",),
        rated("branch_descent", 0.4),
        stop=Stop(40),
    ),
    _on_the_line(
        "trivial_shrinks",
        "Steps of 1/(k + 1) arrive",
        "The steps shrink, but their sum has no bound: after 2000 of them x is 0.0005 from 0.",
        ("S55",),
        _shrinking("inverse", 1.0),
        stop=Stop(2000),
    ),
    _on_the_line(
        "trivial_stalls",
        "Steps that shrink too fast",
        "Each step is half the last, so all together they reach only 2 far. "
        "The path stalls at 1, where the slope is still 2.",
        ("S55",),
        _shrinking("exponential", 0.5),
        stop=Stop(200),
    ),
    _on_the_line(
        "three_forms",
        "Branch, sign, gradient",
        "The first two take the same 6 steps of 0.5. The third's steps are as long as the slope "
        "says: 0.6 at first, then ever shorter, 70 in all.",
        ("S54", "S56", "S57"),
        rated("branch_descent", 0.5),
        rated("sign_descent", 0.5),
        descending(0.1),
        stop=level(),
    ),
    DescentPreset(
        "descent",
        "Descent in two variables",
        PLANE,
        "Every step goes exactly against the gradient. After 80 the path is at (1, 3), "
        "the only minimum.",
        "booth",
        (-5.0, 5.0),
        (descending(0.1),),
        level(),
        ("S58", "S60"),
    ),
    DescentPreset(
        "climb",
        "Climbing the bump",
        PLANE,
        "Ascent goes along the gradient. Far out the ground is flat, so the first steps are short; "
        "step 7 is the longest.",
        "bump",
        (1.5, 1.0),
        (descending(0.3),),
        level(),
        ("S58", "S59"),
        ascend=True,
    ),
    DescentPreset(
        "step_size_rules",
        "Four ways to choose the step size",
        PLANE,
        "A constant 0.2 takes 38 steps, and one that falls from 0.2 as 1/k takes 485. "
        "Both line searches, which ask the surface itself, take 13.",
        "lecture_quadratic",
        CORNER,
        (
            descending(0.2),
            Run("gradient_descent", {"learning_rate": 0.2}, (), "inverse", {"gamma": 0.1}),
            Run("backtracking"),
            Run("exact_line_search"),
        ),
        level(500),
        ("S61", "S62"),
    ),
    _step_size(
        "calm",
        "η = 0.1: a calm descent",
        "The first step takes f from 54 to 5.4; then the path creeps along the flat direction, "
        "76 steps in all.",
        ("S63", "S64"),
        0.1,
    ),
    _step_size(
        "best",
        "η = 0.2: the best fixed step",
        "It zigzags, yet no fixed step size is better. Each step multiplies f by 0.4; 38 suffice.",
        ("S63", "S65"),
        0.2,
    ),
    _step_size(
        "side_by_side",
        "η = 0.1 beside η = 0.2",
        "Until step 4 the calm path, 0.1, is lower. From step 5 on 0.2 is, and it is done after 38 "
        "steps instead of 76.",
        ("S63", "S64", "S65"),
        0.1,
        0.2,
    ),
    _step_size(
        "zigzag",
        "η = 0.24: zig-zag",
        "Each step jumps over the valley to its other side. Just below the stable limit, 0.24503, "
        "it still arrives, after 410 steps.",
        ("S63",),
        0.24,
        most=500,
    ),
    _step_size(
        "diverging",
        "η = 0.25: diverges slowly",
        "The first step leaves f at 54. Past the stable limit, 0.24503, every jump soon lands "
        "8 % higher than the one before.",
        ("S63",),
        0.25,
        most=500,
    ),
    _step_size(
        "runaway",
        "η = 0.3: diverges fast",
        "Every jump soon lands more than 2 times as high; after 37 steps the run has diverged.",
        ("S63",),
        0.3,
    ),
    _stopping(
        "criterion_1",
        "Criterion 1: f hardly changes",
        "With ε₁ = 0.001 the test fires at step 20 for η = 0.1, at step 13 for η = 0.2.",
        ("S66",),
        Stop(200, value_change=1e-3),
        0.1,
        0.2,
    ),
    _stopping(
        "criterion_2",
        "Criterion 2: the gradient is short",
        "With ε₂ = 0.001 the test fires at step 42 for η = 0.1, at step 23 for η = 0.2.",
        ("S67",),
        Stop(200, gradient_norm=1e-3),
        0.1,
        0.2,
    ),
    _stopping(
        "both_criteria",
        "Both criteria at once",
        "Only where f hardly changes and the gradient is short does the path stop: at step 42 for "
        "η = 0.1, at step 23 for η = 0.2.",
        ("S66", "S67"),
        Stop(200, value_change=1e-3, gradient_norm=1e-3, require="both"),
        0.1,
        0.2,
    ),
    _stopping(
        "tiny_step",
        "A tiny step stops at once",
        "With η = 0.000001 f hardly changes, so criterion 1 fires after 1 step, although the "
        "gradient is still 28.46 long. Stopping isn't arriving.",
        ("S66",),
        Stop(200, value_change=1e-3),
        1e-6,
    ),
    _stopping(
        "recap",
        "Gradient descent in full",
        "Every component moves by the gradient at the same point: the first step leads to "
        "(2.1, 0.3). The loop ends at step 20, when f has changed by less than 0.001.",
        ("S68",),
        Stop(200, value_change=1e-3),
        0.1,
    ),
)
