import type { Loose } from '../../core/answers.ts';
import type { Statement } from '../../core/model/statement.ts';
import type { ServiceHosts } from '../../core/ports/service-hosts.ts';
import { servicesNamed } from './targets.ts';

const DAY = 86_400_000;
/** Countries and services of one finding; more would be no finding. */
const MAX_EACH = 20;
/** The newest of the whole list. */
const MAX_STATEMENTS = 300;
/** A finding comes days after the event; later than this it is stated as of the day that it came. */
const LATE = 7 * DAY;
/** That something ended long ago is history. */
const ENDED_LATELY = 14 * DAY;

const text = (value: unknown, max: number): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.slice(0, max) : null;
const time = (value: unknown): number | null => {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(at) ? at : null;
};
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.flatMap((one) => text(one, 253) ?? []).slice(0, MAX_EACH) : [];

export interface FindingDeps {
  now: number;
  /** As people know the observatory, and the voice that its own measurements have. */
  publisher: string;
  publisherName: string;
  hosts: Pick<ServiceHosts, 'find'>;
}

/**
 * OONI's own findings, written by people: each says of its services in its countries that access is cut, or that it was and is back. One of a
 * wrong shape is left out. The newest are kept where there are too many.
 */
export function statementsOf(list: readonly unknown[], deps: FindingDeps): Statement[] {
  const statements = list.flatMap((one) =>
    one !== null && typeof one === 'object' ? findingOf(one as Loose, deps) : [],
  );
  return statements.sort((a, b) => b.at - a.at).slice(0, MAX_STATEMENTS);
}

function findingOf(finding: Loose, { now, publisher, publisherName, hosts }: FindingDeps): Statement[] {
  const id = typeof finding.id === 'number' ? String(finding.id) : text(finding.id, 60);
  const title = text(finding.title, 300);
  const created = time(finding.create_time);
  const began = time(finding.start_time);
  const ended = time(finding.end_time);
  if (id === null || title === null || finding.published === false) return [];
  const known = created ?? began;
  if (known === null || (ended !== null && now - ended > ENDED_LATELY)) return [];
  const start = began === null || known - began > LATE ? known : began;
  const page = text(finding.slug, 200) ?? id;
  const base = {
    revision: text(finding.update_time, 40),
    at: Math.min(now, ended ?? start),
    action: ended === null ? ('block' as const) : ('unblock' as const),
    method: null,
    region: null,
    title,
    url: `https://explorer.ooni.org/findings/${encodeURIComponent(page)}`,
    summary: text(finding.short_description, 600) ?? '',
    kind: 'authority' as const,
    publisher,
    publisherName,
    lang: 'en',
  };
  const countries = texts(finding.CCs).filter((one) => /^[A-Z]{2}$/.test(one));
  const services = servicesNamed(texts(finding.test_names), texts(finding.domains), hosts);
  return [...new Set(countries)].flatMap((country) =>
    services.map((service) => ({ ...base, id: `finding/${id}/${country}/${service}`, country, service })),
  );
}
