/** Reports as the page sends them, with their work, which is found faster than by the page's own script. */
import { hash } from 'node:crypto';
import { BITS } from '../../../../src/web/site/here/tell.ts';

export interface Plan {
  country: string;
  services: { id: string }[];
  at: number;
  to: string;
  bits: number;
}

/** What an opened page knows. */
export const planIn = (page: string): Plan =>
  JSON.parse(/data-plan="([^"]*)"/u.exec(page)![1]!.replaceAll('&quot;', '"').replaceAll('&amp;', '&')) as Plan;

export function bodyOf(report: string, bits = BITS): string {
  const head = hash('sha256', report).slice(0, 32);
  for (let work = 0; ; work++)
    if (Number.parseInt(hash('sha256', `${head}${work}`).slice(0, 8), 16) >>> (32 - bits) === 0)
      return JSON.stringify({ report, work });
}

/** Of the first service that it fails, of the others that they work. */
export function reportOf({ country, services, at, to }: Plan, voice: string, more: object = {}): string {
  const verdicts = Object.fromEntries(services.map(({ id }, n) => [id, n === 0 ? 'fails' : 'works']));
  return JSON.stringify({ country, operator: '', verdicts, voice, at, to, ...more });
}
