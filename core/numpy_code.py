"""Equations as plain NumPy source: what the exported code says for each of them.

An expression names the equation's roles, and `N`, the number of samples. It does what the
equation's own calls do, in their order, so that it gives the same numbers to the last bit.
An element-wise equation without an entry is written from its cell formula.
"""

from core.cells import Formula
from core.equation import Equation
from core.errors import EquationError

COLUMNS = ".columns"

FUNCTIONS = {
    "row_sum": """
def row_sum(rows):
    # A product with ones: .sum(axis=1) adds in another order, and may differ in the last digit.
    return rows @ np.ones(rows.shape[1], rows.dtype)
""",
    "column_sum": """
def column_sum(rows):
    # A product with ones: .sum(axis=0) adds in another order, and may differ in the last digit.
    return np.ones(len(rows), rows.dtype) @ rows
""",
    "sigmoid": """
def sigmoid(Z):
    e = np.exp(-np.abs(Z))  # can't overflow
    return np.where(Z >= 0, 1, e) / (1 + e)
""",
    "sigmoid_slope": """
def sigmoid_slope(Z):
    return np.square(0.5 / np.cosh(0.5 * Z))
""",
    "tanh_slope": """
def tanh_slope(Z):
    return np.square(1 / np.cosh(Z))
""",
    "relu_slope": """
def relu_slope(Z):
    return (Z > 0).astype(Z.dtype)
""",
    "leaky_relu_slope": """
def leaky_relu_slope(Z):
    return np.maximum((Z > 0).astype(Z.dtype), 0.01)
""",
    "softplus": """
def softplus(Z):
    return np.log1p(np.exp(-np.abs(Z))) + np.maximum(Z, 0)
""",
    "normal_cdf": """
def normal_cdf(Z):
    erfc = np.vectorize(math.erfc, otypes=[float])
    return 0.5 * erfc(Z * -math.sqrt(0.5)).astype(Z.dtype)
""",
    "gelu_slope": """
def gelu_slope(Z):
    density = np.exp(-0.5 * np.square(Z)) * math.sqrt(1 / (2 * math.pi))
    return normal_cdf(Z) + density * Z
""",
    "gelu_argument": """
def gelu_argument(Z):
    return (np.square(Z) * 0.044715 + 1) * Z * (2 * math.sqrt(2 / math.pi))
""",
    "gelu_tanh_slope": """
def gelu_tanh_slope(Z):
    Z = np.clip(Z, -100, 100)
    inner = (np.square(Z) * (3 * 0.044715) + 1) * (2 * math.sqrt(2 / math.pi)) * Z
    return sigmoid(gelu_argument(Z)) + inner * sigmoid_slope(gelu_argument(Z))
""",
    "softmax": """
def softmax(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / row_sum(e)[:, None]
""",
    "softmax_dZ": """
def softmax_dZ(dA, A):
    return (dA - row_sum(dA * A)[:, None]) * A
""",
    "times_log": """
def times_log(Y, A):
    # Y ln A, with 0 ln 0 = 0.
    return Y * np.log(A, out=np.zeros_like(A), where=Y != 0)
""",
    "ratio": """
def ratio(Y, A):
    # Y / A, with 0 / 0 = 0.
    return np.divide(Y, A, out=np.zeros_like(A), where=Y != 0)
""",
    "squared_error": """
def squared_error(A, Y):
    return row_sum(np.square(A - Y))
""",
    "half_squared_error": """
def half_squared_error(A, Y):
    return 0.5 * row_sum(np.square(A - Y))
""",
    "binary_cross_entropy": """
def binary_cross_entropy(A, Y):
    return -row_sum(times_log(Y, A) + times_log(1 - Y, 1 - A))
""",
    "cross_entropy": """
def cross_entropy(A, Y):
    return -row_sum(times_log(Y, A))
""",
    "sigmoid_cross_entropy": """
def sigmoid_cross_entropy(Z, Y):
    return row_sum(np.log1p(np.exp(-np.abs(Z))) + (np.maximum(Z, 0) - Z * Y))
""",
    "softmax_cross_entropy": """
def softmax_cross_entropy(Z, Y):
    shifted = Z - Z.max(axis=1, keepdims=True)
    return row_sum((np.log(row_sum(np.exp(shifted)))[:, None] - shifted) * Y)
""",
}
"""Functions that the expressions and each other call; the code has those that it needs."""

BY_SAMPLE = {
    "softmax": "softmax(Z)",
    "softmax.dZ": "softmax_dZ(dA, A)",
    "mse.sample": "half_squared_error(A, Y)",
    "mse.sample.whole": "squared_error(A, Y)",
    "bce.sample": "binary_cross_entropy(A, Y)",
    "ce.sample": "cross_entropy(A, Y)",
    "sigmoid_bce.sample": "sigmoid_cross_entropy(Z, Y)",
    "softmax_ce.sample": "softmax_cross_entropy(Z, Y)",
}
"""Calls that take a sample as a row: where samples are columns they get transposed matrices."""

EXPRESSIONS = {
    "affine": "A @ W.T + b",
    "affine.dW": "dZ.T @ A",
    "affine.db": "column_sum(dZ)",
    "affine.dA": "dZ @ W",
    "affine.columns": "W @ A + b[:, None]",
    "affine.dW.columns": "dZ @ A.T",
    "affine.db.columns": "row_sum(dZ)",
    "affine.dA.columns": "W.T @ dZ",
    "affine.in_out": "A @ W + b",
    "affine.dW.in_out": "A.T @ dZ",
    "affine.dA.in_out": "dZ @ W.T",
    "identity.slope": "np.ones_like(Z)",
    "sigmoid": "sigmoid(Z)",
    "relu": "np.maximum(Z, 0)",
    "leaky_relu": "np.maximum(Z, 0.01 * Z)",
    "elu": "np.maximum(Z, np.expm1(np.minimum(Z, 0)))",
    "elu.slope": "np.exp(np.minimum(Z, 0))",
    "softplus": "softplus(Z)",
    "softplus.slope": "sigmoid(Z)",
    "silu": "sigmoid(Z) * Z",
    "silu.slope": "sigmoid(Z) * (sigmoid(-Z) * Z + 1)",
    "gelu": "Z * normal_cdf(Z)",
    "gelu_tanh": "sigmoid(gelu_argument(Z)) * Z",
    "mean": "Lp.sum() / N",
    "sum": "Lp.sum()",
    "mse.dA": "(A - Y) / N",
    "mse.dA.whole": "2 * (A - Y) / N",
    "bce.dA": "(ratio(1 - Y, 1 - A) - ratio(Y, A)) / N",
    "bce.dA.sum": "ratio(1 - Y, 1 - A) - ratio(Y, A)",
    "ce.dA": "ratio(Y, A) / -N",
    "ce.dA.sum": "-ratio(Y, A)",
    "sigmoid_bce.dZ": "(A - Y) / N",
    "softmax_ce.dZ": "(A - Y) / N",
    "penalty": "(np.abs(W) * l1 + np.square(W) * 0.5 * l2).sum()",
    "schedule.step": "eta0 * np.power(gamma, np.floor_divide(k, period))",
    "schedule.cosine": (
        "(np.cos(np.fmin(k, period) * np.pi / period) + 1) * (eta0 - lowest) * 0.5 + lowest"
    ),
    "branch_descent": "theta - eta * np.where(dtheta > 0, 1, -1).astype(theta.dtype)",
    "momentum.share": "1 - dampening * (t > 1)",
    "adaptive_step": "theta - eta * (dtheta / (np.sqrt(s) + epsilon))",
    "centered_square": "np.fmax(v - np.square(m), 0)",
}


def numpy_expression(equation: Equation) -> tuple[str, bool]:
    """Return an equation's expression, and whether it takes and gives transposed matrices.

    Raises: EquationError where it has none.
    """
    base = equation.id.removesuffix(COLUMNS)
    if base in BY_SAMPLE:
        return BY_SAMPLE[base], equation.id.endswith(COLUMNS)
    for id in (equation.id, base):
        if id in EXPRESSIONS:
            return EXPRESSIONS[id], False
    if not equation.rule.is_elementwise and any(equation.rule.operands):
        raise EquationError(f"There is no NumPy code for {equation.id}.")
    return _written(equation.cell), False


def _written(formula: Formula) -> str:
    """Write an element-wise cell formula as NumPy: it holds of whole arrays as it does of cells."""
    match formula:
        case str():
            return formula
        case float():
            return f"{formula:g}"
        case ["**", base, 2.0]:
            return f"np.square({_written(base)})"
        case ["**", base, power]:
            return f"np.power({_written(base)}, {_written(power)})"
        case ["neg", part]:
            return f"-{_grouped(part)}"
        case ["apply", str(name), _, part]:
            return _applied(name, _written(part))
        case [str(operator), first, second]:
            tight = operator in "*/"
            left = _grouped(first) if tight else _written(first)
            right = _written(second) if operator == "+" else _grouped(second)
            return f"{left} {operator} {right}"
        case _:
            raise EquationError(f"“{formula}” can't be written for whole arrays.")


def _grouped(part: Formula) -> str:
    text = _written(part)
    is_sum = isinstance(part, list) and part[0] in ("+", "-", "neg")
    return f"({text})" if is_sum else text


_NUMPY = ("exp", "log", "log1p", "abs", "sqrt", "tanh", "sign")


def _applied(name: str, argument: str) -> str:
    if name in _NUMPY:
        return f"np.{name}({argument})"
    if name not in FUNCTIONS:
        raise EquationError(f"There is no NumPy code for {name}.")
    return f"{name}({argument})"
