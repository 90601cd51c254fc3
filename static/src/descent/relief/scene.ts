/** The relief on its canvas. It draws what it is given, when it is told to; nothing here knows the page. */
import { BufferAttribute, BufferGeometry, ColorManagement, LinearSRGBColorSpace, LineBasicMaterial, LineSegments, PerspectiveCamera, Scene, Vector2, Vector3, WebGLRenderer } from "three";
import type { Palette } from "../../model/palette";
import type { Box } from "./box";
import type { Laid, Mesh, Place } from "./space";
import { makeGround } from "./surface";
import { makeTrail, type Look, type Trail } from "./trail";
import { OPENING, type Eye } from "./view";

/** More pixels than this a point cost time and can't be told apart. */
const MOST_RATIO = 2;

// The theme's colours are those of the screen, and go there as they are.
ColorManagement.enabled = false;

export interface Picture {
  eye: Eye;
  box: Box;
  width: number;
  height: number;
  at: number;
  /** Where the runs stand. */
  places: readonly (Place | null)[];
}

export interface Relief {
  /** Its triangles, its rim as pairs of ends, and the heights of its levels. */
  shape(mesh: Mesh, rim: readonly Place[], levels: readonly number[]): void;
  lay(paths: readonly Laid[]): void;
  paint(palette: Palette, looks: readonly Look[]): void;
  draw(picture: Picture): void;
  dispose(): void;
}

/** null: the browser has no WebGL. */
export function makeRelief(canvas: HTMLCanvasElement): Relief | null {
  // Where the pixels are small, nobody sees their steps.
  const antialias = devicePixelRatio < MOST_RATIO;
  const context = canvas.getContext("webgl2", { antialias, alpha: true });
  if (!context) return null;
  const renderer = new WebGLRenderer({ canvas, context, antialias, alpha: true });
  renderer.outputColorSpace = LinearSRGBColorSpace;
  const ratio = Math.min(devicePixelRatio || 1, MOST_RATIO);
  const resolution = new Vector2(1, 1);
  const scene = new Scene();
  const camera = new PerspectiveCamera(OPENING, 1, 0.2, 40);
  const ground = makeGround();
  const edges = makeLines();
  const rules = makeLines();
  const rim = makeLines();
  let trails: Trail[] = [];
  let size = [0, 0];
  scene.add(rules.object, edges.object, rim.object, ground.mesh);

  function keep(count: number): void {
    for (const trail of trails.splice(count)) {
      scene.remove(trail.group);
      trail.dispose();
    }
    while (trails.length < count) {
      const trail = makeTrail(resolution, ratio);
      trails.push(trail);
      scene.add(trail.group);
    }
  }

  renderer.setPixelRatio(ratio);
  /** Only just before it draws: a canvas that changes its size is empty. */
  function fit(width: number, height: number): void {
    if (size[0] === width && size[1] === height) return;
    size = [width, height];
    renderer.setSize(width, height, false);
    resolution.set(width, height);
    camera.aspect = width / height;
    camera.updateProjectionMatrix();
  }

  return {
    shape(mesh, border, levels) {
      ground.shape(mesh, levels);
      rim.shape(border);
    },
    lay(paths) {
      keep(paths.length);
      paths.forEach((path, i) => { trails[i]?.lay(path); });
    },
    paint(palette, looks) {
      ground.paint(palette);
      edges.paint(palette.fieldLine, 1);
      rules.paint(palette.fieldLine, 0.32);
      rim.paint(palette.fieldLine, 0.8);
      looks.forEach((look, i) => { trails[i]?.dress(look); });
    },
    draw({ eye, box, width, height, at, places }) {
      fit(width, height);
      camera.position.set(...eye.position);
      camera.lookAt(...eye.middle);
      edges.shape(box.edges);
      rules.shape(box.rules);
      const pixel = (2 * Math.tan((OPENING * Math.PI) / 360)) / height;
      trails.forEach((trail, i) => {
        const place = places[i] ?? null;
        trail.stand(at, place, place ? pixel * camera.position.distanceTo(new Vector3(...place)) : 0);
      });
      renderer.render(scene, camera);
    },
    dispose() {
      keep(0);
      trails = [];
      for (const each of [ground, edges, rules, rim]) each.dispose();
      renderer.dispose();
      // A page has few of these, so this one is given back at once.
      context.getExtension("WEBGL_lose_context")?.loseContext();
    },
  };
}

interface Lines {
  object: LineSegments;
  shape(places: readonly Place[]): void;
  paint(colour: string, opacity: number): void;
  dispose(): void;
}

function makeLines(): Lines {
  const material = new LineBasicMaterial({ transparent: true, depthWrite: false });
  const object = new LineSegments(new BufferGeometry(), material);
  object.frustumCulled = false;
  let drawn: readonly Place[] = [];
  return {
    object,
    shape(places) {
      if (places.length === drawn.length && places.every((place, i) => place.every((each, j) => each === drawn[i]?.[j]))) return;
      drawn = places;
      object.geometry.dispose();
      object.geometry = new BufferGeometry().setAttribute("position", new BufferAttribute(Float32Array.from(places.flat()), 3));
    },
    paint(colour, opacity) {
      material.color.set(colour);
      material.opacity = opacity;
    },
    dispose() {
      object.geometry.dispose();
      material.dispose();
    },
  };
}
