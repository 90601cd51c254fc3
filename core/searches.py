"""Optimizers that search along a direction: they ask the surface itself how far to go.

Each gives its direction p and its step length as quantities of the program; then θ ← θ + a p.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from core.cells import Formula
from core.equation import Array, Call, Equation, equation
from core.errors import SpecificationError
from core.index_rule import IndexRule
from core.line_search import backtracking, strong_wolfe
from core.program import ProgramBuilder
from core.surface import Surface

SMALLEST_CURVATURE = 1e-8
CG_CURVATURE, BFGS_CURVATURE = 0.1, 0.9
LEAST_PRODUCT = 1e-10


@equation(
    "search.move",
    r"theta_next = theta + eta\, p",
    "...,...,->...",
    cell="theta + eta * p",
    title="A step along the direction that was searched",
)
def move(theta: Array, p: Array, eta: Array, out: Array) -> Iterator[Call]:
    yield np.multiply, p, eta, out
    yield np.add, theta, out, out


@equation(
    "search.steepest",
    r"p = -dtheta",
    "...->...",
    cell="-dtheta",
    title="Straight against the gradient",
)
def steepest(dtheta: Array, out: Array) -> Iterator[Call]:
    yield np.negative, dtheta, out


@equation(
    "search.conjugate",
    r"p = -dtheta + beta\, q",
    "...,...,->...",
    cell="-dtheta + beta * q",
    title="Against the gradient, and on in the last direction",
)
def conjugate(dtheta: Array, q: Array, beta: Array, out: Array) -> Iterator[Call]:
    yield np.multiply, q, beta, out
    yield np.subtract, out, dtheta, out


@equation("search.keep", r"q = p", "...->...", cell="p", title="Kept for the next iteration")
def keep(p: Array, out: Array) -> Iterator[Call]:
    yield np.copyto, out, p


@dataclass
class Search:
    """A search while it is being recorded: the goal to make small, and the slots of its point."""

    builder: ProgramBuilder
    goal: Surface
    theta: int
    gradient: int

    def computed(
        self,
        id: str,
        title: str,
        latex: str,
        rule: str,
        operands: dict[str, int],
        symbol: str,
        write: Callable[..., None],
    ) -> int:
        """Add a step that a Python function computes from this surface."""

        def recipe(*buffers: Array) -> Iterator[Call]:
            yield write, *buffers

        roles = tuple(operands)
        cell: Formula = ["apply", symbol, rf"\operatorname{{{symbol}}}", roles[0]]
        made = Equation(id, title, latex, IndexRule.parse(rule), cell, roles, recipe)
        return self.builder.step("update", made, tuple(operands.values()), symbol, None)

    def go(self, p: int, length: int) -> int:
        """Record θ + a p."""
        return self.builder.update(move, (self.theta, p, length), self.theta)

    def along(self, theta: Array, p: Array) -> Callable[[float], float]:
        """Return the goal as a function of the step length."""
        return lambda a: float(self.goal.value(*(theta + a * p)))

    def slope_along(self, theta: Array, p: Array) -> Callable[[float], float]:
        """Return the goal's slope along the direction as a function of the step length."""
        return lambda a: float(np.dot(self.goal.gradient(*(theta + a * p)), p))

    def armijo(self, p: int) -> int:
        """Add the step length of a backtracking search."""

        def write(theta: Array, p: Array, g: Array, out: Array) -> None:
            out[...] = backtracking(self.along(theta, p), float(np.dot(g, p)))

        return self.computed(
            "search.backtracking",
            "Backtracking: halve the step until the decrease is sufficient",
            r"eta = \max\{a = 2^{-i} : f(theta + a\, p) \le f(theta) + 10^{-4} a\, dtheta\, p\}",
            "n,n,n->",
            {"theta": self.theta, "p": p, "dtheta": self.gradient},
            "eta",
            write,
        )

    def wolfe(self, p: int, curvature: float) -> int:
        """Add the step length of a strong Wolfe search; on a quadratic, the exact one."""

        def write(theta: Array, p: Array, _: Array, out: Array) -> None:
            along, slope = self.along(theta, p), self.slope_along(theta, p)
            out[...] = strong_wolfe(along, slope, curvature)

        return self.computed(
            "search.wolfe",
            "Line search: far enough down, and nearly level there",
            rf"|\nabla f(theta + eta\, p)\, p| \le {curvature}\, |dtheta\, p|",
            "n,n,n->",
            {"theta": self.theta, "p": p, "dtheta": self.gradient},
            "eta",
            write,
        )

    def exact(self, p: int) -> int:
        """Add the step length to the lowest point of a quadratic along the direction."""

        def write(theta: Array, p: Array, g: Array, out: Array) -> None:
            bend = float(p @ self.goal.hessian_at(theta) @ p)
            out[...] = -float(np.dot(g, p)) / bend if bend > 0 else 0.0

        return self.computed(
            "search.exact",
            "Exact line search: the lowest point along the direction",
            r"eta = -\frac{dtheta\, p}{p^\top H\, p}",
            "n,n,n->",
            {"theta": self.theta, "p": p, "dtheta": self.gradient},
            "eta",
            write,
        )


def _steepest(search: Search) -> int:
    return search.builder.beside(steepest, (search.gradient,), "p", search.theta)


def _backtracking(search: Search) -> int:
    p = _steepest(search)
    return search.go(p, search.armijo(p))


def _exact_line_search(search: Search) -> int:
    if not search.goal.is_quadratic:
        raise SpecificationError(
            "Exact line search needs a quadratic, where the lowest point along a line is known.",
            where=["optimizer", "name"],
            expected="a quadratic surface, or backtracking",
            given=search.goal.name,
        )
    p = _steepest(search)
    return search.go(p, search.exact(p))


def _newton(search: Search) -> int:
    def write(theta: Array, g: Array, out: Array) -> None:
        hessian = search.goal.hessian_at(theta)
        if not np.isfinite(hessian).all():
            out.fill(np.nan)
            return
        values, vectors = np.linalg.eigh(hessian)
        scale = np.maximum(np.abs(values), SMALLEST_CURVATURE)
        out[...] = -vectors @ ((vectors.T @ g) / scale)

    p = search.computed(
        "search.newton",
        "Newton's direction, made safe: curvatures count by their size",
        r"p = -Q\, \operatorname{diag}\bigl(1/|\lambda|\bigr)\, Q^\top dtheta",
        "n,n->m",
        {"theta": search.theta, "dtheta": search.gradient},
        "p",
        write,
    )
    return search.go(p, search.armijo(p))


def _conjugate_gradient(search: Search) -> int:
    builder = search.builder
    last_p, last_g = (builder.state(symbol, search.theta) for symbol in ("q", "h"))

    def write(g: Array, h: Array, q: Array, out: Array) -> None:
        before = float(np.dot(h, h))
        share = max(0.0, float(np.dot(g, g - h)) / before) if before else 0.0
        # A direction that doesn't lead down is forgotten.
        out[...] = share if float(np.dot(g, share * q - g)) < 0 else 0.0

    beta = search.computed(
        "search.polak_ribiere",
        "How much of the last direction is kept (Polak and Ribière, never negative)",
        r"beta = \max\Bigl(0, \frac{dtheta\,(dtheta - h)}{h\, h}\Bigr)",
        "n,n,n->",
        {"dtheta": search.gradient, "h": last_g, "q": last_p},
        "beta",
        write,
    )
    p = builder.beside(conjugate, (search.gradient, last_p, beta), "p", search.theta)
    length = search.exact(p) if search.goal.is_quadratic else search.wolfe(p, CG_CURVATURE)
    builder.update(keep, (p,), last_p)
    builder.update(keep, (search.gradient,), last_g)
    return search.go(p, length)


def _bfgs(search: Search) -> int:
    builder, n = search.builder, search.goal.dimension
    inverse = builder.state("B", None, axes=("variables", "variables"), shape=(n, n))
    last_theta, last_g = (builder.state(symbol, search.theta) for symbol in ("q", "h"))

    def write(B: Array, theta: Array, q: Array, g: Array, h: Array, out: Array) -> None:
        out[...] = updated_inverse(B, theta - q, g - h) if B.any() else np.eye(n)

    made = search.computed(
        "search.bfgs",
        "The estimate of the inverse Hessian takes in what the last step taught",
        r"B = (I - \rho s y^\top)\, B\, (I - \rho y s^\top) + \rho s s^\top",
        "ij,k,k,k,k->ij",
        {"B": inverse, "theta": search.theta, "q": last_theta, "g": search.gradient, "h": last_g},
        "Bn",
        write,
    )

    def direct(B: Array, g: Array, out: Array) -> None:
        out[...] = -(B @ g)

    p = search.computed(
        "search.quasi_newton",
        "The quasi-Newton direction",
        r"p = -Bn\, dtheta",
        "ij,j->i",
        {"Bn": made, "dtheta": search.gradient},
        "p",
        direct,
    )
    length = search.wolfe(p, BFGS_CURVATURE)
    builder.update(keep, (made,), inverse)
    builder.update(keep, (search.theta,), last_theta)
    builder.update(keep, (search.gradient,), last_g)
    return search.go(p, length)


def updated_inverse(B: Array, s: Array, y: Array) -> Array:
    """Return the BFGS update of an inverse Hessian.

    Source: Nocedal and Wright (2006), equations (6.17) and (6.20).
    """
    product = float(np.dot(s, y))
    if product <= LEAST_PRODUCT * float(np.linalg.norm(s) * np.linalg.norm(y)):
        return B
    n = len(s)
    is_first = np.array_equal(B, np.eye(n))
    scaled = B * (product / float(np.dot(y, y))) if is_first else B
    left = np.eye(n) - np.outer(s, y) / product
    return left @ scaled @ left.T + np.outer(s, s) / product


SEARCHES: dict[str, tuple[str, Callable[[Search], int]]] = {
    "backtracking": ("Gradient descent with backtracking", _backtracking),
    "exact_line_search": ("Gradient descent with exact line search", _exact_line_search),
    "newton": ("Newton's method", _newton),
    "conjugate_gradient": ("Conjugate gradient", _conjugate_gradient),
    "bfgs": ("BFGS", _bfgs),
}
