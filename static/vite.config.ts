import { svelte } from "@sveltejs/vite-plugin-svelte";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { dataUrlsToFiles, woff2Only } from "./vite.plugins.ts";

const page = (name: string): string =>
  fileURLToPath(new URL(`src/pages/${name}.ts`, import.meta.url));

export default defineConfig({
  base: "/static/dist/",
  plugins: [woff2Only(), svelte(), dataUrlsToFiles()],
  build: {
    outDir: "dist",
    manifest: "manifest.json",
    target: "es2023",
    // Our content security policy forbids data: addresses and inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Swagger UI (1.5 MB, the /docs page alone) is the one chunk that is large.
    chunkSizeWarningLimit: 1600,
    rolldownOptions: {
      input: { landing: page("landing"), propagate: page("propagate"), descent: page("descent"), train: page("train"), docs: page("docs") },
    },
  },
  // Without this condition Vitest would take Svelte's server build, which can't mount anything.
  resolve: process.env["VITEST"] ? { conditions: ["browser"] } : {},
  test: {
    // A test that needs a document says so in its first line; making one takes longer than most tests.
    environment: "node",
    include: ["src/**/*.test.ts"],
    passWithNoTests: true,
  },
});
