"""Layouts: which axis of a matrix is the samples', and which of a weight matrix is the outputs'.

A layout gives equations of its own for those that depend on the order of the axes. What is
element-wise depends on none. Whatever goes sample by sample has rows in mind; in columns it is the
same calls on the transposed matrices.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from core import affine as rows
from core import affine_layouts as other
from core.equation import EQUATIONS, Array, Call, Equation, Recipe
from core.index_rule import IndexRule
from core.loss_conventions import whole_squared_error, whole_squared_error_gradient
from core.losses import LOSSES
from core.program import SAMPLES, Program
from core.squashing import softmax, softmax_jacobian_product


def _transposed_recipe(recipe: Recipe) -> Recipe:
    def in_columns(*arrays: Array) -> Iterator[Call]:
        yield from recipe(*(array.T for array in arrays))

    return in_columns


def in_columns(equation: Equation) -> Equation:
    """Declare and return an equation that goes sample by sample, with samples as columns."""
    rule = equation.rule
    words = [word[::-1] for word in (*rule.operands, rule.result)]
    made = Equation(
        f"{equation.id}.columns",
        equation.title.replace("each row", "each column"),
        equation.latex.replace("{pk}", "{kp}").replace("{pj}", "{jp}"),
        IndexRule.parse(f"{','.join(words[:-1])}->{words[-1]}"),
        equation.cell,
        equation.roles,
        _transposed_recipe(equation.recipe),
        equation.may_be_unbounded,
    )
    EQUATIONS[made.id] = made
    return made


def _by_sample() -> list[Equation]:
    """List the equations that go sample by sample."""
    found = [softmax, softmax_jacobian_product, whole_squared_error, whole_squared_error_gradient]
    for loss in LOSSES.values():
        found += [loss.sample, loss.dA]
        found += [each for fusion in loss.fusions.values() for each in (fusion.sample, fusion.dZ)]
    return found


@dataclass(frozen=True, eq=False)
class Layout:
    """An order of the axes; `own` are the equations that stand for those of the rows, by id."""

    name: str
    title: str
    latex: str
    description: str
    samples_are_columns: bool = False
    inputs_are_rows: bool = False
    own: Mapping[str, Equation] = field(default_factory=dict[str, Equation])

    def of_samples(self, matrix: Array) -> Array:
        """Return a matrix with one sample a row as this layout has it."""
        return matrix.T if self.samples_are_columns else matrix

    def turns(self, axes: tuple[str, ...]) -> bool:
        """Whether a matrix with these axes stands turned against the lecture's."""
        turned = self.samples_are_columns if SAMPLES in axes else self.inputs_are_rows
        return turned and len(axes) == 2

    def of_weights(self, W: Array) -> Array:
        """Return weights (out, in) as this layout has them."""
        return W.T if self.inputs_are_rows else W


_COLUMNS: dict[str, Equation] = {
    rows.affine.id: other.affine_columns,
    rows.weight_gradient.id: other.weight_gradient_columns,
    rows.bias_gradient.id: other.bias_gradient_columns,
    rows.input_gradient.id: other.input_gradient_columns,
    **{equation.id: in_columns(equation) for equation in _by_sample()},
}
_IN_OUT: dict[str, Equation] = {
    rows.affine.id: other.affine_in_out,
    rows.weight_gradient.id: other.weight_gradient_in_out,
    rows.input_gradient.id: other.input_gradient_in_out,
}

LAYOUTS = {
    layout.name: layout
    for layout in (
        Layout(
            "rows_out_in",
            "Rows",
            rows.affine.latex,
            "Samples are rows, each unit is a row of W (out × in), as in the lecture and PyTorch.",
        ),
        Layout(
            "columns",
            "Columns",
            other.affine_columns.latex,
            "Samples are columns, so that W (out × in) stands on the left, as in many books.",
            samples_are_columns=True,
            own=_COLUMNS,
        ),
        Layout(
            "rows_in_out",
            "Rows, in × out",
            other.affine_in_out.latex,
            "Samples are rows and each unit is a column of W (in × out), as in Keras.",
            inputs_are_rows=True,
            own=_IN_OUT,
        ),
    )
}


def layout_of(program: Program) -> Layout:
    """Return the layout that a network's program was built in."""
    X, W = (program.slots[program.slot(name)] for name in ("A[0]", "W[1]"))
    return layout_by(X.axes, W.axes)


def layout_by(X: tuple[str, ...], W: tuple[str, ...]) -> Layout:
    """Return the layout in which the inputs and the first layer's weights have these axes."""
    found = X[-1] == SAMPLES, W[0] in X
    return next(
        each
        for each in LAYOUTS.values()
        if (each.samples_are_columns, each.inputs_are_rows) == found
    )
