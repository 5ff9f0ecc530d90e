import { createLately, type Lately } from '../../../core/commands/observed-now.ts';
import { oldEvidence } from '../../../core/commands/old-evidence.ts';
import { NETWORK } from '../../../core/model/incident.ts';
import { STATUS_POLICY, statusOf } from '../../../core/status/derive.ts';
import type { SiteDeps, SitePart } from '../deps.ts';
import { answered } from './answers.ts';
import { countryOf, langOf, only, serviceOf } from './asked.ts';
import { type BadgeState, badgeStateOf, badgeSvg } from './badge.ts';
import { Problem } from './problem.ts';

const CACHE = 'public, max-age=60';
/** `ru-whatsapp.svg`: two letters, and an id of the catalogue. */
const NAME = /^([a-z]{2})-([a-z0-9][a-z0-9-]{0,63})\.svg$/i;
const MAX_INCIDENTS = 200;

/** `/badge/ru-whatsapp.svg`. */
export const badges: SitePart = (site, deps) => {
  const lately = createLately(deps.record.measurements);
  site.get('/badge/:name', (c) => {
    const query = new URL(c.req.url).searchParams;
    return answered(
      c,
      deps,
      () => {
        only(query, ['lang']);
        const lang = langOf(query, deps);
        return { ...placeOf(c.req.param('name'), deps), lang };
      },
      {
        key: ({ country, service, lang }) => `/badge/${country}-${service} ${lang}`,
        make: async ({ country, service, lang }) => ({
          type: 'image/svg+xml; charset=utf-8',
          body: badgeSvg(
            { country, service, state: await stateOf(country, service, deps, lately) },
            deps.translators.of(lang),
          ),
          headers: { 'cache-control': CACHE },
        }),
      },
    );
  });
};

function placeOf(name: string, deps: SiteDeps): { country: string; service: string } {
  const found = NAME.exec(name);
  try {
    if (found) {
      const said = new URLSearchParams({ country: found[1]!, service: found[2]! });
      return { country: countryOf(said)!, service: serviceOf(said, deps)! };
    }
  } catch (error) {
    if (error instanceof Problem) throw new Problem(404, error.field, error.message);
    throw error;
  }
  throw new Problem(404, null, 'A badge is called by a country and a service, such as /badge/ru-whatsapp.svg.');
}

async function stateOf(country: string, service: string, deps: SiteDeps, lately: Lately): Promise<BadgeState> {
  const { record, baseline, clock } = deps;
  const own = await record.incidents.list({ country, service, family: 'access', limit: MAX_INCIDENTS });
  const network =
    service === NETWORK ? [] : await record.incidents.list({ country, service: NETWORK, open: true, limit: 10 });
  const now = clock.now();
  const evidence = await oldEvidence([...own, ...network], now, record);
  const observed = await lately.cutIn(country, now);
  const facts = { now, policy: STATUS_POLICY, baseline, observed, ...evidence };
  return badgeStateOf(statusOf(country, service, [...own, ...network], facts));
}
