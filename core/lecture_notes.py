"""Where the lecture's text, extracted from its slides, reads otherwise than an equation."""

NOTES = {
    "affine": "Where the lecture's text reads + between a matrix and a bias, the bias is added to "
    "every row: ⊕.",
    "sigmoid": "The lecture's text reads a ∈ (0, 1). A float rounds to exactly 1 from z = 36.74 "
    "on, which is why the loss is computed from z.",
    "mean": "On one slide the lecture's text reads L = −(1/N) Σ Lₚ. The mean of losses has no "
    "minus: its other slides read +1/N.",
    "mse.sample": "The lecture calls this the mean squared error. It is half the squared error, "
    "summed over the outputs: K/2 times PyTorch's MSELoss.",
    "mse.dA": "The lecture's text reads −(1/N) in front of the rows. It is +1/N, once.",
    "bce.dA": "As in the lecture's text. It is unbounded where ŷ reaches 0 or 1, so a pass never "
    "multiplies it by the slope.",
    "sigmoid.slope": "The lecture's text reads σ(z)(1 − σ′(z)). It is σ(z)(1 − σ(z)) = σ(z)σ(−z).",
    "sigmoid_bce.dZ": "The lecture's text leaves the output function o open here. With the "
    "sigmoid, each of the outputs has a cross entropy of its own.",
    "softmax.dZ": "The lecture's text has one rule for every g. Softmax mixes its inputs, so its "
    "Jacobian is a full matrix and the element-wise rule would be wrong.",
    "softmax_ce.dZ": "The lecture names softmax with cross entropy but doesn't derive it.",
    "hadamard": "The lecture's text reads ⊗. It is the element-wise product ⊙.",
    "affine.dW": "The lecture's text reads (∂L/∂Z)ᵀ · ∂Z/∂W on the way. ∂Z/∂W has four indices; "
    "what is left of it is A, as in the text's last step.",
    "affine.db": "The lecture's text reads ∂L₁/∂b = (∂L₁/∂Z)ᵀ · 1ᴺ, a column. It is ∂L/∂b = "
    "1ᵀ ∂L/∂Z, a row like b.",
    "affine.dA": "The lecture's text has this for one sample, and leaves it out for the batch.",
}
"""By the equation's id; the lecture's inventory of errata has each with its proof."""
