"""Mini-batches: which samples each step of a training sees.

As in PyTorch's DataLoader, the last batch of an epoch is kept though it may be smaller. The order
of an epoch depends on the seed and the epoch's number alone, so that any step can be made again.
"""

from dataclasses import dataclass, field

import numpy as np

from core.equation import Indices


@dataclass(frozen=True)
class Batches:
    """So many samples in batches of `size`; without a seed, or all in one batch, in their order."""

    samples: int
    size: int
    seed: int | None = None
    # RandomState's stream is frozen by NumPy's compatibility policy; default_rng's is not.
    _random: np.random.RandomState = field(
        default_factory=np.random.RandomState, init=False, repr=False, compare=False
    )

    @property
    def per_epoch(self) -> int:
        """Steps in which every sample is seen once."""
        return -(-self.samples // self.size)

    @property
    def whole(self) -> int:
        """How many of them are of full size."""
        return self.samples // self.size

    @property
    def rest(self) -> int:
        """Samples of the smaller batch at the end, or 0."""
        return self.samples % self.size

    @property
    def shuffles(self) -> bool:
        """Whether epochs differ in their order."""
        return self.seed is not None and self.per_epoch > 1

    def order(self, epoch: int) -> Indices:
        """Return the samples of an epoch in the order in which they come."""
        if self.seed is None or not self.shuffles:
            return np.arange(self.samples)
        # Making a RandomState takes eight times as long as seeding one.
        self._random.seed([self.seed, epoch])
        return self._random.permutation(self.samples)

    def at(self, step: int) -> Indices:
        """Return the samples of a step."""
        epoch, batch = divmod(step, self.per_epoch)
        return self.order(epoch)[batch * self.size : (batch + 1) * self.size]
