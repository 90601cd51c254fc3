"""The equations of the optimizers' updates, as PyTorch defines them.

Shapes: theta, dtheta and every state are alike; eta and all other parameters are scalars.
"""

from collections.abc import Iterator

import numpy as np

from core.equation import Array, Call, equation


@equation(
    "gradient_descent",
    r"theta_next = theta - eta\, dtheta",
    "...,...,->...",
    cell="theta - eta * dtheta",
    title="Gradient descent: a step against the gradient",
)
def gradient_descent(theta: Array, dtheta: Array, eta: Array, out: Array) -> Iterator[Call]:
    yield np.multiply, dtheta, eta, out
    yield np.subtract, theta, out, out


@equation(
    "sign_descent",
    r"theta_next = theta - eta\, \operatorname{sign}(dtheta)",
    "...,...,->...",
    cell="theta - eta * sign(dtheta)",
    title="Sign descent: a step of the same length whatever the slope",
)
def sign_descent(theta: Array, dtheta: Array, eta: Array, out: Array) -> Iterator[Call]:
    yield np.sign, dtheta, out
    yield np.multiply, out, eta, out
    yield np.subtract, theta, out, out


@equation(
    "branch_descent",
    r"theta_next = \begin{cases} theta - eta & dtheta > 0 \\ theta + eta & \text{else} \end{cases}",
    "...,...,->...",
    cell="theta - eta * side(dtheta)",
    title="The trivial algorithm: a step left where the slope is positive, else a step right",
)
def branch_descent(theta: Array, dtheta: Array, eta: Array, out: Array) -> Iterator[Call]:
    """Sign descent, except that a slope of 0 counts as not positive: it steps on to the right.

    Source: the lecture, "The trivial algorithm", in its first form.
    """
    positive = np.empty(out.shape, bool)
    yield np.greater, dtheta, 0.0, positive
    yield np.multiply, positive, 2.0, out
    yield np.subtract, out, 1.0, out
    yield np.multiply, out, eta, out
    yield np.subtract, theta, out, out


@equation(
    "weight_decay",
    r"g = dtheta + decay\, theta",
    "...,...,->...",
    cell="dtheta + decay * theta",
    title="Weight decay: the penalty's gradient is added",
)
def weight_decay(dtheta: Array, theta: Array, decay: Array, out: Array) -> Iterator[Call]:
    yield np.multiply, theta, decay, out
    yield np.add, dtheta, out, out


@equation(
    "momentum.velocity",
    r"v_next = mu\, v + share\, dtheta",
    "...,...,,->...",
    cell="mu * v + share * dtheta",
    title="The velocity keeps a part of itself and takes in the gradient",
)
def velocity(v: Array, dtheta: Array, mu: Array, share: Array, out: Array) -> Iterator[Call]:
    """Source: Polyak (1964), equation (9), in PyTorch's form: the step size is applied later."""
    term = np.empty_like(out)
    yield np.multiply, v, mu, out
    yield np.multiply, dtheta, share, term
    yield np.add, out, term, out


@equation(
    "momentum.share",
    r"share = \begin{cases} 1 & t = 1 \\ 1 - dampening & t > 1 \end{cases}",
    ",->",
    cell="1 - dampening * later(t)",
    title="How much of the gradient the velocity takes in",
)
def velocity_share(t: Array, dampening: Array, out: Array) -> Iterator[Call]:
    later = np.empty(out.shape, bool)
    yield np.greater, t, 1.0, later
    yield np.multiply, dampening, later, out
    yield np.subtract, 1.0, out, out


@equation(
    "nesterov",
    r"theta_next = theta - eta\,(dtheta + mu\, v)",
    "...,...,...,,->...",
    cell="theta - eta * (dtheta + mu * v)",
    title="Nesterov: a step along the gradient and the velocity it leads to",
)
def nesterov(
    theta: Array, dtheta: Array, v: Array, eta: Array, mu: Array, out: Array
) -> Iterator[Call]:
    """Source: Sutskever, Martens, Dahl and Hinton (2013), section 2, in PyTorch's form."""
    yield np.multiply, v, mu, out
    yield np.add, dtheta, out, out
    yield np.multiply, out, eta, out
    yield np.subtract, theta, out, out


@equation(
    "squares",
    r"s_next = s + dtheta^2",
    "...,...->...",
    cell="s + dtheta ** 2",
    title="The sum of all squared gradients so far",
)
def sum_of_squares(s: Array, dtheta: Array, out: Array) -> Iterator[Call]:
    """Source: Duchi, Hazan and Singer (2011), figure 1."""
    yield np.square, dtheta, out
    yield np.add, s, out, out


@equation(
    "running_mean",
    r"m_next = beta\, m + (1 - beta)\, dtheta",
    "...,...,->...",
    cell="beta * m + (1 - beta) * dtheta",
    title="The running mean of the gradients",
)
def running_mean(m: Array, dtheta: Array, beta: Array, out: Array) -> Iterator[Call]:
    rest, term = np.empty_like(beta), np.empty_like(out)
    yield np.subtract, 1.0, beta, rest
    yield np.multiply, m, beta, out
    yield np.multiply, dtheta, rest, term
    yield np.add, out, term, out


@equation(
    "running_square",
    r"v_next = beta\, v + (1 - beta)\, dtheta^2",
    "...,...,->...",
    cell="beta * v + (1 - beta) * dtheta ** 2",
    title="The running mean of the squared gradients",
)
def running_square(v: Array, dtheta: Array, beta: Array, out: Array) -> Iterator[Call]:
    square = np.empty_like(out)
    yield np.square, dtheta, square
    yield from running_mean.recipe(v, square, beta, out)


@equation(
    "adaptive_step",
    r"theta_next = theta - eta\,\frac{dtheta}{\sqrt{s} + epsilon}",
    "...,...,...,,->...",
    cell="theta - eta * dtheta / (sqrt(s) + epsilon)",
    title="A step that is short where gradients have been large",
)
def adaptive_step(
    theta: Array, dtheta: Array, s: Array, eta: Array, epsilon: Array, out: Array
) -> Iterator[Call]:
    """Also RMSProp's step. Source: Tieleman and Hinton (2012), lecture 6.5."""
    yield np.sqrt, s, out
    yield np.add, out, epsilon, out
    yield np.divide, dtheta, out, out
    yield np.multiply, out, eta, out
    yield np.subtract, theta, out, out


@equation(
    "centered_square",
    r"c = \max(v - m^2,\, 0)",
    "...,...->...",
    cell="relu(v - m ** 2)",
    title="The running variance: squares less the square of the mean",
)
def centered_square(v: Array, m: Array, out: Array) -> Iterator[Call]:
    square, zero = np.empty_like(out), np.zeros_like(out)
    yield np.square, m, square
    yield np.subtract, v, square, square
    yield np.fmax, square, zero, out


@equation(
    "correction",
    r"correction = 1 - beta^{t}",
    ",->",
    cell="1 - beta ** t",
    title="What a running mean that started at 0 has taken in so far",
)
def bias_correction(beta: Array, t: Array, out: Array) -> Iterator[Call]:
    yield np.power, beta, t, out
    yield np.subtract, 1.0, out, out


@equation(
    "corrected",
    r"m_hat = \frac{m}{correction}",
    "...,->...",
    cell="m / correction",
    title="The running mean, corrected for its start at 0",
)
def corrected(m: Array, correction: Array, out: Array) -> Iterator[Call]:
    yield np.divide, m, correction, out


@equation(
    "decoupled_decay",
    r"theta_decayed = theta\,(1 - eta\, decay)",
    "...,,->...",
    cell="theta * (1 - eta * decay)",
    title="Decoupled weight decay: the parameter shrinks by itself",
)
def decoupled_decay(theta: Array, eta: Array, decay: Array, out: Array) -> Iterator[Call]:
    """Source: Loshchilov and Hutter (2019), "Decoupled weight decay", algorithm 2."""
    factor = np.empty_like(eta)
    yield np.multiply, eta, decay, factor
    yield np.subtract, 1.0, factor, factor
    yield np.multiply, theta, factor, out


@equation(
    "count",
    r"t_next = t + 1",
    "->",
    cell="t + 1",
    title="The number of this step",
)
def count(t: Array, out: Array) -> Iterator[Call]:
    yield np.add, t, 1.0, out
