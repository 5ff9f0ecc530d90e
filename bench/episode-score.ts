/**
 * What a replay of an episode came to, beside its truth file. `told` = stands in an alert; `falsely` = a country and service that the truth
 * does not know; `warnings` = a threat told as such where the truth knows a measure only.
 */
export interface IncidentLine {
  id: string;
  country: string | null;
  service: string | null;
  action: string;
  state: string;
  items: string[];
}
export interface AlertLine {
  kind: string;
  at: string;
  incidents: string[];
}

interface True {
  key: string;
  country: string;
  /** Null: platforms that nobody names. */
  service: string | null;
  services?: string[];
  action: string;
  /** Other words for the action that are right too. */
  alsoRight?: string[];
  items: string[];
  closesAt: string | null;
}
export interface Truth {
  episode: string;
  incidents: True[];
  /** Right when opened, right when not. */
  optional?: True[];
  mustStaySilent: string[];
  eitherWay: string[];
  expectedAlerts: { new: number; update_max: number };
}

export interface EpisodeScore {
  right: string[];
  missed: string[];
  falsely: IncidentLine[];
  warnings: IncidentLine[];
  /** Open at the end though access is back, or lifted though it is not. */
  wrongEnd: string[];
  /** Right, but no alert ever named them. */
  untold: string[];
  noise: IncidentLine[];
  noiseTold: IncidentLine[];
  fresh: number;
  updates: number;
}

export function scoreEpisode(truth: Truth, incidents: IncidentLine[], alerts: AlertLine[]): EpisodeScore {
  const actions = (one: True): string[] => [one.action, ...(one.alsoRight ?? [])];
  const has = (one: True, service: string | null): boolean =>
    incidents.some((i) => i.country === one.country && i.service === service && actions(one).includes(i.action));
  const servicesOf = (one: True): (string | null)[] => one.services ?? [one.service];
  const right = truth.incidents.filter(
    (one) => servicesOf(one).filter((service) => has(one, service)).length > servicesOf(one).length / 2,
  );
  const told = new Set(alerts.flatMap((alert) => alert.incidents));
  const fits = (one: IncidentLine, t: True): boolean =>
    t.country === one.country &&
    (servicesOf(t).includes(one.service) || (one.service === null && t.items.some((item) => one.items.includes(item))));
  const all = [...truth.incidents, ...(truth.optional ?? [])];
  const falsely = incidents.filter((one) => told.has(one.id) && !all.some((t) => fits(one, t)));
  const warnings = incidents.filter(
    (one) =>
      one.action === 'warn' &&
      told.has(one.id) &&
      !falsely.includes(one) &&
      !all.some((t) => fits(one, t) && actions(t).includes('warn')),
  );
  const last = (one: True, service: string | null): IncidentLine | undefined =>
    incidents.findLast((i) => i.country === one.country && i.service === service && actions(one).includes(i.action));
  const wrongEnd = right.filter((one) => {
    const ends = servicesOf(one)
      .map((service) => last(one, service))
      .filter((i) => i !== undefined);
    return ends.filter((i) => (i.state === 'lifted') === (one.closesAt !== null)).length <= ends.length / 2;
  });
  const untold = right.filter(
    (one) => !incidents.some((i) => told.has(i.id) && i.country === one.country && servicesOf(one).includes(i.service)),
  );
  const silent = new Set(truth.mustStaySilent);
  const noise = incidents.filter((one) => one.items.every((item) => silent.has(item)));
  const fresh = alerts.filter((alert) => alert.kind === 'new').length;
  return {
    right: right.map((one) => one.key),
    missed: truth.incidents.filter((one) => !right.includes(one)).map((one) => one.key),
    falsely,
    warnings,
    wrongEnd: wrongEnd.map((one) => one.key),
    untold: untold.map((one) => one.key),
    noise,
    noiseTold: noise.filter((one) => told.has(one.id)),
    fresh,
    updates: alerts.length - fresh,
  };
}
