/** The theme's colours as a canvas needs them: resolved. The only reader of CSS variables. */
const names = {
  surface: "--surface",
  zero: "--zero",
  text: "--text",
  muted: "--text-muted",
  line: "--line",
  positive: "--positive",
  negative: "--negative",
  positiveLine: "--positive-line",
  negativeLine: "--negative-line",
  positiveFill: "--positive-fill",
  negativeFill: "--negative-fill",
  forward: "--forward",
  loss: "--loss",
  backward: "--backward",
  update: "--update",
  run1: "--run-1",
  run2: "--run-2",
  run3: "--run-3",
  run4: "--run-4",
  run5: "--run-5",
  run6: "--run-6",
  run7: "--run-7",
  run8: "--run-8",
  fieldLow: "--field-low",
  fieldHigh: "--field-high",
  fieldLine: "--field-line",
} as const;

export type Palette = Readonly<Record<keyof typeof names, string>>;

export function readPalette(element: Element = document.documentElement): Palette {
  const style = getComputedStyle(element);
  const entries = Object.entries(names).map(([key, name]) => [
    key,
    style.getPropertyValue(name).trim() || "rgb(128 128 128)",
  ]);
  return Object.fromEntries(entries) as Palette;
}

/** Gives the palette now and whenever the theme changes; returns what ends that (as a Svelte effect wants it). */
export function followPalette(take: (palette: Palette) => void): () => void {
  const update = (): void => {
    take(readPalette());
  };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const root = new MutationObserver(update);
  root.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  system.addEventListener("change", update);
  update();
  return () => {
    root.disconnect();
    system.removeEventListener("change", update);
  };
}
