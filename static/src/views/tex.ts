import type katexModule from "katex";
import type { Attachment } from "svelte/attachments";

type Katex = Pick<typeof katexModule, "render">;

let loading: Promise<Katex> | undefined;
const drawn = new Map<string, DocumentFragment>();

function load(): Promise<Katex> {
  loading ??= Promise.all([import("katex"), import("katex/dist/katex.min.css")]).then(
    ([module]) => module.default,
  );
  return loading;
}

/** A formula takes about 10 ms, so each is set once and copied from then on. */
function formula(katex: Katex, latex: string): DocumentFragment {
  let fragment = drawn.get(latex);
  if (!fragment) {
    const element = new DocumentFragment();
    katex.render(latex, element as unknown as HTMLElement, { throwOnError: false, output: "html" });
    fragment = element;
    drawn.set(latex, fragment);
  }
  return fragment.cloneNode(true) as DocumentFragment;
}

const attachments = new Map<string, Attachment<HTMLElement>>();

/**
 * `{@attach tex(latex)}`: the element's text stands until KaTeX has set the formula in its place. The same formula is
 * the same attachment, so that it stays where only the numbers around it change.
 */
export function tex(latex: string): Attachment<HTMLElement> {
  let attachment = attachments.get(latex);
  if (!attachment) attachments.set(latex, (attachment = setting(latex)));
  return attachment;
}

function setting(latex: string): Attachment<HTMLElement> {
  return (element) => {
    let wanted = true;
    void load()
      .then((katex) => {
        if (wanted) element.replaceChildren(formula(katex, latex));
      })
      .catch(() => undefined); // The plain text stays.
    return () => {
      wanted = false;
    };
  };
}
