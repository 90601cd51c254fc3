"""Chainrule's mathematics: networks whose every number can be seen and followed.

>>> import core
>>> network = core.make_network([5, 7, 4, 3], ["tanh", "tanh", "identity"], "torch_linear", seed=1)
>>> trace = core.Experiment(network, X, Y, loss="mse", learning_rate=0.1).trace()
>>> trace["dW[1]@0"]
"""

from core.activations import ACTIVATIONS
from core.equation import EQUATIONS, Equation
from core.errors import ChainruleError, EquationError, SpecificationError, UnknownNameError
from core.experiment import Experiment
from core.gradient_check import GradientCheck
from core.initialisers import INITIALISERS
from core.losses import LOSSES
from core.network import Layer, Network, make_network
from core.optimizers import OPTIMIZERS
from core.presets import PRESETS, Preset
from core.trace import Trace

__all__ = [
    "ACTIVATIONS",
    "EQUATIONS",
    "INITIALISERS",
    "LOSSES",
    "OPTIMIZERS",
    "PRESETS",
    "ChainruleError",
    "Equation",
    "EquationError",
    "Experiment",
    "GradientCheck",
    "Layer",
    "Network",
    "Preset",
    "SpecificationError",
    "Trace",
    "UnknownNameError",
    "make_network",
]
