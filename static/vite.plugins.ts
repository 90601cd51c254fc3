import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { Plugin } from "vite";

/** KaTeX lists each font three times; every browser we support reads woff2, so the copies (817 kB) stay out. */
export function woff2Only(): Plugin {
  return {
    name: "woff2-only",
    enforce: "pre",
    transform(code, id) {
      if (!/katex[^/]*\.css$/.test(id)) return null;
      return code.replace(/,\s*url\([^)]*\.(?:woff|ttf)\)\s*format\(["'](?:woff|truetype)["']\)/g, "");
    },
  };
}

const dataUrl = /url\(\s*(["']?)data:image\/(svg\+xml|png|jpeg)([^,]*),((?:(?!\1\)).)*)\1\s*\)/g;

function bytes(parameters: string, text: string): Buffer {
  if (parameters.includes("base64")) return Buffer.from(text, "base64");
  return Buffer.from(decodeURIComponent(text.replace(/\\(["'])/g, "$1")));
}

/** Pictures that a dependency's style sheet carries as data: addresses become files: our policy blocks the former. */
export function dataUrlsToFiles(): Plugin {
  return {
    name: "data-urls-to-files",
    enforce: "post",
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "asset" || !chunk.fileName.endsWith(".css")) continue;
        chunk.source = chunk.source
          .toString()
          .replace(dataUrl, (_whole, _quote, kind: string, parameters: string, text: string) => {
            const source = bytes(parameters, text);
            const hash = createHash("sha256").update(source).digest("hex").slice(0, 8);
            const name = `picture-${hash}.${kind.replace("+xml", "")}`;
            this.emitFile({ type: "asset", fileName: `assets/${name}`, source });
            return `url("./${name}")`;
          });
      }
    },
  };
}
