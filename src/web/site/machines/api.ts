import type { Incident } from '../../../core/model/incident.ts';
import { type IncidentLine, incidentLineOf } from '../../../core/model/incident-line.ts';
import { oneLine } from '../../../core/render/plain.ts';
import type { SiteDeps, SitePart } from '../deps.ts';
import type { Scope } from './addresses.ts';
import { answered, refused } from './answers.ts';
import { countOf, flagOf, givenOf, only, scopeOf, timeOf } from './asked.ts';
import { cursorOf, inOrder, type Place, placeOf } from './cursor.ts';
import { openApi } from './openapi.ts';
import { MAX_PAGE, PAGE } from './paging.ts';
import { Problem } from './problem.ts';
import { createRegister, type Register } from './register.ts';

const TYPE = 'application/json; charset=utf-8';
const CACHE = 'public, max-age=5';
const PARAMETERS = ['open', 'country', 'service', 'since', 'limit', 'cursor', 'lang'];
/** Items of one incident are named from so many of its newest reports. */
const MAX_REPORTS = 500;

interface Filter extends Scope {
  open: boolean | null;
  since: number | null;
}
interface Asked {
  filter: Filter;
  limit: number;
  after: Place | null;
}

/** `/api/v1/…`: incidents for programs, one page after the other. */
export const api: SitePart = (site, deps) => {
  const register = createRegister(deps.record.incidents, deps.clock);
  const languages = deps.translators.languages.map(({ code }) => code);
  const made = (body: object, headers: Record<string, string> = {}) => ({
    type: TYPE,
    body: `${JSON.stringify(body)}\n`,
    headers: { 'cache-control': CACHE, ...headers },
  });

  site.get('/api/v1/openapi.json', (c) =>
    answered(c, deps, () => null, {
      key: () => '/api/v1/openapi.json',
      make: async () => made(openApi(deps.publicUrl, languages)),
    }),
  );

  site.get('/api/v1/incidents', (c) => {
    const query = new URL(c.req.url).searchParams;
    return answered(c, deps, () => askedOf(query, deps), {
      key: (asked) => `/api/v1/incidents ${JSON.stringify(asked)}`,
      async make(asked) {
        const { incidents, next } = await pageOf(asked, register);
        const items = await Promise.all(incidents.map((one) => lineOf(one, deps)));
        const link = next === null ? null : `<${deps.base}/api/v1/incidents?${nextQuery(query, next)}>; rel="next"`;
        return made({ items, next }, link === null ? {} : { link });
      },
    });
  });

  site.get('/api/v1/incidents/:id', (c) => {
    const id = c.req.param('id').slice(0, 100);
    return answered(c, deps, () => id, {
      key: () => `/api/v1/incidents/${id}`,
      async make() {
        const incident = await deps.record.incidents.get(id);
        if (!incident)
          throw new Problem(404, 'id', `There is no incident "${oneLine(id, 60)}"; ids look like RU-whatsapp-3f9k.`);
        return made(await lineOf(incident, deps));
      },
    });
  });

  site.all('/api/*', () =>
    refused(new Problem(404, null, 'There is nothing here; /api/v1/openapi.json tells what there is.')),
  );
};

async function lineOf(incident: Incident, { record }: SiteDeps): Promise<IncidentLine> {
  const reports = await record.reports.byIncident(incident.id, MAX_REPORTS);
  return incidentLineOf(incident, reports, await record.incidents.transitions(incident.id));
}

function askedOf(query: URLSearchParams, deps: SiteDeps): Asked {
  only(query, PARAMETERS);
  const filter = { ...scopeOf(query, deps), open: flagOf(query, 'open'), since: timeOf(query, 'since') };
  const cursor = givenOf(query, 'cursor');
  return {
    filter,
    limit: countOf(query, 'limit', MAX_PAGE, PAGE),
    after: cursor === null ? null : placeOf(cursor, listOf(filter)),
  };
}

const listOf = ({ country, service, open, since }: Filter): string => JSON.stringify([country, service, open, since]);

function nextQuery(query: URLSearchParams, next: string): URLSearchParams {
  const following = new URLSearchParams(query);
  following.set('cursor', next);
  return following;
}

async function pageOf(
  { filter, limit, after }: Asked,
  register: Register,
): Promise<{ incidents: Incident[]; next: string | null }> {
  const incidents: Incident[] = [];
  for (const one of await register.all()) {
    if (!matches(one, filter) || (after !== null && inOrder(one, after) <= 0)) continue;
    // One more than is shown: there is a next page.
    if (incidents.length === limit) return { incidents, next: cursorOf(incidents.at(-1)!, listOf(filter)) };
    incidents.push(one);
  }
  return { incidents, next: null };
}

const matches = (one: Incident, { country, service, open, since }: Filter): boolean =>
  (country === null || one.country === country) &&
  (service === null || one.service === service) &&
  (open === null || one.open === open) &&
  (since === null || Math.max(one.openedAt, one.closedAt ?? 0, one.lastReportAt) >= since);
