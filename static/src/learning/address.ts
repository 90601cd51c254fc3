/** Learning in an address, and back: adam,learning_rate:0.1,schedule:step,gamma:0.9 with what differs from the catalogue. */
import type { CatalogParameter, TraceStart } from "../api/types";
import { isWithin } from "../model/bounds";
import { formatSetting } from "../model/format";
import { learningOf, methodOf, scheduleOf, type Learning, type LearningCatalog } from "./learning";

/** The shortest text that reads back as the same. */
export function writeLearning(learning: Learning, catalog: LearningCatalog): string {
  const usual = learningOf(catalog, learning.method, {}, learning.schedule);
  const items = [learning.method];
  for (const [name, value] of Object.entries(learning.numbers)) if (value !== usual.numbers[name]) items.push(`${name}:${formatSetting(value)}`);
  for (const [name, isOn] of Object.entries(learning.switches)) if (isOn !== usual.switches[name]) items.push(`${name}:${isOn ? "1" : "0"}`);
  if (learning.schedule !== catalog.schedules[0]?.name) items.push(`schedule:${learning.schedule}`);
  for (const [name, value] of Object.entries(learning.scheduleNumbers)) {
    if (value !== usual.scheduleNumbers[name]) items.push(`${name}:${formatSetting(value)}`);
  }
  return items.join(",");
}

function fits({ minimum, maximum, open_below }: CatalogParameter, text: string): number | undefined {
  const value = Number(text);
  return text.trim() !== "" && isWithin(value, { minimum, maximum, openBelow: open_below, openAbove: true }) ? value : undefined;
}

/** A learning rate that the optimizer takes. */
export function rateIn(text: string, learning: Learning | null, catalog: LearningCatalog): number | undefined {
  const parameters = learning && methodOf(catalog, learning.method)?.parameters;
  const rate = parameters?.find(({ name }) => name === "learning_rate");
  return rate && fits(rate, text);
}

/** Learning, or undefined where any part of it can't be used. */
export function readLearning(text: string, catalog: LearningCatalog): Learning | undefined {
  const [method = "", ...items] = text.split(",");
  const found = methodOf(catalog, method);
  if (!found) return undefined;
  let learning = learningOf(catalog, method);
  let parameters = found.parameters;
  let isSchedule = false;
  for (const item of items) {
    const [name = "", value = ""] = item.split(":");
    const schedule = name === "schedule" ? scheduleOf(catalog, value) : undefined;
    const parameter = parameters.find((each) => each.name === name);
    const number = parameter && fits(parameter, value);
    if (schedule) {
      learning = { ...learning, schedule: schedule.name, scheduleNumbers: learningOf(catalog, method, {}, schedule.name).scheduleNumbers };
      parameters = schedule.parameters;
      isSchedule = true;
    } else if (number !== undefined) {
      if (isSchedule) learning = { ...learning, scheduleNumbers: { ...learning.scheduleNumbers, [name]: number } };
      else learning = { ...learning, numbers: { ...learning.numbers, [name]: number } };
    } else if (name in learning.switches && (value === "0" || value === "1")) {
      learning = { ...learning, switches: { ...learning.switches, [name]: value === "1" } };
    } else {
      return undefined;
    }
  }
  return learning;
}

/** The same at another learning rate. */
export const withRate = (learning: Learning, rate: number): Learning => ({ ...learning, numbers: { ...learning.numbers, learning_rate: rate } });

/** Where only the learning rate differs, that alone is written. */
export function learningPair(learning: Learning | null, from: Learning | null, catalog: LearningCatalog): [key: "lr" | "opt", value: string] | null {
  const [text, usual] = [learning, from].map((each) => each && writeLearning(each, catalog));
  if (!learning || !text || text === usual) return null;
  const rate = learning.numbers["learning_rate"] ?? NaN;
  const isRateAlone = from !== null && writeLearning(withRate(from, rate), catalog) === text;
  return isRateAlone ? ["lr", formatSetting(rate)] : ["opt", text];
}

const isNumbers = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 && value.every(isNumbers) : Number.isFinite(value));

/** Whether the states are this optimizer's and fit the network, the server knows. */
export function startIn(text: string): TraceStart | undefined {
  try {
    const { step, state } = JSON.parse(text) as { step?: unknown; state?: unknown };
    const isWhole = Number.isInteger(step) && Number(step) >= 0 && typeof state === "object" && state !== null && Object.values(state).every(isNumbers);
    return isWhole ? { step: Number(step), state: state as TraceStart["state"] } : undefined;
  } catch {
    return undefined;
  }
}
