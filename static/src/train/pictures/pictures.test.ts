import { expect, test } from "vitest";
import { readRegions } from "../../api/regions";
import { withPoint, without } from "./brush";
import { inked } from "./digits";
import { curveFaces, flatWeights, shrunk, sizesOf, valueFaces } from "./faces";
import { Follower, upTo } from "./follow.svelte";
import { drawMarks, outlineOf } from "./marks";
import { shownSheet } from "./shown";

const sheetOf = (value: number): { rows: number; columns: number; values: Float32Array } => ({ rows: 1, columns: 1, values: Float32Array.of(value) });

test("the numbers of an answer are cut by their shapes: outputs, then each hidden layer", () => {
  const bytes = Float32Array.from({ length: 2 * 6 + 3 * 4 + 2 }, (_, i) => i).buffer;
  const { outputs, hidden, inputs } = readRegions(bytes, { outputs: "2,2,3", neurons: "3,2,2", inputs: "1,1,2", hidden: [1, 2] }, [[0, 1], [0, 1]]);
  expect(outputs.map(({ values }) => values[0])).toEqual([0, 6]);
  expect(hidden.map((layer) => layer.map(({ values }) => values[0]))).toEqual([[12], [16, 20]]);
  expect(outputs[0]).toMatchObject({ rows: 2, columns: 3 });
  expect(inputs.map(({ values }) => [...values])).toEqual([[24, 25]]);
  expect(() => readRegions(bytes, { outputs: "2,2,3", neurons: "2,2,2", inputs: "1,1,2", hidden: [1, 1] }, [])).toThrow(RangeError);
});

test("a layer's curves share a scale; those of another layer have their own", () => {
  const [inputs, hidden] = curveFaces([0, 4], [[[1, -2], [0.5, 2]]]);
  expect(inputs?.[0]).toMatchObject({ values: [0, 4], high: 4 });
  expect(hidden).toMatchObject([{ values: [1, 0.5], low: -2, high: 2 }, { values: [-2, 2], low: -2, high: 2 }]);
  expect(valueFaces([[1, -3]])[0]).toMatchObject([{ value: 1, scale: 3 }, { value: -3, scale: 3 }]);
});

test("a smaller sheet keeps the corners", () => {
  const values = Float32Array.from({ length: 25 }, (_, i) => i);
  expect([...shrunk({ rows: 5, columns: 5, values }, 2).values]).toEqual([0, 4, 20, 24]);
});

test("sizes and flat weights come from the layers", () => {
  const layers = [{ W: [[1, 2], [3, 4], [5, 6]], b: [0, 0, 0] }, { W: [[7, 8, 9]], b: [1] }];
  expect(sizesOf(layers)).toEqual([2, 3, 1]);
  expect(flatWeights(layers).map((each) => [...each])).toEqual([[1, 2, 3, 4, 5, 6], [7, 8, 9]]);
});

test("a network up to one neuron ends with that neuron alone", () => {
  const layers = [{ W: [[1, 2], [3, 4]], b: [5, 6], activation: "tanh" }, { W: [[7, 8], [9, 10]], b: [11, 12], activation: "relu" }, { W: [[1, 1]], b: [0], activation: "sigmoid" }];
  expect(upTo(layers, { layer: 2, unit: 1 })).toEqual([layers[0], { W: [[9, 10]], b: [12], activation: "relu" }]);
});

test("what the plane shows of a picked neuron", () => {
  const regions = { view: [[0, 1], [2, 3]] as const, outputs: [sheetOf(1), sheetOf(2)], hidden: [[sheetOf(3), sheetOf(4)]], inputs: [sheetOf(5), sheetOf(6)] };
  expect(shownSheet(regions, { layer: 1, unit: 1 }, 2, null)?.values[0]).toBe(4);
  expect(shownSheet(regions, { layer: 1, unit: 1 }, 2, sheetOf(9))?.values[0]).toBe(9);
  expect(shownSheet(regions, { layer: 2, unit: 1 }, 2, null)?.values[0]).toBe(2);
  expect(shownSheet({ ...regions, outputs: [sheetOf(1)] }, { layer: 2, unit: 0 }, 2, null)).toBeNull();
  expect(shownSheet(regions, { layer: 0, unit: 1 }, 2, null)?.values[0]).toBe(6);
});

test("points are drawn with their class and taken away with it", () => {
  const empty = { X: [], labels: [], Y: null };
  const two = withPoint(withPoint(empty, [1, 2], 0), [3, 4], 1);
  expect(two).toEqual({ X: [[1, 2], [3, 4]], labels: [0, 1], Y: null });
  expect(without(two, ([x]) => x === 1)).toEqual({ X: [[3, 4]], labels: [1], Y: null });
  expect(without(two, () => false)).toBe(two);
  expect(withPoint({ X: [], labels: null, Y: [] }, [1, 2], -0.5)).toEqual({ X: [[1, 2]], labels: null, Y: [[-0.5]] });
});

test("ink is full under the pen, none far from it, and never less than it was", () => {
  const image = inked(Array.from({ length: 64 }, () => 0), [8, 8], [2.5, 3.5], 16);
  expect(image[3 * 8 + 2]).toBe(16);
  expect(image[3 * 8 + 3]).toBe(6);
  expect(image[0]).toBe(0);
  expect(inked(image, [8, 8], [7.5, 7.5], 16)[3 * 8 + 2]).toBe(16);
});

test("each class has a shape, wrong ones a ring, test points are hollow", () => {
  expect([0, 1, 2, 3, 4].map((shape) => outlineOf(shape, 0, 0, 1).length)).toEqual([0, 4, 3, 4, 5]);
  const filled: string[] = [];
  const strokes: string[] = [];
  const context = {
    fillStyle: "", strokeStyle: "", lineWidth: 0, lineJoin: "",
    beginPath: () => undefined, moveTo: () => undefined, lineTo: () => undefined, arc: () => undefined, closePath: () => undefined,
    fill() { filled.push(this.fillStyle); }, stroke() { strokes.push(this.strokeStyle); },
  };
  const mark = { x: 0, y: 0, shape: 0, colour: "blue" };
  drawMarks(context as unknown as CanvasRenderingContext2D, [{ ...mark, isHollow: false, isWrong: false }, { ...mark, isHollow: true, isWrong: true }], { outline: "paper", ring: "ink" });
  expect(filled).toEqual(["blue", "paper"]);
  expect(strokes).toEqual(["paper", "paper", "blue", "ink"]);
});

test("a follower asks one question at a time, and the newest next", async () => {
  const asked: number[] = [];
  const waiting: (() => void)[] = [];
  const follower = new Follower((question: number) => {
    asked.push(question);
    return new Promise<number>((resolve) => waiting.push(() => { resolve(question * 10); }));
  });
  const answer = async (): Promise<void> => { waiting.shift()?.(); await new Promise((resolve) => setTimeout(resolve)); };
  follower.follow(1);
  follower.follow(2);
  follower.follow(3);
  expect(asked).toEqual([1]);
  await answer();
  expect(follower.answer?.answer).toBe(10);
  expect(asked).toEqual([1, 3]);
  await answer();
  expect(follower.answer).toEqual({ question: 3, answer: 30 });
  follower.follow(null);
  expect(follower.answer).toBeNull();
});

test("a question that fails keeps the last answer and says why", async () => {
  const follower = new Follower((question: number) => (question > 1 ? Promise.reject(new Error("no")) : Promise.resolve(question)));
  follower.follow(1);
  await new Promise((resolve) => setTimeout(resolve));
  follower.follow(2);
  await new Promise((resolve) => setTimeout(resolve));
  expect(follower.answer?.answer).toBe(1);
  expect(follower.problem).toBe("no");
});
