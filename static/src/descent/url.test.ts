import { expect, test } from "vitest";
import { setupOf } from "./presets";
import { endingOf } from "./words";
import { learningOf as runOf } from "../learning/learning";
import { named, notation } from "../learning/notation";
import { requestOf, type Setup } from "./setup";
import type { DescentCatalog, Path } from "./types";
import { readPlace, readSurface, writePlace, type Place } from "./url";

const number = (name: string, value: number, minimum: number | null = 0, maximum: number | null = null) => ({ name, title: name, latex: name, default: value, minimum, maximum, open_below: false });
const surface = (name: string, dimension = 2) => ({ name, title: name, latex: "x", expression: null, dimension, quadratic: true, view: [[-4, 4], [-4, 4]].slice(0, dimension), start: [3, 3].slice(0, dimension), optima: [], source: "" });
const catalog: DescentCatalog = {
  surfaces: [...["lecture_quadratic", "rosenbrock", "saddle", "bump"].map((name) => surface(name)), surface("parabola", 1)],
  optimizers: [
    { name: "gradient_descent", title: "Gradient descent", latex: "theta_next = theta - eta\\, dtheta", parameters: [number("learning_rate", 0.1)], switches: [] },
    { name: "momentum", title: "Momentum", latex: "", parameters: [number("learning_rate", 0.1), number("momentum", 0.9, 0, 1)], switches: [] },
    { name: "adam", title: "Adam", latex: "", parameters: [number("learning_rate", 0.001)], switches: [] },
    { name: "rmsprop", title: "RMSProp", latex: "", parameters: [number("learning_rate", 0.01)], switches: [{ name: "centered", title: "Centered", default: false }] },
  ],
  searches: [{ name: "newton", title: "Newton", latex: "theta_next = theta + eta\\, p" }],
  schedules: [
    { name: "constant", title: "Constant", latex: "eta = eta0", parameters: [] },
    { name: "step", title: "Steps", latex: "", parameters: [number("gamma", 0.95), number("period", 20, 1)] },
  ],
  descent_presets: [
    {
      name: "calm", title: "Calm", group: "Tests", watch: "", surface: { name: "lecture_quadratic" }, start: [3, 3], direction: "descend", view: "plane", window: null, at: null,
      stop: { max_iterations: 200, value_change: null, gradient_norm: 1e-6, require: "either" },
      runs: [{ optimizer: { name: "gradient_descent", ...{ learning_rate: 0.1 } }, schedule: { name: "constant" } }],
    },
  ],
  limits: { path_iterations: 100000 },
};
const [calm] = catalog.descent_presets;

const setup: Setup = {
  surface: { name: "rosenbrock" },
  start: [-1.25, 1e-7],
  runs: [
    runOf(catalog, "gradient_descent", { learning_rate: 0.24 }),
    { ...runOf(catalog, "rmsprop", { learning_rate: 1e-5 }, "step", { gamma: 0.5 }), switches: { centered: true } },
    runOf(catalog, "newton"),
  ],
  direction: "ascend",
  stop: { most: 77, valueChange: 1e-3, gradientNorm: null, require: "both" },
};

/** What the page does: the surface first, then the rest. */
function readAll(search: string): ReturnType<typeof readPlace> {
  const { choice, problem } = readSurface(search, catalog);
  const known = choice && "name" in choice ? catalog.surfaces.find(({ name }) => name === choice.name) : undefined;
  const described = choice && (known ?? surface("formula", "expression" in choice ? 1 : 2));
  const { place, problems } = readPlace(search, catalog, choice && described ? { choice, surface: described } : null);
  return { place, problems: problem ? [problem, ...problems] : problems };
}

test("what is written is read back, all of it", () => {
  const place: Place = { preset: "calm", setup, at: 12.25, selected: 2, speed: 4, window: [[-2, 2], [-1.5, 3]], picture: "relief", dx: -0.1 };
  expect(readAll(writePlace(place, catalog))).toEqual({ place, problems: [] });
});

test.each<[Setup["surface"], number[], Place["window"]]>([
  [{ expression: "sin(x) + x**2/10 & more" }, [2], [[-1, 1]]],
  [{ matrix: [[2, 1], [1, 8]] }, [3, -3], null],
])("formulas and matrices too", (chosen, start, window) => {
  const place: Place = { preset: "calm", setup: { ...setup, surface: chosen, start }, at: 3, selected: 0, speed: 1, window, picture: "flat", dx: null };
  expect(readAll(writePlace(place, catalog))).toEqual({ place, problems: [] });
});

test("the ends of a small window far from 0 stay apart", () => {
  const window: Place["window"] = [[2.99999995, 3.00000005]];
  const place: Place = { preset: "calm", setup: { ...setup, surface: { expression: "x**2" }, start: [3] }, at: 3, selected: 0, speed: 1, window, picture: "flat", dx: 1e-9 };
  expect(readAll(writePlace(place, catalog))).toEqual({ place, problems: [] });
});

test("a preset is a place to start from, and the rest of the address changes it", () => {
  const { place, problems } = readAll("?preset=calm&max=7&at=3");
  expect(place).toMatchObject({ at: 3, setup: { surface: { name: "lecture_quadratic" }, stop: { most: 7 } } });
  expect(problems).toEqual([]);
});

test("an untouched preset is named in the address, with what is looked at", () => {
  const { place } = readAll("?preset=calm");
  const whole = place && { ...place, at: 5, window: [[-1, 1], [-2, 2]] as const };
  expect(whole && writePlace(whole, catalog)).toBe("?preset=calm&view=-1,1,-2,2&at=5");
  expect(whole && readAll(writePlace(whole, catalog)).place).toEqual(whole);
});

test("a preset's window can be left, and that stays so", () => {
  const framed = { ...catalog, descent_presets: catalog.descent_presets.map((each) => ({ ...each, window: [[0, 1], [0, 1]] as [number, number][] })) };
  const { place } = readPlace("?preset=calm", framed, null);
  expect(place?.window).toEqual([[0, 1], [0, 1]]);
  const left = place && { ...place, window: null };
  expect(left && writePlace(left, framed)).toContain("view=own");
  expect(left && readPlace(writePlace(left, framed), framed, null).place).toEqual(left);
});

test("an empty address is the first preset, at no place yet", () => {
  const { place, problems } = readAll("");
  expect(place?.setup).toEqual(calm && setupOf(calm, catalog));
  expect(place?.at).toBeNull();
  expect(problems).toEqual([]);
});

test.each([
  "surface=nonsense", "preset=nonsense", "H=1,2,3,4", "H=1,2", "show=all", "start=1", "start=1,x", "start=1,2e6", "run=nobody", "run=adam,learning_rate:-1", "run=adam,nothing:1",
  "max=0", "max=1.5", "max=1e9", "eg=0", "ef=x", "require=all", "dir=up", "at=-1", "sel=9", "speed=3", "view=1,0,0,1", "view=1,2,3", "dx=x", "dx=2e6",
])("%s gets a sentence and the usual value", (query) => {
  const { place, problems } = readAll(`?${query}`);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`“${query}”`);
  expect(place).toEqual(readAll("").place);
});

test("more than eight runs are cut, with a sentence", () => {
  const { place, problems } = readAll(`?${"run=adam&".repeat(9)}`);
  expect(place?.setup.runs).toHaveLength(8);
  expect(problems[0]).toContain("8 runs at most");
});

test("a preset's numbers, switches and schedule are those of its run, the rest the catalogue's", () => {
  const runs = [{ optimizer: { name: "rmsprop", ...{ centered: true } }, schedule: { name: "step", ...{ gamma: 0.5 } } }];
  const made = calm && setupOf({ ...calm, runs }, catalog);
  expect(made?.runs).toEqual([
    { method: "rmsprop", numbers: { learning_rate: 0.01 }, switches: { centered: true }, schedule: "step", scheduleNumbers: { gamma: 0.5, period: 20 } },
  ]);
});

test("a search takes no numbers, and the request holds what the API wants", () => {
  expect(requestOf(setup, runOf(catalog, "newton"))).toEqual({
    surface: { name: "rosenbrock" }, start: [-1.25, 1e-7], optimizer: { name: "newton" }, schedule: { name: "constant" }, direction: "ascend",
    stop: { max_iterations: 77, value_change: 1e-3, gradient_norm: null, require: "both" },
  });
});

test("equations are written in the page's notation", () => {
  expect(notation("theta_next = theta - eta\\,\\frac{dtheta}{\\sqrt{s} + epsilon}")).toBe("\\theta^{k+1} = \\theta^{k} - \\eta_k\\,\\frac{g^{k}}{\\sqrt{s} + \\varepsilon}");
});

test("of one variable, x and f′ are written", () => {
  expect(notation("theta_next = theta - eta\\, dtheta", 1)).toBe("x^{k+1} = x^{k} - \\eta_k\\, f'(x^{k})");
  expect(named("g^{k} = -\\nabla f(\\theta^{k})", 1)).toBe("g^{k} = -f'(x^{k})");
  expect(named("\\|\\nabla f(\\theta^{k})\\| < \\varepsilon_2", 1)).toBe("|f'(x^{k})| < \\varepsilon_2");
});

test("an ending says which rule fired, and divergence is never called stopped", () => {
  const path = (stopped_by: Path["stopped_by"]): Path => ({ stopped_by, iterations: 76, theta: [], value: [], gradient: [], gradient_norm: [], step_size: [] });
  const stop = { most: 200, valueChange: null, gradientNorm: 1e-6, require: "either" } as const;
  expect(endingOf(path("gradient_norm"), stop).text).toContain("Stopped at k = 76: ‖∇f‖ < 1e−6");
  expect(endingOf(path("gradient_norm"), { ...stop, valueChange: 1e-3, require: "both" }).text).toContain("|Δf| < 0.001 and ‖∇f‖");
  expect(endingOf(path("diverged"), stop)).toMatchObject({ isBad: true });
  expect(endingOf(path("diverged"), stop).text).toMatch(/^Diverged/);
  expect(endingOf(path("max_iterations"), stop).text).toContain("Out of iterations");
});
