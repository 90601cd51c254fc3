"""Data sets that were asked for lately: a page asks for the same one at every moment it shows."""

import hashlib
import threading
from collections import OrderedDict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.data_requests import Divided
from core.dataset import DataSet

MOST = 8
"""A set has at most 4,096 rows of some hundred columns: a few megabytes."""


class PreparedData:
    """A small store by what was asked; the one that nobody asked for longest makes room."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._lock = most, threading.Lock()
        self._kept = OrderedDict[bytes, DataSet]()

    def __call__(self, asked: Divided) -> DataSet:
        """Return the data set, which nobody may change.

        Raises: LimitError, SpecificationError.
        """
        key = hashlib.sha256(asked.model_dump_json().encode()).digest()
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        # Outside the lock: two at once prepare it twice, and nobody waits for another's data.
        found = asked.prepared()
        for array in _arrays(found):
            array.setflags(write=False)
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found


def _arrays(data: DataSet) -> list[NDArray[Any]]:
    """Return all that a data set is made of, its samples as they were given too."""
    values = [value for part in (data, data.samples) for value in vars(part).values()]
    return [value for value in values if isinstance(value, np.ndarray)]


prepared = PreparedData()
