/** How something learns: an optimizer with its numbers and switches, and a schedule of its step sizes. Names come from the catalogue alone. */
import type { Catalog, CatalogOptimizer, CatalogParameter, CatalogSchedule, Named } from "../api/types";

type Numbers = Readonly<Record<string, number>>;

export interface Learning {
  readonly method: string;
  readonly numbers: Numbers;
  readonly switches: Readonly<Record<string, boolean>>;
  readonly schedule: string;
  readonly scheduleNumbers: Numbers;
}

export interface LearningCatalog extends Pick<Catalog, "optimizers" | "schedules"> {
  /** Optimizers that ask a surface itself how far to go: they take no numbers. */
  readonly searches?: readonly { name: string; title: string; latex: string }[];
}

/** What a network can learn by: a search along a direction is for surfaces alone. */
export const forNetworks = ({ optimizers, schedules }: LearningCatalog): LearningCatalog => ({ optimizers, schedules });

export function methodsOf({ optimizers, searches = [] }: LearningCatalog): CatalogOptimizer[] {
  return [...optimizers, ...searches.map((search) => ({ ...search, parameters: [], switches: [] }))];
}

export const methodOf = (catalog: LearningCatalog, name: string): CatalogOptimizer | undefined =>
  methodsOf(catalog).find((each) => each.name === name);

export const scheduleOf = (catalog: LearningCatalog, name: string): CatalogSchedule | undefined =>
  catalog.schedules.find((each) => each.name === name);

const defaults = (parameters: readonly CatalogParameter[]): Numbers =>
  Object.fromEntries(parameters.map((each) => [each.name, each.default]));

/** Learning with the catalogue's numbers, but for those that are given. */
export function learningOf(catalog: LearningCatalog, method: string, numbers: Numbers = {}, schedule?: string, scheduleNumbers: Numbers = {}): Learning {
  const found = methodOf(catalog, method);
  const chosen = scheduleOf(catalog, schedule ?? "") ?? catalog.schedules[0];
  return {
    method,
    numbers: { ...defaults(found?.parameters ?? []), ...numbers },
    switches: Object.fromEntries((found?.switches ?? []).map((each) => [each.name, each.default])),
    schedule: chosen?.name ?? "",
    scheduleNumbers: { ...defaults(chosen?.parameters ?? []), ...scheduleNumbers },
  };
}

const numbersIn = (named: Named | undefined): Numbers =>
  Object.fromEntries(Object.entries(named ?? {}).filter((entry): entry is [string, number] => typeof entry[1] === "number"));

/** What a request says, with the catalogue's numbers for the rest. */
export function learningIn({ optimizer, schedule }: { optimizer: Named; schedule?: Named | undefined }, catalog: LearningCatalog): Learning {
  const learning = learningOf(catalog, optimizer.name, numbersIn(optimizer), schedule?.name, numbersIn(schedule));
  const switches = Object.entries(learning.switches).map(([name, usual]) => [name, typeof optimizer[name] === "boolean" ? optimizer[name] : usual] as const);
  return { ...learning, switches: Object.fromEntries(switches) };
}

/** The same as a request says it. */
export const requestOf = ({ method, numbers, switches, schedule, scheduleNumbers }: Learning): { optimizer: Named; schedule: Named } => ({
  optimizer: { name: method, ...numbers, ...switches },
  schedule: { name: schedule, ...scheduleNumbers },
});

/** Whether both carry the same numbers on from step to step: then one can go on where the other was. */
export const carriesTheSame = (one: Learning, other: Learning): boolean =>
  one.method === other.method && one.schedule === other.schedule && JSON.stringify(one.switches) === JSON.stringify(other.switches);
