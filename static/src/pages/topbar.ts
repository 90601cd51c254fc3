/** The top bar's buttons: share, theme and keyboard help. Every page imports this. */
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

function shownTheme(): "light" | "dark" {
  const chosen = root.dataset["theme"];
  if (chosen === "light" || chosen === "dark") return chosen;
  return dark.matches ? "dark" : "light";
}

function showTheme(): void {
  const theme = shownTheme();
  root.dataset["shownTheme"] = theme;
  const button = document.querySelector("[data-action=theme]");
  button?.setAttribute("aria-label", theme === "dark" ? "Use the light theme" : "Use the dark theme");
}

/** A cookie, so that the server writes the theme into the page and nothing flashes. */
function toggleTheme(): void {
  const theme = shownTheme() === "dark" ? "light" : "dark";
  root.dataset["theme"] = theme;
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  showTheme();
}

let fading: ReturnType<typeof setTimeout> | undefined;

function say(text: string): void {
  const toast = document.querySelector(".toast");
  if (!toast) return;
  toast.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => (toast.textContent = ""), 2600);
}

async function share(): Promise<void> {
  const address = location.href;
  try {
    await navigator.clipboard.writeText(address);
    say("Link copied: it holds everything you see.");
  } catch {
    say("Copy the address of this page: it holds everything you see.");
  }
}

function help(): void {
  const dialog = document.querySelector("dialog#help");
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

const actions: Readonly<Record<string, () => void>> = {
  theme: toggleTheme,
  share: () => void share(),
  help,
};

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

document.addEventListener("click", (event) => {
  const element = event.target instanceof Element ? event.target.closest("[data-action]") : null;
  actions[element?.getAttribute("data-action") ?? ""]?.();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "?" && !isTyping(event.target)) help();
});
dark.addEventListener("change", showTheme);
showTheme();
