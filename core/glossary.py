"""The names of tensors and terms: how they are set, and one sentence that says what each is."""

from collections.abc import Collection

from core.program import Slot

TITLES = {
    "A": "activation",
    "Z": "pre-activation",
    "W": "weights",
    "b": "bias",
    "Y": "targets",
    "Lp": "loss of each sample",
    "L": "loss",
    "R": "penalty of the weights",
    "dA": "gradient of the activation",
    "dZ": "gradient of the pre-activation",
    "dW": "gradient of the weights",
    "db": "gradient of the bias",
    "slope": "slope of the activation function",
    "theta": "point",
    "dtheta": "gradient",
}

GLOSSARY = {
    "X": "The inputs: one number for each sample and each input of the network.",
    "Z": "Pre-activation: the weighted sum of a layer's inputs plus its bias.",
    "A": "Activation: the activation function applied to Z; it feeds the next layer.",
    "W": "Weights: one number for each unit and each input of the layer.",
    "b": "Bias: one number for each unit, added to its weighted sum.",
    "Y": "Targets: what the outputs should be, for each sample and each output.",
    "Lp": "The loss of one sample: how far its output is from its target.",
    "L": "The loss: the mean of the samples' losses, or their sum. Training makes it smaller.",
    "R": "The penalty on a layer's weights, which grows with their size; it isn't part of L.",
    "dA": "How much the loss changes when an activation changes a little.",
    "dZ": "How much the loss changes when a pre-activation changes a little.",
    "dW": "How much the loss changes when a weight changes a little.",
    "db": "How much the loss changes when a bias changes a little.",
    "slope": "The derivative of the activation function at Z.",
    "eta": "The learning rate η: how far one step goes against the gradient.",
    "eta0": "The first learning rate η₀, which a schedule makes smaller step by step.",
    "gamma": "How fast the schedule makes the learning rate smaller.",
    "period": "The steps until the schedule lowers the rate, or until it has reached its lowest.",
    "lowest": "The learning rate at which the schedule ends.",
    "k": "The number of the iteration, counted from 0: the schedule goes by it.",
    "t": "The number of the step, counted from 1.",
    "mu": "Momentum μ: how much of the last velocity is kept.",
    "tau": "Dampening τ: how much of the gradient the velocity leaves out after the first step.",
    "share": "How much of the gradient the velocity takes in.",
    "alpha": "How much of the last mean of the squared gradients is kept.",
    "beta1": "How much of the last mean of the gradients is kept.",
    "beta2": "How much of the last mean of the squared gradients is kept.",
    "epsilon": "A small number ε that keeps a step finite where all gradients were 0.",
    "decay": "Weight decay λ: how strongly each parameter is pulled to 0 at every step.",
    "correction1": "A mean that began at 0 is too small at first; dividing by this mends it.",
    "correction2": "A mean that began at 0 is too small at first; dividing by this mends it.",
    "l1": "How much each unit of the weights' sizes costs.",
    "l2": "How much half of each weight's square costs.",
    "theta_decayed": "The parameter after weight decay has made it smaller, before its step.",
    "g": "The gradient with weight decay added: the one that the optimizer follows.",
    "r": "The gradient of loss and penalty together: the one that the optimizer follows.",
    "m": "A running mean of the gradients so far; older ones count less.",
    "v": "With momentum the velocity; with Adam a running mean of the squared gradients.",
    "s": "The squared gradients so far, summed up or as a running mean.",
    "c": "The running mean of the squared gradients, less the square of their mean.",
    "m_hat": "The mean of the gradients, corrected for having begun at 0.",
    "v_hat": "The mean of the squared gradients, corrected for having begun at 0.",
    "forward": "The forward pass: values go from the inputs to the outputs.",
    "loss": "The loss compares the outputs with the targets.",
    "backward": "The backward pass: gradients go from the loss back to every parameter.",
    "update": "The update: every parameter takes a step against its gradient.",
    "iteration": "One forward pass, one backward pass and one update.",
    "sample": "One example: its numbers in X and its targets in Y.",
    "batch": "All N samples together, worked out in one matrix product.",
}


SCALARS = {
    "eta": (r"\eta", "learning rate"),
    "eta0": (r"\eta_0", "first learning rate"),
    "mu": (r"\mu", "momentum"),
    "tau": (r"\tau", "dampening"),
    "share": (r"\kappa", "share of the gradient"),
    "alpha": (r"\alpha", "memory of the squares"),
    "beta1": (r"\beta_1", "memory of the mean"),
    "beta2": (r"\beta_2", "memory of the squares"),
    "epsilon": (r"\varepsilon", "smallest divisor"),
    "decay": (r"\lambda", "weight decay"),
    "correction1": (r"1 - \beta_1^t", "share that the mean has taken in"),
    "correction2": (r"1 - \beta_2^t", "share that the squares have taken in"),
    "l1": (r"\lambda_1", "share of the weights' sizes"),
    "l2": (r"\lambda_2", "share of the weights' squares"),
    "gamma": (r"\gamma", "decay rate"),
    "period": ("T", "number of steps"),
    "lowest": (r"\eta_{\min}", "lowest learning rate"),
    "t": ("t", "number of this step"),
    "k": ("k", "number of the iteration"),
    "beta": (r"\beta", "share of the last direction"),
    "B": ("B", "inverse Hessian so far"),
    "Bn": ("B'", "inverse Hessian, updated"),
}
STATES = {
    "theta_decayed": (r"\tilde\theta", "parameter after its decay"),
    "m_hat": (r"\hat m", "corrected mean of the gradients"),
    "v_hat": (r"\hat v", "corrected mean of the squared gradients"),
    "g": ("g", "gradient that is followed"),
    "r": ("r", "gradient with the penalty's"),
    "v": ("v", "velocity, or mean of the squared gradients"),
    "m": ("m", "mean of the gradients"),
    "s": ("s", "squared gradients"),
    "c": ("c", "variance of the gradients"),
    "p": ("p", "direction"),
    "q": ("q", "last direction or point"),
    "h": ("h", "last gradient"),
}
"""Symbols of an optimizer; of a network's parameter they carry its symbol: vW[1], vb[1]."""
TITLES_OF_V = {
    "momentum.velocity": "velocity",
    "running_square": "mean of the squared gradients",
}
"""By the equation that keeps it."""


def _of_update(slot: Slot) -> tuple[str, str] | None:
    """Return LaTeX and title of a symbol that belongs to an optimizer."""
    if slot.symbol in SCALARS:
        return SCALARS[slot.symbol]
    if slot.layer is None:
        return STATES.get(slot.symbol)
    base, parameter = slot.symbol[:-1], slot.symbol[-1:]
    if base not in STATES or parameter not in ("W", "b"):
        return None
    latex, title = STATES[base]
    return rf"{latex}_{{{parameter}}}^{{({slot.layer})}}", title


def tensor_latex(slot: Slot) -> str:
    """Return how a tensor is set, in the lecture's notation with the layer as a superscript."""
    if of_update := _of_update(slot):
        return of_update[0]
    if slot.symbol in ("theta", "dtheta"):
        return {"theta": r"\theta", "dtheta": r"\nabla f"}[slot.symbol]
    base = r"X" if _is_input(slot) else _layered(slot.symbol.removeprefix("d"), slot.layer)
    if slot.symbol.startswith("d"):
        return rf"\frac{{\partial L}}{{\partial {base}}}"
    if slot.symbol == "slope":
        return rf"g_{{{slot.layer}}}'\bigl(Z^{{({slot.layer})}}\bigr)"
    return {"Lp": "L_p"}.get(slot.symbol, base)


def tensor_title(slot: Slot, equations: Collection[str] = ()) -> str:
    """Return what a tensor is, in words; the program's equations tell one optimizer's v's apart."""
    if of_update := _of_update(slot):
        return _own_title(of_update[1], equations)
    return "inputs" if _is_input(slot) else TITLES[slot.symbol]


def _own_title(title: str, equations: Collection[str]) -> str:
    if title != STATES["v"][1]:
        return title
    return next((own for id, own in TITLES_OF_V.items() if id in equations), title)


def _is_input(slot: Slot) -> bool:
    return slot.symbol == "A" and slot.layer == 0


def _layered(symbol: str, layer: int | None) -> str:
    return symbol if layer is None else f"{symbol}^{{({layer})}}"
