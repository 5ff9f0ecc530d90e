import { createHash } from 'node:crypto';
import DESCRIPTION from '../../../../config/openapi.json' with { type: 'json' };
import { ANY } from '../../../core/model/chat.ts';
import { type IncidentLine, iso } from '../../../core/model/facts.ts';
import type { Incident } from '../../../core/model/incident.ts';
import type { Clock } from '../../../core/ports/runtime.ts';
import { createRecent } from '../../../core/recent.ts';
import { oneLine, safeLink } from '../../../core/render/plain.ts';
import { MAX_REPORTS } from '../../../core/state/evidence.ts';
import type { State } from '../../../core/state/fold.ts';
import { incidentLineOf } from '../../../core/state/line.ts';
import type { PublicRecord, SiteDeps } from '../deps.ts';
import { type About, isOneWord, type SitePart } from '../known.ts';
import { answered, Problem } from '../respond.ts';
import type { Made } from '../shelf.ts';
import { countOf, flagOf, givenOf, only, type Scope, scopeOf, timeOf } from './asked.ts';

/** Where a page of a list ends: the place of its last incident in the order of the list. */
interface Place {
  openedAt: number;
  id: string;
}

const SHAPE = /^([0-9a-f]{8})\.(-?\d{1,16})\.([A-Za-z0-9-]{1,100})$/;
const markOf = (list: string): string => createHash('sha256').update(list).digest('hex').slice(0, 8);

/** `list`: all that decides what stands in the list, and in which order. */
const cursorOf = ({ openedAt, id }: Place, list: string): string =>
  Buffer.from(`${markOf(list)}.${openedAt}.${id}`).toString('base64url');

/** Throws `Problem` for what was not made by `cursorOf` of the same list. */
function placeOf(cursor: string, list: string): Place {
  const found = /^[\w-]{1,200}$/.test(cursor) ? SHAPE.exec(Buffer.from(cursor, 'base64url').toString('latin1')) : null;
  const [, mark, openedAt, id] = found ?? [];
  const place = { openedAt: Number(openedAt), id: id ?? '' };
  if (!found || cursorOf(place, list).slice(11) !== cursor.slice(11))
    throw new Problem(400, 'cursor', 'This is no cursor of ours; begin without one, and follow "next" of the answers.');
  if (mark !== markOf(list))
    throw new Problem(400, 'cursor', 'This cursor is of another list; keep the filters, or begin without a cursor.');
  return place;
}

/** Newest first; of two that began at one time, the later id. */
const inOrder = (a: Place, b: Place): number => b.openedAt - a.openedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

/** Incidents of one page, where nobody says otherwise, and at most; also in `config/openapi.json`. */
const PAGE = 50;
const MAX_PAGE = 100;

/** The description of the interface for programs. `publicUrl`: null where nobody said how the bot is reached. */
function openApi(publicUrl: string | null, languages: readonly string[]): object {
  const own = structuredClone(DESCRIPTION);
  own.servers = [{ url: publicUrl ?? '/' }];
  const [, lang] = own.paths['/badge/{name}'].get.parameters;
  Object.assign(lang!.schema, { enum: languages });
  return own;
}

/** More than a busy bot finds in ten years; of more, the oldest are not listed. */
const MAX = 50_000;
const MAX_CHANGED = 5_000;
/** So old may be what is answered, ms. */
const FRESH = 2_000;
/** Everything is read anew so often: a late word may change what ended long ago. */
const ANEW = 10 * 60_000;
const OVERLAP = 2 * 86_400_000;

type Register = ReturnType<typeof createRegister>;

/** All incidents in memory, once somebody asks for lists of them: what changed is read again, not everything for each page. */
function createRegister(incidents: Pick<PublicRecord['incidents'], 'list'>, clock: Clock) {
  const known = new Map<string, Incident>();
  let sorted: readonly Incident[] = [];
  let wholeAt = Number.NEGATIVE_INFINITY;
  const recent = createRecent<readonly Incident[]>(FRESH, 1);

  async function read(): Promise<readonly Incident[]> {
    const now = clock.monotonic();
    const whole = now - wholeAt > ANEW;
    const changed = whole
      ? await incidents.list({ limit: MAX })
      : [
          ...(await incidents.list({ since: clock.now() - OVERLAP, limit: MAX_CHANGED })),
          ...(await incidents.list({ open: true, limit: MAX_CHANGED })),
        ];
    if (whole) known.clear();
    const isNews = ({ id, version }: Incident): boolean => known.get(id)?.version !== version;
    const news = changed.filter(isNews);
    for (const one of news) known.set(one.id, one);
    if (news.length > 0 || whole) sorted = [...known.values()].sort(inOrder);
    if (whole) wholeAt = now;
    return sorted;
  }

  /** In the order of the list. Not to be changed. */
  return { all: () => recent('', clock.monotonic(), read) };
}

const TYPE = 'application/json; charset=utf-8';
const PARAMETERS = ['open', 'country', 'service', 'since', 'limit', 'cursor', 'lang'];
/** Items of one incident are named from so many of its newest reports. */
const MAX_ITEMS = 500;
/** Rows of one answer; more are counted. */
const MAX_STATES = 5_000;

interface Filter extends Scope {
  open: boolean | null;
  since: number | null;
}
type Asked = ReturnType<typeof askedOf>;

/** `/api/v1/…`: incidents for programs, one page after the other. */
export const api: SitePart = (site, deps) => {
  const register = createRegister(deps.record.incidents, deps.clock);
  const languages = deps.translators.languages.map(({ code }) => code);
  const made = (body: object, more: Partial<Made> = {}): Made => ({
    type: TYPE,
    body: `${JSON.stringify(body)}\n`,
    ...more,
  });

  site.get('/api/v1/openapi.json', (c) =>
    answered(c, deps, () => null, {
      key: () => '/api/v1/openapi.json',
      make: async () => made(openApi(deps.publicUrl, languages)),
    }),
  );

  site.get('/api/v1/incidents', (c) =>
    answered(c, deps, (query) => askedOf(query, deps), {
      key: (asked) => `/api/v1/incidents ${JSON.stringify(asked)}`,
      async make(asked) {
        const { incidents, next } = await pageOf(asked, register);
        const items = await Promise.all(incidents.map((one) => lineOf(one, deps)));
        if (next === null) return made({ items, next });
        const following = new URL(c.req.url).searchParams;
        following.set('cursor', next);
        return made({ items, next }, { headers: { link: `<${deps.base}/api/v1/incidents?${following}>; rel="next"` } });
      },
    }),
  );

  const aboutIn = (query: URLSearchParams): About => {
    const { country, service } = scopeOf(only(query, ['country', 'service', 'lang']), deps);
    return { country: country ?? ANY, service: service ?? ANY };
  };
  site.get('/api/v1/states', (c) =>
    answered(c, deps, aboutIn, {
      key: (about) => `/api/v1/states ${JSON.stringify(about)}`,
      async make(about) {
        const { read: at, states } = await deps.known.states(about);
        const items = states.slice(0, MAX_STATES).map(stateLine);
        return made({ asOf: iso(at.at), items, left: states.length - items.length }, { readAt: at.monotonic });
      },
    }),
  );

  site.get('/api/v1/incidents/:id', (c) => {
    const id = c.req.param('id').slice(0, 100);
    return answered(c, deps, () => id, {
      key: () => `/api/v1/incidents/${id}`,
      async make() {
        const incident = await deps.record.incidents.get(id);
        const none = `There is no incident "${oneLine(id, 60)}"; ids look like RU-whatsapp-3f9k.`;
        if (!incident) throw new Problem(404, 'id', none);
        return made(await lineOf(incident, deps));
      },
    });
  });

  site.all('/api/*', () => {
    throw new Problem(404, null, 'There is nothing here; /api/v1/openapi.json tells what there is.');
  });
};

async function lineOf(incident: Incident, { record }: SiteDeps): Promise<IncidentLine> {
  const reports = await record.reports.byIncident(incident.id, MAX_REPORTS);
  const line = incidentLineOf(incident, reports, await record.incidents.transitions(incident.id));
  return { ...line, items: await record.reports.itemsOf(incident.id, MAX_ITEMS) };
}

/** How it stands with one thing, for programs: the row of `core/state` as it is, without what it was made of. Times ISO 8601, UTC. */
function stateLine(state: State) {
  const { country, region, service, network, access, was, action, method, part } = state;
  const { since, sinceKind, monthOnly, confidence, covered, evidenceAt, incident, threat, claim, standing } = state;
  return {
    country,
    region,
    service,
    network,
    state: access,
    was,
    action,
    method,
    part,
    since: iso(since),
    sinceKind,
    monthOnly,
    confidence,
    reported: isOneWord(state),
    covered,
    evidenceAt: iso(evidenceAt),
    incident: incident?.id ?? null,
    threat: threat?.id ?? null,
    saysOver: claim && !claim.isStruckOff ? claim.voices : null,
    reference: safeLink(standing?.reference ?? null),
  };
}

function askedOf(query: URLSearchParams, deps: SiteDeps) {
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

async function pageOf({ filter, limit, after }: Asked, register: Register) {
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
