# A lambda's parameters can't be annotated; here they are floats or arrays of floats.
# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false
"""The surfaces of the catalogue. A new surface is one entry here and one worked example."""

from collections.abc import Sequence

import numpy as np

from core.surface import Number, Optimum, Surface


def _lecture() -> Surface:
    return Surface(
        "lecture_quadratic",
        "The lecture's quadratic",
        r"x_1^2 + x_1 x_2 + 4 x_2^2",
        "x1**2 + x1*x2 + 4*x2**2",
        lambda x, y: x * x + x * y + 4 * y * y,
        lambda x, y: (2 * x + y, x + 8 * y),
        lambda x, y: ((2 + 0 * x, 1 + 0 * x), (1 + 0 * x, 8 + 0 * x)),
        ((-4, 4), (-4, 4)),
        (3, 3),
        (Optimum("minimum", (0, 0), 0),),
        "The lecture, “Influence of step size”",
        is_quadratic=True,
    )


def _rosenbrock() -> Surface:
    return Surface(
        "rosenbrock",
        "Rosenbrock's valley",
        r"(1 - x_1)^2 + 100\,(x_2 - x_1^2)^2",
        "(1 - x1)**2 + 100*(x2 - x1**2)**2",
        lambda x, y: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
        lambda x, y: (-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)),
        lambda x, y: (
            (2 - 400 * (y - 3 * x * x), -400 * x),
            (-400 * x, 200 + 0 * x),
        ),
        ((-2, 2), (-1, 3)),
        (-1.2, 1),
        (Optimum("minimum", (1, 1), 0),),
        "Rosenbrock (1960)",
    )


def _beale() -> Surface:
    def residuals(x: Number, y: Number) -> tuple[Number, Number, Number]:
        return 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3

    def gradient(x: Number, y: Number) -> tuple[Number, Number]:
        a, b, c = residuals(x, y)
        return (
            2 * (a * (y - 1) + b * (y**2 - 1) + c * (y**3 - 1)),
            2 * x * (a + 2 * b * y + 3 * c * y**2),
        )

    def hessian(x: Number, y: Number) -> Sequence[Sequence[Number]]:
        a, b, c = residuals(x, y)
        mixed = 2 * (
            x * (y - 1) + a + 2 * y * (x * (y**2 - 1) + b) + 3 * y**2 * (x * (y**3 - 1) + c)
        )
        return (
            (2 * ((y - 1) ** 2 + (y**2 - 1) ** 2 + (y**3 - 1) ** 2), mixed),
            (mixed, 2 * x * (x + 2 * b + 4 * x * y**2 + 6 * c * y + 9 * x * y**4)),
        )

    return Surface(
        "beale",
        "Beale",
        r"(1.5 - x_1 + x_1 x_2)^2 + (2.25 - x_1 + x_1 x_2^2)^2 + (2.625 - x_1 + x_1 x_2^3)^2",
        "(1.5 - x1 + x1*x2)**2 + (2.25 - x1 + x1*x2**2)**2 + (2.625 - x1 + x1*x2**3)**2",
        lambda x, y: sum(r**2 for r in residuals(x, y)),
        gradient,
        hessian,
        ((-4.5, 4.5), (-4.5, 4.5)),
        (1, 1),
        (Optimum("minimum", (3, 0.5), 0),),
        "Beale (1958)",
    )


def _himmelblau() -> Surface:
    return Surface(
        "himmelblau",
        "Himmelblau",
        r"(x_1^2 + x_2 - 11)^2 + (x_1 + x_2^2 - 7)^2",
        "(x1**2 + x2 - 11)**2 + (x1 + x2**2 - 7)**2",
        lambda x, y: (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2,
        lambda x, y: (
            4 * x * (x * x + y - 11) + 2 * (x + y * y - 7),
            2 * (x * x + y - 11) + 4 * y * (x + y * y - 7),
        ),
        lambda x, y: (
            (12 * x * x + 4 * y - 42, 4 * (x + y)),
            (4 * (x + y), 12 * y * y + 4 * x - 26),
        ),
        ((-5, 5), (-5, 5)),
        (0, 0),
        (
            Optimum("minimum", (3, 2), 0),
            Optimum("minimum", (-2.805118086952745, 3.131312518250573), 0),
            Optimum("minimum", (-3.779310253377747, -3.283185991286170), 0),
            Optimum("minimum", (3.584428340330492, -1.848126526964404), 0),
            Optimum("maximum", (-0.27084459067, -0.92303852252), 181.6165215226),
        ),
        "Himmelblau (1972)",
    )


def _rastrigin() -> Surface:
    tau = 2 * np.pi
    return Surface(
        "rastrigin",
        "Rastrigin: many valleys",
        r"20 + x_1^2 + x_2^2 - 10\cos(2\pi x_1) - 10\cos(2\pi x_2)",
        "20 + x1**2 + x2**2 - 10*cos(2*pi*x1) - 10*cos(2*pi*x2)",
        lambda x, y: 20 + x * x + y * y - 10 * np.cos(tau * x) - 10 * np.cos(tau * y),
        lambda x, y: (
            2 * x + 10 * tau * np.sin(tau * x),
            2 * y + 10 * tau * np.sin(tau * y),
        ),
        lambda x, y: (
            (2 + 10 * tau**2 * np.cos(tau * x), 0 * x),
            (0 * x, 2 + 10 * tau**2 * np.cos(tau * y)),
        ),
        ((-4, 4), (-4, 4)),
        (2.2, 1.7),
        (Optimum("minimum", (0, 0), 0),),
        "Rastrigin (1974)",
    )


def _ackley() -> Surface:
    tau = 2 * np.pi

    def radius(x: Number, y: Number) -> Number:
        return np.sqrt((x * x + y * y) / 2)

    def slope(x: Number, y: Number) -> Number:
        # 2 exp(-r/5)/r, which has no limit at the tip; 0 there, as the symmetric choice.
        r = radius(x, y)
        return np.where(r > 0, 2 * np.exp(-0.2 * r) / np.where(r > 0, r, 1), 0.0)

    def waves(x: Number, y: Number) -> Number:
        return np.exp((np.cos(tau * x) + np.cos(tau * y)) / 2)

    def hessian(x: Number, y: Number) -> Sequence[Sequence[Number]]:
        r, s, e = radius(x, y), slope(x, y), waves(x, y)
        bend = -s * (0.2 + 1 / np.where(r > 0, r, np.inf)) / np.where(r > 0, 2 * r, 1)
        sx, sy, cx, cy = np.sin(tau * x), np.sin(tau * y), np.cos(tau * x), np.cos(tau * y)
        wave = (tau**2 / 2) * e
        mixed = bend * x * y - (np.pi**2) * e * sx * sy
        return (
            (s + bend * x * x + wave * cx - np.pi**2 * e * sx**2, mixed),
            (mixed, s + bend * y * y + wave * cy - np.pi**2 * e * sy**2),
        )

    return Surface(
        "ackley",
        "Ackley: a hole in a rough plain",
        r"20 + e - 20\, e^{-0.2\sqrt{(x_1^2 + x_2^2)/2}} - e^{(\cos 2\pi x_1 + \cos 2\pi x_2)/2}",
        "20 + e - 20*exp(-0.2*sqrt((x1**2 + x2**2)/2)) - exp((cos(2*pi*x1) + cos(2*pi*x2))/2)",
        lambda x, y: 20 + np.e - 20 * np.exp(-0.2 * radius(x, y)) - waves(x, y),
        lambda x, y: (
            slope(x, y) * x + np.pi * np.sin(tau * x) * waves(x, y),
            slope(x, y) * y + np.pi * np.sin(tau * y) * waves(x, y),
        ),
        hessian,
        ((-4, 4), (-4, 4)),
        (2.5, 1.8),
        (Optimum("minimum", (0, 0), 0),),
        "Ackley (1987)",
    )


def _bump() -> Surface:
    def height(x: Number, y: Number) -> Number:
        return np.exp(-(x * x + 2 * y * y) / 2)

    return Surface(
        "bump",
        "A bump, to climb",
        r"e^{-(x_1^2 + 2 x_2^2)/2}",
        "exp(-(x1**2 + 2*x2**2)/2)",
        height,
        lambda x, y: (-x * height(x, y), -2 * y * height(x, y)),
        lambda x, y: (
            ((x * x - 1) * height(x, y), 2 * x * y * height(x, y)),
            (2 * x * y * height(x, y), (4 * y * y - 2) * height(x, y)),
        ),
        ((-3, 3), (-3, 3)),
        (1.5, 1),
        (Optimum("maximum", (0, 0), 1),),
    )


def _camel() -> Surface:
    well = (1.7475523458302895, -0.8737761729151448)
    return Surface(
        "three_hump_camel",
        "Three-hump camel",
        r"2 x_1^2 - 1.05\, x_1^4 + \tfrac16 x_1^6 + x_1 x_2 + x_2^2",
        "2*x1**2 - 1.05*x1**4 + x1**6/6 + x1*x2 + x2**2",
        lambda x, y: 2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y * y,
        lambda x, y: (4 * x - 4.2 * x**3 + x**5 + y, x + 2 * y),
        lambda x, y: ((4 - 12.6 * x**2 + 5 * x**4, 1 + 0 * x), (1 + 0 * x, 2 + 0 * x)),
        ((-2.5, 2.5), (-2.5, 2.5)),
        (2, -1.8),
        (
            Optimum("minimum", (0, 0), 0),
            Optimum("minimum", well, 0.2986384422368593),
            Optimum("minimum", (-well[0], -well[1]), 0.2986384422368593),
        ),
    )


SURFACES = {
    surface.name: surface
    for surface in (
        _lecture(),
        _rosenbrock(),
        _beale(),
        Surface(
            "booth",
            "Booth",
            r"(x_1 + 2 x_2 - 7)^2 + (2 x_1 + x_2 - 5)^2",
            "(x1 + 2*x2 - 7)**2 + (2*x1 + x2 - 5)**2",
            lambda x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
            lambda x, y: (10 * x + 8 * y - 34, 8 * x + 10 * y - 38),
            lambda x, y: ((10 + 0 * x, 8 + 0 * x), (8 + 0 * x, 10 + 0 * x)),
            ((-10, 10), (-10, 10)),
            (-5, 5),
            (Optimum("minimum", (1, 3), 0),),
            is_quadratic=True,
        ),
        _himmelblau(),
        Surface(
            "matyas",
            "Matyas: a flat valley",
            r"0.26\,(x_1^2 + x_2^2) - 0.48\, x_1 x_2",
            "0.26*(x1**2 + x2**2) - 0.48*x1*x2",
            lambda x, y: 0.26 * (x * x + y * y) - 0.48 * x * y,
            lambda x, y: (0.52 * x - 0.48 * y, 0.52 * y - 0.48 * x),
            lambda x, y: ((0.52 + 0 * x, -0.48 + 0 * x), (-0.48 + 0 * x, 0.52 + 0 * x)),
            ((-10, 10), (-10, 10)),
            (8, -2),
            (Optimum("minimum", (0, 0), 0),),
            is_quadratic=True,
        ),
        _camel(),
        Surface(
            "saddle",
            "A saddle",
            r"x_1^2 - x_2^2",
            "x1**2 - x2**2",
            lambda x, y: x * x - y * y,
            lambda x, y: (2 * x, -2 * y),
            lambda x, y: ((2 + 0 * x, 0 * x), (0 * x, -2 + 0 * x)),
            ((-3, 3), (-3, 3)),
            (2.5, 0.001),
            (Optimum("saddle", (0, 0), 0),),
            is_quadratic=True,
        ),
        _bump(),
        _rastrigin(),
        _ackley(),
        Surface(
            "parabola",
            "A parabola (one variable)",
            r"x^2",
            "x**2",
            lambda x: x * x,
            lambda x: (2 * x,),
            lambda x: ((2 + 0 * x,),),
            ((-4, 4),),
            (3,),
            (Optimum("minimum", (0,), 0),),
            is_quadratic=True,
        ),
        Surface(
            "double_well",
            "Two valleys (one variable)",
            r"\tfrac14 x^4 - x^2 + \tfrac14 x",
            "x**4/4 - x**2 + x/4",
            lambda x: x**4 / 4 - x * x + x / 4,
            lambda x: (x**3 - 2 * x + 0.25,),
            lambda x: ((3 * x * x - 2,),),
            ((-2.5, 2.5),),
            (2,),
            (
                Optimum("minimum", (-1.4729976011140302,), -1.3610480166527241),
                Optimum("minimum", (1.346997408527774,), -0.6546389951913119),
                Optimum("maximum", (0.1260001925862561,), 0.015687011844036206),
            ),
        ),
        Surface(
            "sine",
            "A sine (one variable)",
            r"\sin x",
            "sin(x)",
            lambda x: np.sin(x),
            lambda x: (np.cos(x),),
            lambda x: ((-np.sin(x),),),
            ((-6, 6),),
            (1,),
            (
                Optimum("minimum", (-np.pi / 2,), -1),
                Optimum("maximum", (np.pi / 2,), 1),
            ),
        ),
    )
}
