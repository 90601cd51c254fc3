"""The stepper: takes a training's steps, batch by batch, and can be put back to where it was.

The samples are laid out in the order of their epoch once; a step then copies one slice into the
loop's buffers, so that batching adds two calls to a step (`benchmarks/training_run.py`).
"""

from collections.abc import Mapping

import numpy as np

from core.equation import Array
from core.errors import BudgetError, SpecificationError
from core.learning import check_state, state_slots
from core.loop import Bound, Loop, base_of
from core.passes import update_program
from core.stopping import IsOver, never
from core.trace import Divergence, Trace, run_trace
from core.training import Snapshot, Training

CHUNK = 256
"""Steps between two looks at whether all parameters are finite, or at the clock."""


class Stepper:
    """A training on its way; `step` counts the steps taken.

    Raises: SpecificationError where a snapshot to start from doesn't fit.
    """

    def __init__(self, training: Training, start: Snapshot | None = None) -> None:
        self.training = training.resumed(start) if start else training
        self.step = start.step if start else 0
        self.diverged: Divergence | None = None
        self.batches = training.batches
        self.loop = Loop(update_program(training.program(self.batches.size)), self._inputs())
        self._starts = {
            self.loop.program.slots[index].name: index
            for index in self.loop.program.carries.values()
        }
        if start and start.state is not None:
            self._restate(start.state)
        self._lay_out()

    def advance(self, steps: int) -> None:
        """Take so many steps, or fewer where one diverges: then it stands before that one."""
        end = self.step + steps
        while self.step < end and not self.diverged:
            before, step = self._kept(), self.step
            self._advance(min(end, step + CHUNK))
            if not self._is_sound():
                self._put_back(before, step)
                self._find_divergence()

    def snapshot(self, goal: float | None = None) -> Snapshot:
        """Copy all that is needed to go on from here."""
        now = self.loop.now()
        arrays = {name: now[index].copy() for name, index in self._starts.items()}
        count = len(self.training.network.layers)
        layers = tuple(
            (arrays.pop(f"W[{layer}]"), arrays.pop(f"b[{layer}]")) for layer in range(1, count + 1)
        )
        return Snapshot(self.step, layers, arrays, goal)

    def trace(self) -> Trace:
        """Return every number of the next step, without taking it."""
        chosen = self.batches.at(self.step)
        program = self.training.program(len(chosen))
        now = {name: self.loop.now()[index] for name, index in self._starts.items()}
        named = {**self._scalars(), **now}
        named |= {"A[0]": self.training.X[chosen], "Y": self.training.Y[chosen]}
        return run_trace(program, named, start=self.step)

    def _inputs(self) -> dict[str, object]:
        size = self.batches.size
        data = {"A[0]": self.training.X[:size], "Y": self.training.Y[:size]}
        return {**data, **self.training.network.inputs(), **self._scalars()}

    def _scalars(self) -> Mapping[str, object]:
        return self.training.scalars()

    def _lay_out(self) -> None:
        """Prepare the batches' calls; the arrays that they read are filled epoch by epoch."""
        self._epoch = -1
        size, whole = self.batches.size, self.batches.whole
        self._X, self._Y = self.training.X.copy(), self.training.Y.copy()
        alone = self.batches.per_epoch == 1
        self._fills = [
            [] if alone else self._fill(self.loop, batch * size) for batch in range(whole)
        ]
        if rest := self.batches.rest:
            program = update_program(self.training.program(rest))
            data = {"A[0]": self._X[-rest:], "Y": self._Y[-rest:]}
            self._last = self.loop.twin(program, data)
            self._last_fill = self._fill(self._last, whole * size)

    def _fill(self, loop: Loop, start: int) -> Bound:
        X, Y = loop.value("A[0]"), loop.value("Y")
        end = start + len(X)
        return [(np.copyto, (X, self._X[start:end])), (np.copyto, (Y, self._Y[start:end]))]

    def _advance(self, end: int) -> None:
        while self.step < end:
            epoch, batch = divmod(self.step, self.batches.per_epoch)
            self._begin(epoch)
            count = min(end - self.step, self.batches.per_epoch - batch)
            self.loop.run_on(self._fills[batch : batch + count])
            if batch + count > self.batches.whole:
                self._last.iteration = self.loop.iteration
                self._last.run_on([self._last_fill])
                self.loop.iteration = self._last.iteration
            self.step += count

    def _begin(self, epoch: int) -> None:
        if epoch == self._epoch or not self.batches.shuffles:
            return
        order = self.batches.order(epoch)
        # Without "clip" NumPy fills a buffer of its own first.
        np.take(self.training.X, order, 0, self._X, "clip")
        np.take(self.training.Y, order, 0, self._Y, "clip")
        self._epoch = epoch

    def _vectors(self) -> list[Array]:
        """Return the live vectors in which parameters and states lie."""
        now = self.loop.now()
        bases = [base_of(now[index]) for index in self._starts.values()]
        return list({id(base): base for base in bases}.values())

    def _kept(self) -> list[Array]:
        return [vector.copy() for vector in self._vectors()]

    def _put_back(self, kept: list[Array], step: int) -> None:
        for vector, copy in zip(self._vectors(), kept, strict=True):
            vector[...] = copy
        self.step = step

    def _is_sound(self) -> bool:
        return all(np.isfinite(vector).all() for vector in self._vectors())

    def _find_divergence(self) -> None:
        """Go on to just before the step that makes a parameter or state infinite."""
        while True:
            before, step = self._kept(), self.step
            self._advance(step + 1)
            if not self._is_sound():
                self._put_back(before, step)
                self.diverged = self.trace().diverged
                return

    def _restate(self, state: Mapping[str, Array]) -> None:
        program, now = self.loop.program, self.loop.now()
        check_state(program, state, "from", "state")
        for name, index in state_slots(program).items():
            now[index][...] = state[name]


def trace_step(
    training: Training, step: int, start: Snapshot | None = None, is_over: IsOver = never
) -> Trace:
    """Return every number of one step, by training again up to it from the start or a snapshot.

    Raises: as `stepper_at`.
    """
    return stepper_at(training, step, start, is_over).trace()


def stepper_at(
    training: Training, step: int, start: Snapshot | None = None, is_over: IsOver = never
) -> Stepper:
    """Return a stepper before one step, by training again up to it from the start or a snapshot.

    Raises: BudgetError once `is_over` says so, SpecificationError for a step before the snapshot's.
    """
    stepper = Stepper(training, start)
    _check_order(stepper.step, step)
    while stepper.step < step and not stepper.diverged:
        stepper.advance(min(CHUNK, step - stepper.step))
        if is_over():
            raise BudgetError(
                f"The replay was stopped at step {stepper.step:,}, since its time was up: "
                "start from a later snapshot."
            )
    if stepper.diverged and stepper.step < step:
        raise SpecificationError(
            f"This training diverges after {counted(stepper.step)}, before step {step:,}.",
            where=["iteration"],
            expected=f"at most {stepper.step}",
            given=step,
        )
    return stepper


def counted(steps: int) -> str:
    """Write how many steps were taken."""
    return f"{steps:,} {'step' if steps == 1 else 'steps'}"


def _check_order(first: int, step: int) -> None:
    if step < first:
        raise SpecificationError(
            f"Step {step:,} comes before the snapshot, which was taken after {first:,} steps.",
            where=["iteration"],
            expected=f"at least {first}",
            given=step,
        )
