/** A new trace made of the old one's parts where they are equal, so that only what differs is drawn anew. */
import type { Step, Tensor, Trace } from "./trace";

const sameList = <T>(one: readonly T[], other: readonly T[], same: (a: T, b: T) => boolean): boolean =>
  one.length === other.length && one.every((each, i) => same(each, other[i] as T));

function sameStep(one: Step, other: Step): boolean {
  const operands = Object.entries(one.operands);
  return (
    one.result === other.result &&
    one.equation === other.equation &&
    operands.length === Object.keys(other.operands).length &&
    operands.every(([role, id]) => other.operands[role] === id)
  );
}

function sameTensor(one: Tensor, other: Tensor): boolean {
  return (
    one.latex === other.latex &&
    one.title === other.title &&
    sameList(one.axes, other.axes, Object.is) &&
    sameList(one.shape, other.shape, Object.is) &&
    sameList(one.unbounded ?? [], other.unbounded ?? [], (a, b) => a.cell === b.cell && a.sign === b.sign) &&
    sameList(one.data, other.data, Object.is)
  );
}

export function reusing(old: Trace | null, trace: Trace): Trace {
  if (!old) return trace;
  const tensors = Object.fromEntries(
    Object.entries(trace.tensors).map(([id, tensor]) => {
      const before = old.tensors[id];
      return [id, before && sameTensor(before, tensor) ? before : tensor];
    }),
  );
  const isSame = sameList(old.steps, trace.steps, sameStep);
  return { ...trace, tensors, ...(isSame && { steps: old.steps, equations: old.equations }) };
}
