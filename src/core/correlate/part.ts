import PARTS_SAID from '../../../config/parts.json' with { type: 'json' };
/** Which part of a service is cut, where only a part is: what the reports of a `restrict` name, or what was measured. Pure. */
import { type Incident, NETWORK, type Part } from '../model/incident.ts';
import type { Report } from '../model/report.ts';

const MAX_TEXT = 800;

/** As texts write it, in the languages that the extractor knows best. */
const wordsOf = (form: string): RegExp => new RegExp(form, 'iu');
const PARTS = (['calls', 'media', 'registration'] as const).map((part) => ({ part, form: wordsOf(PARTS_SAID[part]) }));
const MOBILE = wordsOf(PARTS_SAID.mobile);
const MESSAGES = wordsOf(PARTS_SAID.messages);

const textOf = (report: Report): string => `${report.title.slice(0, MAX_TEXT)} ${report.summary.slice(0, MAX_TEXT)}`;

type Component = keyof typeof PARTS_SAID.components;
const isPart = (name: Component | null): name is Component & Part => name !== null && PARTS_MEASURED.has(name);
const PARTS_MEASURED: ReadonlySet<string> = new Set<Part>(['calls', 'media', 'registration', 'web']);

/** What people call a component of `service-components.yaml`; null = one that an operator added. */
export const nameOfComponent = (id: string): Component | null =>
  (Object.entries(PARTS_SAID.components).find(([, ids]) => ids.includes(id))?.[0] as Component) ?? null;

/** Parts that one report names; none where it speaks of the whole. */
export function partsOf(report: Report): Part[] {
  const component = report.measured?.component;
  const name = component ? nameOfComponent(component) : null;
  if (component) return isPart(name) ? [name] : [];
  if (report.kind === 'measurement') return [];
  const text = textOf(report);
  if (report.service === NETWORK) return MOBILE.test(text) ? ['mobile'] : [];
  if (report.action !== 'restrict') return [];
  return PARTS.flatMap(({ part, form }) => (form.test(text) ? part : []));
}

/**
 * The one part that is cut, by more than half of the voices that report what is in force; null where it is the whole, or where they name
 * several. `reports`: of what is in force.
 */
export function partCut(
  incident: Pick<Incident, 'service' | 'action' | 'family'>,
  reports: readonly Report[],
): Part | null {
  const { service, action, family } = incident;
  const isNetwork = service === NETWORK;
  if (service === null || (!isNetwork && (action !== 'restrict' || family === 'warn'))) return null;
  const voices = Map.groupBy(reports, ({ voice }) => voice);
  const named = [...voices.values()].flatMap((own) => [...new Set(own.flatMap(partsOf))]);
  const wide = [...Map.groupBy(named, (part) => part)].filter(([, by]) => by.length * 2 > voices.size);
  return wide.length === 1 ? wide[0]![0] : null;
}

/** Does no report speak of messages at all? Then those of a service of which only the calls are cut go through. */
export const leavesMessages = (reports: readonly Report[]): boolean =>
  reports.every((report) => report.kind === 'measurement' || !MESSAGES.test(withoutVoice(textOf(report))));

/** "Voice messages" and "messenger" are no messages; what "still works" is not cut. */
const withoutVoice = (text: string): string =>
  text
    .replace(/\bvoice messages?\b|голосовы\p{L}+ сообщени\p{L}*/giu, ' ')
    .replace(
      /\b(?:text )?messag(?:es?|ing)\b[^.;]{0,20}\b(?:still|continue|keep|unaffected|not affected|work)\w*/giu,
      ' ',
    )
    .replace(/(?:сообщени|переписк)\p{L}*[^.;]{0,20}(?:работа|доход|продолжа|не затронут)\p{L}*/giu, ' ');
