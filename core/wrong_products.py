"""What goes wrong with a product's shapes: each well-known mistake, done with NumPy for real.

A trial is the step's own expression with one thing changed: a transpose forgotten, the factors
swapped, a bias as a column, a sum over the wrong axis. NumPy refuses it, or answers with something:
the right numbers, other numbers of the same shape, or a shape that broadcasting has made.
The text of an expression is what is shown and what is run.
Source: the lecture's errata E06 (a bias gradient as a column) and E15 (a weight gradient as one);
on a square W the second is silent in its shape too, and only the numbers are wrong.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.equation import Array
from core.program import SAMPLES
from core.trace import Trace, TraceStep

LARGEST = 1_000_000
"""Cells of a result; a larger one isn't made."""


class _Bounded(np.ndarray[Any, Any]):
    """An array that refuses to broadcast to more than `LARGEST` cells, before any is made."""

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: Any, *inputs: Any, **settings: Any
    ) -> "_Bounded":
        # A matrix product has a signature; it can't grow past its operands as broadcasting does.
        if method == "__call__" and ufunc.signature is None:
            _check_cells(*(np.shape(each) for each in inputs))
        plain = [np.asarray(each) if isinstance(each, _Bounded) else each for each in inputs]
        return np.asarray(getattr(ufunc, method)(*plain, **settings)).view(_Bounded)


def _check_cells(*shapes: tuple[int, ...]) -> None:
    try:
        cells = math.prod(np.broadcast_shapes(*shapes))
    except ValueError:
        return  # NumPy will say it in its own words.
    if cells > LARGEST:
        raise ValueError(f"The result would have {cells:,} cells.")


@dataclass(frozen=True)
class Wrong:
    """One mistake: what it is called, and its expression over the step's operands.

    Where `parameter` names one, the expression is its update, which is what goes wrong.
    """

    name: str
    title: str
    code: str
    parameter: str | None = None


@dataclass(frozen=True)
class Product:
    """A step's expression as NumPy writes it, and the mistakes that are made with it."""

    code: str
    wrongs: tuple[Wrong, ...]


@dataclass(frozen=True)
class Trial:
    """What came of a mistake: NumPy's refusal, or a result beside the right one.

    `verdict` is "fails", "same" (the right numbers after all), "numbers" (the right shape with
    other numbers), or "shape" (another shape, silently).
    """

    wrong: Wrong
    verdict: str
    error: str | None = None
    result: Array | None = None
    largest_difference: float | None = None
    is_transposed: bool = False


_DIFFERENCE = Product(
    "(A - Y) / N",
    (
        Wrong("flat_targets", "The targets are a list, (N,)", "(A - Y[:, 0]) / N"),
        Wrong("column_targets", "The targets are one column", "(A - Y[:, :1]) / N"),
    ),
)
PRODUCTS: Mapping[str, Product] = {
    "affine": Product(
        "A @ W.T + b",
        (
            Wrong("no_transpose", "W isn't transposed", "A @ W + b"),
            Wrong("swapped", "The factors are swapped", "W.T @ A + b"),
            Wrong("bias_column", "The bias is a column", "A @ W.T + b[:, None]"),
        ),
    ),
    "affine.dW": Product(
        "dZ.T @ A",
        (
            Wrong("no_transpose", "∂L/∂Z isn't transposed", "dZ @ A"),
            Wrong("swapped", "The factors are swapped", "A.T @ dZ"),
            Wrong("elementwise", "An element-wise product", "dZ * A"),
            Wrong("column", "Its transpose, taken from W", "W - eta * (A.T @ dZ)", "W"),
        ),
    ),
    "affine.db": Product(
        "dZ.sum(axis=0)",
        (
            Wrong("other_axis", "The sum runs along the units", "dZ.sum(axis=1)"),
            Wrong("no_axis", "The sum has no axis", "dZ.sum()"),
            Wrong("column", "A column, taken from b", "b - eta * (dZ.T @ ones((N, 1)))", "b"),
        ),
    ),
    "affine.dA": Product(
        "dZ @ W",
        (
            Wrong("transposed", "W is transposed", "dZ @ W.T"),
            Wrong("swapped", "The factors are swapped", "W @ dZ"),
        ),
    ),
    "affine.columns": Product(
        "W @ A + b[:, None]",
        (
            Wrong("transposed", "W is transposed", "W.T @ A + b[:, None]"),
            Wrong("swapped", "The factors are swapped", "A @ W + b[:, None]"),
            Wrong("bias_row", "The bias is a row", "W @ A + b"),
        ),
    ),
    "affine.dW.columns": Product(
        "dZ @ A.T",
        (
            Wrong("no_transpose", "The activations aren't transposed", "dZ @ A"),
            Wrong("swapped", "The factors are swapped", "A @ dZ.T"),
            Wrong("elementwise", "An element-wise product", "dZ * A"),
            Wrong("column", "Its transpose, taken from W", "W - eta * (A @ dZ.T)", "W"),
        ),
    ),
    "affine.db.columns": Product(
        "dZ.sum(axis=1)",
        (
            Wrong("other_axis", "The sum runs along the units", "dZ.sum(axis=0)"),
            Wrong("no_axis", "The sum has no axis", "dZ.sum()"),
            Wrong("column", "A column, taken from b", "b - eta * (dZ @ ones((N, 1)))", "b"),
        ),
    ),
    "affine.dA.columns": Product(
        "W.T @ dZ",
        (
            Wrong("no_transpose", "W isn't transposed", "W @ dZ"),
            Wrong("swapped", "The factors are swapped", "dZ @ W.T"),
        ),
    ),
    "affine.in_out": Product(
        "A @ W + b",
        (
            Wrong("transposed", "W is transposed", "A @ W.T + b"),
            Wrong("swapped", "The factors are swapped", "W @ A + b"),
            Wrong("bias_column", "The bias is a column", "A @ W + b[:, None]"),
        ),
    ),
    "affine.dW.in_out": Product(
        "A.T @ dZ",
        (
            Wrong("no_transpose", "The activations aren't transposed", "A @ dZ"),
            Wrong("swapped", "The factors are swapped", "dZ.T @ A"),
            Wrong("elementwise", "An element-wise product", "A * dZ"),
            Wrong("column", "Its transpose, taken from W", "W - eta * (dZ.T @ A)", "W"),
        ),
    ),
    "affine.dA.in_out": Product(
        "dZ @ W.T",
        (
            Wrong("no_transpose", "W isn't transposed", "dZ @ W"),
            Wrong("swapped", "The factors are swapped", "W.T @ dZ"),
        ),
    ),
    "hadamard": Product(
        "dA * slope",
        (
            Wrong("matrix_product", "A matrix product", "dA @ slope"),
            Wrong("kronecker", "The Kronecker product, which ⊗ stands for", "kron(dA, slope)"),
            Wrong("no_slope", "g′ is forgotten", "dA"),
        ),
    ),
    "mse.dA": _DIFFERENCE,
    "sigmoid_bce.dZ": _DIFFERENCE,
    "softmax_ce.dZ": _DIFFERENCE,
}


def trials(trace: Trace, step: TraceStep) -> list[Trial]:
    """Make every mistake of a step, with the step's own operands."""
    product = PRODUCTS.get(step.equation.id)
    with np.errstate(all="ignore"):
        return [_trial(wrong, trace, step) for wrong in (product.wrongs if product else ())]


def _trial(wrong: Wrong, trace: Trace, step: TraceStep) -> Trial:
    right, names = trace[step.result], {role: trace[id] for role, id in step.operands.items()}
    if wrong.parameter:
        old, eta = _parameter(trace, step, wrong.parameter), _rate(trace, step)
        right = old - eta * right
        names |= {wrong.parameter: old, "eta": eta}
    try:
        result = _run(wrong.code, names, _samples(trace))
    except ValueError as error:
        return Trial(wrong, "fails", error=str(error))
    return _compared(wrong, result, right)


def _run(code: str, names: Mapping[str, Array], samples: int) -> Array:
    """Evaluate one of the expressions above; nothing that a user wrote comes here."""
    known: dict[str, object] = {"N": samples, "ones": np.ones, "kron": np.kron}
    bounded = {name: array.view(_Bounded) for name, array in names.items()}
    return np.asarray(eval(code, known, bounded))


def _samples(trace: Trace) -> int:
    X = trace.tensors["A[0]@0"]
    return X.data.shape[X.slot.axes.index(SAMPLES)]


def _parameter(trace: Trace, step: TraceStep, symbol: str) -> Array:
    """The layer's parameter in the step's iteration; one that nothing updates has just one."""
    tensor = trace.tensors[step.result]
    name = f"{symbol}[{tensor.slot.layer}]"
    current = trace.tensors.get(f"{name}@{tensor.iteration}")
    return current.data if current else trace[f"{name}@0"]


def _rate(trace: Trace, step: TraceStep) -> Array:
    """The learning rate, or 1 where nothing is updated."""
    rates = [tensor for tensor in trace.tensors.values() if tensor.slot.symbol == "eta"]
    iteration = trace.tensors[step.result].iteration
    # A schedule makes one for each iteration; a constant one has none but the first.
    own = [each for each in rates if each.iteration == iteration] or rates
    return own[0].data if own else np.array(1.0)


def _compared(wrong: Wrong, result: Array, right: Array) -> Trial:
    """Say how a result differs; an update is compared with the right gradient's."""
    if result.shape != right.shape:
        turned = result.ndim == 2 and np.array_equal(result.T, right)
        return Trial(wrong, "shape", result=result, is_transposed=bool(turned))
    difference = float(np.abs(result - right).max())
    verdict = "same" if difference == 0 else "numbers"
    return Trial(wrong, verdict, result=result, largest_difference=difference)
