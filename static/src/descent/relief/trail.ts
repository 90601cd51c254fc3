/** One run on the ground: its line as far as it has come, its dots, and the ball where it stands. */
import { bisectRight } from "d3-array";
import { BufferAttribute, BufferGeometry, Color, GreaterDepth, Group, Mesh, Points, ShaderMaterial, SphereGeometry, type Vector2 } from "three";
import { LineMaterial } from "three/addons/lines/LineMaterial.js";
import { LineSegments2 } from "three/addons/lines/LineSegments2.js";
import { LineSegmentsGeometry } from "three/addons/lines/LineSegmentsGeometry.js";
import type { Laid, Place } from "./space";

const MOST_DOTS = 400;
const [WIDE, NARROW] = [3, 2];
const [BIG, SMALL] = [7, 5];
/** A pixel of the flat picture's dashes, in units of the space. */
const DASH_UNIT = 0.0045;

export interface Look {
  colour: string;
  /** What shines through where the ground hides it. */
  faint: string;
  rim: string;
  dash: readonly number[];
  isSelected: boolean;
}

export interface Trail {
  group: Group;
  lay(laid: Laid): void;
  dress(look: Look): void;
  /** The ball stands at `place` (null: nowhere); `pixel` is a pixel's size there. */
  stand(at: number, place: Place | null, pixel: number): void;
  dispose(): void;
}

/** A little towards the eye, so that a ball isn't sunk into the slope that it stands on. */
const nearer = `
  vec4 nearer(vec4 place) { return vec4(place.xyz * (1.0 - 0.03 / length(place.xyz)), 1.0); }`;
const dotVertex = `${nearer}
  uniform float size;
  void main() {
    gl_Position = projectionMatrix * nearer(modelViewMatrix * vec4(position, 1.0));
    gl_PointSize = size;
  }`;
const dotFragment = `
  uniform vec3 colour, rim;
  void main() {
    float away = length(gl_PointCoord - 0.5);
    if (away > 0.5) discard;
    gl_FragColor = vec4(mix(colour, rim, smoothstep(0.33, 0.4, away)), 1.0);
  }`;
const ballVertex = `${nearer}
  varying vec3 direction;
  void main() {
    direction = normalMatrix * normal;
    gl_Position = projectionMatrix * nearer(modelViewMatrix * vec4(position, 1.0));
  }`;
const ballFragment = `
  uniform vec3 colour, rim;
  varying vec3 direction;
  void main() {
    vec3 facing = normalize(direction);
    float light = max(0.0, dot(facing, normalize(vec3(-0.4, 0.6, 0.7))));
    vec3 body = mix(colour * 0.8, colour + 0.25, light * light);
    gl_FragColor = vec4(mix(rim, body, smoothstep(0.3, 0.5, facing.z)), 1.0);
  }`;

export function makeTrail(resolution: Vector2, ratio: number): Trail {
  const group = new Group();
  const line = new LineMaterial({ resolution });
  const ghost = new LineMaterial({ resolution, depthFunc: GreaterDepth, depthWrite: false });
  const colours = { colour: { value: new Color() }, rim: { value: new Color() } };
  const size = { value: SMALL };
  const dotMaterial = new ShaderMaterial({ vertexShader: dotVertex, fragmentShader: dotFragment, uniforms: { ...colours, size } });
  const ballMaterial = new ShaderMaterial({ vertexShader: ballVertex, fragmentShader: ballFragment, uniforms: colours });
  const ball = new Mesh(new SphereGeometry(1, 20, 14), ballMaterial);
  const dots = new Points(new BufferGeometry(), dotMaterial);
  const lines = [new LineSegments2(new LineSegmentsGeometry(), ghost), new LineSegments2(new LineSegmentsGeometry(), line)];
  let laid: Laid | null = null;
  let isSelected = false;
  group.add(...lines, dots, ball);
  for (const each of group.children) each.frustumCulled = false;
  // What shines through comes first: nothing but the ground may hide a line.
  for (const each of lines) each.renderOrder = 1;

  function empty(): void {
    lines[0]?.geometry.dispose();
    dots.geometry.dispose();
  }

  return {
    group,
    lay(next) {
      empty();
      laid = next;
      const geometry = new LineSegmentsGeometry();
      // An empty buffer is an error to the graphics card: then nothing is drawn.
      if (next.ends.length > 0) geometry.setPositions(next.positions);
      for (const each of lines) each.geometry = geometry;
      if (next.ends.length > 0) lines[1]?.computeLineDistances();
      dots.geometry = new BufferGeometry().setAttribute("position", new BufferAttribute(next.dots, 3));
    },
    dress(look) {
      isSelected = look.isSelected;
      colours.colour.value.set(look.colour);
      colours.rim.value.set(look.rim);
      line.color.set(look.colour);
      ghost.color.set(look.faint);
      [line.linewidth, ghost.linewidth] = isSelected ? [WIDE, NARROW] : [NARROW, 1.2];
      const [drawn, gap] = look.dash;
      line.dashed = drawn !== undefined;
      if (drawn !== undefined) [line.dashSize, line.gapSize] = [drawn * DASH_UNIT, (gap ?? drawn) * DASH_UNIT];
      size.value = (isSelected ? BIG : SMALL) * ratio;
      for (const each of [lines[1], dots, ball]) if (each) each.renderOrder = isSelected ? 3 : 2;
    },
    stand(at, place, pixel) {
      const count = laid ? bisectRight(laid.ends, at) : 0;
      for (const each of lines) {
        each.visible = count > 0;
        each.geometry.instanceCount = count;
      }
      const dotCount = laid ? bisectRight(laid.dotEnds, at) : 0;
      dots.visible = dotCount > 0 && dotCount <= MOST_DOTS;
      dots.geometry.setDrawRange(0, dotCount);
      ball.visible = place !== null;
      if (place) ball.position.set(...place);
      ball.scale.setScalar((isSelected ? BIG : SMALL + 0.5) * pixel);
    },
    dispose() {
      empty();
      ball.geometry.dispose();
      for (const each of [line, ghost, dotMaterial, ballMaterial]) each.dispose();
    },
  };
}
