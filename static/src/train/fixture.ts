/** A small catalogue and data for the tests. */
import { catalog as traced } from "../fixtures/catalog";
import type { DataSetAnswer, TrainCatalog } from "./types";

const rate = { name: "learning_rate", title: "Learning rate", latex: "\\eta", default: 0.1, minimum: 0, maximum: null, open_below: true };
const set = { description: "", samples: 4, noise: 0, test_share: 0.25, standardise: false, takes: ["samples", "seed"], fewest: 4, most: 100, source: "" };

export const catalog: TrainCatalog = {
  ...traced,
  losses: [
    { name: "mse", title: "Mean squared error", latex: "", outputs: ["identity", "sigmoid", "tanh", "softmax"], targets: "Any numbers." },
    { name: "binary_cross_entropy", title: "Binary cross entropy", latex: "", outputs: ["sigmoid", "softmax"], targets: "0 or 1." },
    { name: "cross_entropy", title: "Cross entropy", latex: "", outputs: ["softmax"], targets: "One-hot rows." },
  ],
  optimizers: [
    { name: "gradient_descent", title: "Gradient descent", latex: "", parameters: [rate], switches: [] },
    { name: "adam", title: "Adam", latex: "", parameters: [{ ...rate, default: 0.001 }, { ...rate, name: "beta1", default: 0.9, maximum: 1 }], switches: [] },
  ],
  searches: [{ name: "newton", title: "Newton", latex: "" }],
  schedules: [
    { name: "constant", title: "Constant", latex: "", parameters: [] },
    { name: "step", title: "Step", latex: "", parameters: [{ ...rate, name: "gamma", default: 0.5, maximum: 1 }] },
  ],
  surfaces: [],
  descent_presets: [],
  data_sets: [
    { ...set, name: "two", title: "Two classes", task: "classification", sizes: [2, 3, 1] },
    { ...set, name: "three", title: "Three classes", task: "classification", sizes: [2, 3, 3] },
    { ...set, name: "line", title: "A line", task: "regression", sizes: [1, 1] },
  ],
  features: [
    { name: "x1", title: "", latex: "x_1", usual: true },
    { name: "x2", title: "", latex: "x_2", usual: true },
    { name: "x1_x2", title: "", latex: "x_1 x_2", usual: false },
  ],
  train_presets: [
    {
      name: "first",
      title: "First",
      group: "Tests",
      watch: "",
      request: {
        data: { name: "two" },
        network: { sizes: [2, 3, 1], activations: ["tanh", "sigmoid"], init: { scheme: "torch_linear", seed: 0 } },
        loss: "binary_cross_entropy",
        optimizer: { name: "adam", learning_rate: 0.01 },
        batch_size: 2,
        epochs: 10,
      },
    },
  ],
};

export const two: DataSetAnswer = {
  name: "two", title: "Two classes", task: "classification", features: ["x1", "x2"], targets: [], X: [[0, 0], [0, 1], [1, 0], [1, 1]],
  raw: null, measured: null, Y: [[0], [1], [1], [0]], labels: [0, 1, 1, 0], classes: ["0", "1"], train: [0, 1, 2], test: [3], mean: null, std: null, image_shape: null, target: null, source: "",
};
export const line: DataSetAnswer = { ...two, task: "regression", features: ["x"], X: [[0], [1], [2], [3]], Y: [[0], [1], [2], [3]], labels: null, classes: null };
export const three: DataSetAnswer = { ...two, Y: [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]], labels: [0, 1, 2, 0], classes: ["0", "1", "2"] };
