/** Whether the reader asked for less motion. */
const reduced = matchMedia("(prefers-reduced-motion: reduce)");

class Motion {
  isReduced = $state(reduced.matches);
}

export const motion = new Motion();
reduced.addEventListener("change", () => { motion.isReduced = reduced.matches; });
