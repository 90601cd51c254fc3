"""Index rules: which operand cells one result cell reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.errors import EquationError

ALL = "..."


@dataclass(frozen=True)
class IndexRule:
    """One word of letters for each operand and one for the result.

    A letter of the result's word is an index of the result; any other letter is a whole axis.
    The word "..." stands for all axes of the result, whatever their number. A result letter that
    no operand has is as long as the axis in its place in the first operand: softmax's "sk->so".
    """

    text: str
    operands: tuple[str, ...]
    result: str

    @classmethod
    def parse(cls, text: str) -> "IndexRule":
        """Read a rule such as "sk,ok,o->so"."""
        reads, arrow, result = text.partition("->")
        words = tuple(reads.split(","))
        legal = all(word == ALL or word == "" or word.isalpha() for word in (*words, result))
        if not arrow or not legal:
            raise EquationError(f"“{text}” is not an index rule such as “sk,ok,o->so”.")
        return cls(text, words, result)

    @property
    def is_elementwise(self) -> bool:
        """Whether each result cell reads one cell of each operand, in any number of axes."""
        return self.result == ALL

    def lengths(self, shapes: Sequence[tuple[int, ...]]) -> dict[str, int]:
        """Return the length of every letter's axis, or raise where two operands disagree."""
        found: dict[str, int] = {}
        for word, shape in zip(self.operands, shapes, strict=True):
            if word == ALL:
                continue
            if len(word) != len(shape):
                raise EquationError(f"“{word}” of “{self.text}” can't index the shape {shape}.")
            for letter, length in zip(word, shape, strict=True):
                if found.setdefault(letter, length) != length:
                    raise EquationError(
                        f"Axis {letter} of “{self.text}” is {found[letter]} and {length} long."
                    )
        return found

    def result_shape(self, shapes: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
        """Return the result's shape for operands of these shapes."""
        lengths = self.lengths(shapes)
        if self.is_elementwise:
            return next(
                shape for word, shape in zip(self.operands, shapes, strict=True) if word == ALL
            )
        return tuple(lengths[letter] for letter in self.sources())

    def sources(self) -> str:
        """Return, for each axis of the result, the operands' letter whose axis it is."""
        known = "".join(self.operands)
        return "".join(
            letter if letter in known else self.operands[0][place]
            for place, letter in enumerate(self.result)
        )

    def reads(self, cell: tuple[int, ...], operand: int) -> tuple[int | slice, ...]:
        """Return the NumPy index of the cells of one operand that the result's cell reads."""
        word = self.operands[operand]
        if word == ALL:
            return cell
        if self.is_elementwise:
            return ()
        place: Mapping[str, int] = dict(zip(self.result, cell, strict=True))
        return tuple(place.get(letter, slice(None)) for letter in word)
