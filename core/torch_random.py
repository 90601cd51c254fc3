"""PyTorch's CPU random stream, so that the lecture's seed gives the lecture's numbers.

Source: Matsumoto and Nishimura (1998), "Mersenne Twister"; the mapping from 32-bit outputs to
floats is PyTorch's, checked bit for bit against it in the tests.
"""

import math

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]


class TorchRandom:
    """The stream that `torch.manual_seed(seed)` starts."""

    def __init__(self, seed: int) -> None:
        self._state = np.random.RandomState(seed)

    def rand(self, count: int) -> Float32:
        """Return what `torch.rand(count)` does: k/2²⁴ from the low 24 bits of each output."""
        raw = self._state.randint(0, 2**32, size=count, dtype=np.uint32)
        return ((raw & 0xFFFFFF) * 2.0**-24).astype(np.float32)

    def uniform(self, low: float, high: float, count: int) -> Float32:
        """Return what `tensor.uniform_(low, high)` does: x(high - low) + low, rounded once."""
        start, width = np.float32(low), np.float32(high) - np.float32(low)
        return _round_once(self.rand(count).astype(float) * float(width), float(start))

    def linear(self, inputs: int, outputs: int) -> tuple[Float32, Float32]:
        """Return the weights and bias of `torch.nn.Linear(inputs, outputs)`."""
        bound = math.sqrt(3) * (math.sqrt(1 / 3) / math.sqrt(inputs))
        weights = self.uniform(-bound, bound, outputs * inputs).reshape(outputs, inputs)
        # nn.Linear takes the bias's bound straight from 1/√in.
        limit = 1 / math.sqrt(inputs)
        return weights, self.uniform(-limit, limit, outputs)


def _round_once(product: NDArray[np.float64], addend: float) -> Float32:
    """Return product + addend in float32 with one rounding, as a fused multiply-add does.

    The float64 sum is rounded to odd first (its last bit records that something was lost), which
    makes the second rounding exact. Source: Boldo and Melquiond (2008), theorem 3.
    """
    total = product + addend
    back = total - product
    lost = (product - (total - back)) + (addend - back)
    even = (total.view(np.uint64) & np.uint64(1)) == 0
    toward = np.where(lost > 0, np.inf, -np.inf)
    return np.where((lost != 0) & even, np.nextafter(total, toward), total).astype(np.float32)
