import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

// Who may know whom: pages → {panels, descent, train} → {api, shell, state, views} → model.
const network = ["fetch", "EventSource", "XMLHttpRequest", "WebSocket"].map((name) => ({
  name,
  message: "Only src/api talks to the server.",
}));
const page = ["document", "window", "location", "history", "localStorage", "sessionStorage"].map(
  (name) => ({ name, message: "A view draws the data it is given; it doesn't read the page around it." }),
);
const mayNotImport = (who, ...folders) => [
  "error",
  {
    patterns: folders.map((folder) => ({
      regex: `(^|/)${folder}(/|$)`,
      message: `${who} may not know src/${folder}.`,
    })),
  },
];

// A room is a page: its panels and what they alone know.
const rooms = ["panels", "descent", "train"];

export default ts.config(
  { ignores: ["dist/", "node_modules/", "src/api/schema.ts"] },
  js.configs.recommended,
  ts.configs.strict,
  svelte.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      "no-undef": "off", // TypeScript knows better.
      "no-restricted-globals": ["error", ...network],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      // The policy of our pages blocks what {@html} would carry; katex.render is the way.
      "svelte/no-at-html-tags": "error",
      eqeqeq: "error",
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig },
    },
  },
  {
    files: ["src/api/**"],
    rules: {
      "no-restricted-globals": "off",
      "no-restricted-imports": mayNotImport("src/api", "shell", "views", "pages"),
    },
  },
  {
    files: ["src/model/**"],
    rules: {
      "no-restricted-imports": mayNotImport("src/model", "api", "shell", "state", "views", "pages", ...rooms),
    },
  },
  {
    files: ["src/state/**"],
    rules: { "no-restricted-imports": mayNotImport("src/state", "shell", "views", "pages", ...rooms) },
  },
  {
    files: ["src/shell/**"],
    rules: { "no-restricted-imports": mayNotImport("src/shell", "api", "state", "pages", ...rooms) },
  },
  {
    files: ["src/views/**"],
    rules: {
      "no-restricted-imports": mayNotImport("A view", "api", "shell", "state", "pages", ...rooms),
      "no-restricted-globals": ["error", ...network, ...page],
      // The same names, reached by way of globalThis.
      "no-restricted-properties": [
        "error",
        ...[...network, ...page].map(({ name, message }) => ({
          object: "globalThis",
          property: name,
          message,
        })),
      ],
    },
  },
);
