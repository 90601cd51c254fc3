"""The forward pass and the loss as PyTorch source; its autograd does the rest.

An expression names the equation's roles, `N`, and DIM for the axis of a sample's numbers.
"""

from collections.abc import Mapping

from core.equation import Equation
from core.errors import EquationError
from core.numpy_code import COLUMNS, EXPRESSIONS

_SHARED = ("affine", "affine.columns", "affine.in_out", "mean", "sum")
TORCH = {
    **{id: EXPRESSIONS[id] for id in _SHARED},
    "identity": "Z",
    "sigmoid": "torch.sigmoid(Z)",
    "tanh": "torch.tanh(Z)",
    "relu": "torch.relu(Z)",
    "leaky_relu": "F.leaky_relu(Z, 0.01)",
    "elu": "F.elu(Z)",
    "gelu": "F.gelu(Z)",
    "gelu_tanh": 'F.gelu(Z, approximate="tanh")',
    "softplus": "F.softplus(Z, threshold=40)",
    "silu": "F.silu(Z)",
    "softmax": "torch.softmax(Z, dim=DIM)",
    "penalty": "(l1 * W.abs() + 0.5 * l2 * W**2).sum()",
    "mse.sample": "0.5 * ((A - Y) ** 2).sum(dim=DIM)",
    "mse.sample.whole": "((A - Y) ** 2).sum(dim=DIM)",
    "bce.sample": (
        "-(Y * torch.where(Y > 0, A, 1).log()"
        " + (1 - Y) * torch.where(Y < 1, 1 - A, 1).log()).sum(dim=DIM)"
    ),
    "ce.sample": "-torch.xlogy(Y, A).sum(dim=DIM)",
    "sigmoid_bce.sample": 'F.binary_cross_entropy_with_logits(Z, Y, reduction="none").sum(dim=DIM)',
    "softmax_ce.sample": 'F.cross_entropy(Z, Y, reduction="none")',
    "softmax_ce.sample.columns": 'F.cross_entropy(Z.T, Y.T, reduction="none")',
}
"""By equation; where samples are columns, what isn't listed has the other axis."""

OPTIMIZERS = {
    "gradient_descent": "torch.optim.SGD(parameters, lr={rate}{decay})",
    "momentum": "torch.optim.SGD(parameters, lr={rate}, momentum=mu, dampening=tau{decay})",
    "nesterov": "torch.optim.SGD(parameters, lr={rate}, momentum=mu, nesterov=True{decay})",
    "adagrad": "torch.optim.Adagrad(parameters, lr={rate}, eps=epsilon{decay})",
    "rmsprop": (
        "torch.optim.RMSprop(parameters, lr={rate}, alpha=alpha, eps=epsilon{centered}{decay})"
    ),
    "adam": "torch.optim.Adam(parameters, lr={rate}, betas=(beta1, beta2), eps=epsilon{decay})",
    "adamw": "torch.optim.AdamW(parameters, lr={rate}, betas=(beta1, beta2), eps=epsilon{decay})",
}
"""What PyTorch has a class for; Nesterov's needs no dampening there."""
SCHEDULES = {
    "inverse": "eta0 / (1 + gamma * k)",
    "inverse_sqrt": "eta0 / math.sqrt(k + 1)",
    "exponential": "eta0 * gamma**k",
    "step": "eta0 * gamma ** (k // period)",
    "cosine": "lowest + (eta0 - lowest) * (1 + math.cos(math.pi * min(k, period) / period)) / 2",
}
"""The learning rate of step k = 0, 1, …"""
BY_HAND = {
    "sign_descent": "parameter -= eta * parameter.grad.sign()",
    "branch_descent": ("parameter -= eta * (2 * (parameter.grad > 0).to(parameter.dtype) - 1)"),
}


def torch_expression(equation: Equation) -> str:
    """Return an equation's expression.

    Raises: EquationError where it has none.
    """
    if equation.id in TORCH:
        return TORCH[equation.id].replace("DIM", "1")
    base = equation.id.removesuffix(COLUMNS)
    if base not in TORCH:
        raise EquationError(f"There is no PyTorch code for {equation.id}.")
    return TORCH[base].replace("DIM", "0")


def torch_optimizer(name: str, scalars: Mapping[str, float], *, centered: bool) -> str | None:
    """Return the expression that makes an optimizer, or None where PyTorch has none like it.

    `lr` is the first step's.
    """
    if name not in OPTIMIZERS or not _is_taken(name, scalars):
        return None
    return OPTIMIZERS[name].format(
        rate="eta0" if "eta0" in scalars else "eta",
        decay=", weight_decay=decay" if "decay" in scalars else "",
        centered=", centered=True" if centered else "",
    )


def _is_taken(name: str, scalars: Mapping[str, float]) -> bool:
    """Whether PyTorch takes these numbers.

    It refuses Nesterov's momentum with dampening, or of 0; and a momentum of 0 has no dampening.
    """
    has_momentum, has_dampening = bool(scalars.get("mu")), bool(scalars.get("tau"))
    if name == "nesterov":
        return has_momentum and not has_dampening
    return name != "momentum" or has_momentum or not has_dampening
