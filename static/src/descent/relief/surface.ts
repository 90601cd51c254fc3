/** The ground: banded like the contours, with a line at each level and a soft light. */
import { BufferAttribute, BufferGeometry, Color, DoubleSide, Mesh, ShaderMaterial } from "three";
import type { Palette } from "../../model/palette";
import type { Mesh as Triangles } from "./space";

const MOST_LEVELS = 16;

const vertexShader = `
  varying float height;
  varying vec3 direction;
  void main() {
    height = position.y;
    direction = normal;
    gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  }`;

const fragmentShader = `
  uniform vec3 low, high, line, glow, shade;
  uniform float levels[${String(MOST_LEVELS)}];
  uniform int count;
  varying float height;
  varying vec3 direction;
  void main() {
    float sharpness = 1.0 / max(fwidth(height), 1e-6);
    float band = 0.0;
    float nearest = 9.0;
    for (int i = 0; i < ${String(MOST_LEVELS)}; i++) {
      if (i >= count) break;
      float above = (height - levels[i]) * sharpness;
      band += clamp(above + 0.5, 0.0, 1.0);
      nearest = min(nearest, abs(above));
    }
    vec3 colour = mix(low, high, band / max(float(count), 1.0));
    colour = mix(colour, line, 0.75 * (1.0 - smoothstep(0.3, 1.0, nearest)));
    vec3 facing = normalize(gl_FrontFacing ? direction : -direction);
    float light = 0.5 + 0.5 * dot(facing, normalize(vec3(-0.5, 0.75, 0.45)));
    colour = mix(colour, shade, 0.65 * (1.0 - light));
    colour = mix(colour, glow, 0.22 * light * light);
    gl_FragColor = vec4(colour, 1.0);
  }`;

export interface Ground {
  mesh: Mesh;
  shape(triangles: Triangles, levels: readonly number[]): void;
  paint(palette: Palette): void;
  dispose(): void;
}

function uniforms() {
  const colour = (): { value: Color } => ({ value: new Color() });
  return { low: colour(), high: colour(), line: colour(), glow: colour(), shade: colour(), levels: { value: new Float32Array(MOST_LEVELS) }, count: { value: 0 } };
}

const brightness = ({ r, g, b }: Color): number => (r + g + b) / 3;

export function makeGround(): Ground {
  const values = uniforms();
  // Pushed back a little, so that the lines that lie on it win.
  const material = new ShaderMaterial({ vertexShader, fragmentShader, uniforms: values, side: DoubleSide, polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 2 });
  const mesh = new Mesh(new BufferGeometry(), material);
  return {
    mesh,
    shape({ positions, indices }, levels) {
      mesh.geometry.dispose();
      mesh.geometry = new BufferGeometry();
      mesh.geometry.setAttribute("position", new BufferAttribute(positions, 3));
      mesh.geometry.setIndex(new BufferAttribute(indices, 1));
      mesh.geometry.computeVertexNormals();
      values.count.value = Math.min(levels.length, MOST_LEVELS);
      levels.slice(0, MOST_LEVELS).forEach((level, i) => { values.levels.value[i] = level; });
    },
    paint(palette) {
      values.low.value.set(palette.fieldLow);
      values.high.value.set(palette.fieldHigh);
      values.line.value.set(palette.fieldLine);
      const isLight = brightness(values.high.value) > 0.5;
      values.glow.value.set(isLight ? palette.fieldHigh : palette.fieldLine);
      values.shade.value.set(isLight ? palette.fieldLine : "black");
    },
    dispose() {
      mesh.geometry.dispose();
      material.dispose();
    },
  };
}
