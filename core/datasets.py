"""The data sets of the catalogue: a new one is one entry here and one example in the tests."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from core import generators as draw
from core.data_files import digits, iris, wine
from core.dataset import CLASSIFICATION, REGRESSION, Samples
from core.errors import SpecificationError, UnknownNameError

MOST_SAMPLES = 4096
Maker: TypeAlias = Callable[[int, float, np.random.RandomState], Samples]


@dataclass(frozen=True)
class Named:
    """A data set of the catalogue; one that isn't drawn takes no number of samples and no noise."""

    name: str
    title: str
    description: str
    task: str
    make: Maker
    samples: int = 200
    noise: float = 0.0
    test_share: float = 0.3
    standardise: bool = False
    is_drawn: bool = True
    fewest: int = 4
    sizes: tuple[int, ...] = ()
    """Layers that suit it."""
    source: str = ""


def load(
    name: str, samples: int | None = None, noise: float | None = None, seed: int = 0
) -> Samples:
    """Return the samples of a named set.

    Raises: UnknownNameError, SpecificationError where a number isn't taken or is out of bounds.
    """
    if name not in DATA_SETS:
        raise UnknownNameError("data set", name, DATA_SETS, ["data", "name"])
    chosen = DATA_SETS[name]
    for key, given in (("samples", samples), ("noise", noise)):
        if given is not None and not chosen.is_drawn:
            raise SpecificationError(
                f"{chosen.title} is as it was measured and takes no {key}.",
                where=["data", key],
                expected=None,
                given=given,
            )
    count = chosen.samples if samples is None else samples
    if not chosen.fewest <= count <= MOST_SAMPLES:
        raise SpecificationError(
            f"{chosen.title} takes from {chosen.fewest} to {MOST_SAMPLES} samples, not {count}.",
            where=["data", "samples"],
            expected=[chosen.fewest, MOST_SAMPLES],
            given=count,
        )
    amount = chosen.noise if noise is None else noise
    return chosen.make(count, amount, np.random.RandomState(seed))


def _from_file(
    read: Callable[[], Samples],
) -> Callable[[int, float, np.random.RandomState], Samples]:
    def make(_: int, __: float, ___: np.random.RandomState) -> Samples:
        return read()

    return make


_SKLEARN = "As scikit-learn draws it"
_PLAYGROUND = "As the playground for small networks draws it"

DATA_SETS = {
    each.name: each
    for each in (
        Named(
            "moons",
            "Two moons",
            "Two half circles that reach into each other.",
            CLASSIFICATION,
            draw.moons,
            200,
            0.15,
            sizes=(2, 8, 8, 1),
            source=_SKLEARN,
        ),
        Named(
            "circles",
            "Circles",
            "A circle in a circle: the boundary must close.",
            CLASSIFICATION,
            draw.circles,
            200,
            0.08,
            sizes=(2, 8, 1),
            source=_SKLEARN,
        ),
        Named(
            "spiral",
            "Three spirals",
            "Three arms that wind around each other.",
            CLASSIFICATION,
            draw.spiral,
            300,
            0.2,
            sizes=(2, 32, 3),
            fewest=6,
            source="Karpathy, CS231n",
        ),
        Named(
            "blobs",
            "Blobs",
            "Three round clouds: a straight line between each two is enough.",
            CLASSIFICATION,
            draw.blobs,
            300,
            1.0,
            sizes=(2, 3),
            standardise=True,
            fewest=6,
            source=_SKLEARN,
        ),
        Named(
            "xor4",
            "XOR, four points",
            "The corners of a square, opposite ones alike.",
            CLASSIFICATION,
            draw.xor4,
            4,
            test_share=0,
            is_drawn=False,
            sizes=(2, 4, 1),
            source="Goodfellow et al. (2016)",
        ),
        Named(
            "pg_xor",
            "XOR, four squares",
            "Opposite quarters belong together.",
            CLASSIFICATION,
            draw.pg_xor,
            200,
            0.0,
            sizes=(2, 8, 1),
            source=_PLAYGROUND,
        ),
        Named(
            "pg_gauss",
            "Two clouds",
            "Logistic regression is enough.",
            CLASSIFICATION,
            draw.pg_gauss,
            200,
            0.1,
            sizes=(2, 1),
            source=_PLAYGROUND,
        ),
        Named(
            "pg_circle",
            "A disc in a ring",
            "The boundary is a circle.",
            CLASSIFICATION,
            draw.pg_circle,
            200,
            0.0,
            sizes=(2, 8, 1),
            source=_PLAYGROUND,
        ),
        Named(
            "pg_spiral",
            "Two spirals",
            "Hard: two arms, three half turns each.",
            CLASSIFICATION,
            draw.pg_spiral,
            200,
            0.0,
            sizes=(2, 16, 16, 1),
            source=_PLAYGROUND,
        ),
        Named(
            "reg_line",
            "A line",
            "Numbers along 2x + 1, seen through noise.",
            REGRESSION,
            draw.reg_line,
            40,
            0.5,
            sizes=(1, 1),
        ),
        Named(
            "reg_sine",
            "A sine",
            "A curve that no straight line fits.",
            REGRESSION,
            draw.reg_sine,
            60,
            0.1,
            sizes=(1, 16, 1),
        ),
        Named(
            "reg_plane",
            "A plane",
            "Heights over the plane: (x₁ + x₂)/10.",
            REGRESSION,
            draw.reg_plane,
            200,
            0.0,
            sizes=(2, 1),
            source=_PLAYGROUND,
        ),
        Named(
            "iris",
            "Iris",
            "150 flowers of three species, four lengths each.",
            CLASSIFICATION,
            _from_file(iris),
            150,
            is_drawn=False,
            standardise=True,
            sizes=(4, 8, 3),
            source="Fisher (1936)",
        ),
        Named(
            "wine",
            "Wine",
            "178 wines of three growers, thirteen analyses each.",
            CLASSIFICATION,
            _from_file(wine),
            178,
            is_drawn=False,
            standardise=True,
            sizes=(13, 8, 3),
            source="Forina et al., UCI Machine Learning Repository",
        ),
        Named(
            "digits",
            "Digits",
            "1797 handwritten digits as images of 8 × 8 pixels, from 0 (paper) to 1 (ink).",
            CLASSIFICATION,
            _from_file(digits),
            1797,
            is_drawn=False,
            sizes=(64, 32, 10),
            source="Alpaydin and Kaynak (1998), UCI Machine Learning Repository",
        ),
        Named(
            "lecture",
            "The lecture's three samples",
            "Three rows of five numbers.",
            CLASSIFICATION,
            draw.lecture,
            3,
            test_share=0,
            is_drawn=False,
            fewest=3,
            sizes=(5, 7, 4, 3),
            source="The lecture, demo 2",
        ),
    )
}
