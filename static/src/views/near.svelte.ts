/** Whether an element is on the screen, or about to come to it. */
const MARGIN = "300px";

export interface Near {
  readonly is: boolean;
  /** An attachment. */
  watch(element: Element): (() => void) | undefined;
}

export function nearScreen(): Near {
  let is = $state(typeof IntersectionObserver === "undefined");
  return {
    get is() {
      return is;
    },
    watch(element) {
      if (typeof IntersectionObserver === "undefined") return undefined;
      const observer = new IntersectionObserver(([entry]) => { is = entry?.isIntersecting ?? false; }, { rootMargin: MARGIN });
      observer.observe(element);
      return () => { observer.disconnect(); };
    },
  };
}
