import { atEnd } from '../../core/errors.ts';
import { sameNetwork } from '../../core/judge/address.ts';
import {
  answered,
  authentic,
  type DnsAnswer,
  type Flow,
  type Page,
  type ReferenceObservations,
  type VantageObservations,
} from '../../core/judge/observations.ts';
import { bothLooks, judgeVantage } from '../../core/judge/vantage-check.ts';
import type { VantageCheckDeps } from '../kind.ts';
import { LIMITS, type Site, type Vantage } from './config.ts';
import { shakeOnly } from './endpoint.ts';
import { pageFacts } from './fingerprints.ts';
import { askControls, askPlain, noAnswer } from './net/dns.ts';
import { exchange } from './net/http1.ts';
import { type Lag, openSession, watchLag, type Work } from './session.ts';

const addressesOf = (site: Site): string[] => [site.v4, site.v6].filter((a): a is string => typeof a === 'string');

/**
 * Asks whether the vantage point itself is sound: once per round, shared by all targets, and again at the end of a round with anomalies. What
 * looks lossy is looked at twice and counted together.
 */
export async function observeVantage(work: Work) {
  let seen = await look(work);
  if (seen.vantageCheck.lossy && !work.signal.aborted) {
    const again = await look(work);
    const observations = bothLooks(seen.observations, again.observations);
    seen = { observations, vantageCheck: judgeVantage(observations) };
  }
  const { observations, vantageCheck } = seen;
  if (!observations.innocuousWorks && !vantageCheck.offline && !vantageCheck.intercepted) {
    const working = observations.references.find((r) => r.flows.some(authentic));
    if (working) work.innocuous.sni = working.name;
  }
  return seen;
}

async function look(work: Work) {
  const lag = watchLag(work.clock);
  const sites = work.vantage.reference_sites.slice(0, 4);
  const [references, system, portal, controls, helper, innocuousWorks] = await Promise.all([
    Promise.all(sites.map((site) => reference(work, site, lag))),
    Promise.all(sites.map((site) => systemKnows(work, site))),
    portalCheck(work),
    controlsAnswer(work),
    helperCheck(work),
    innocuousCheck(work),
  ]);
  lag.stop();
  // Seen from outside: is a reference that we could not reach down for everybody?
  for (const r of references) {
    if (!r.flows.some(authentic)) r.helperReaches = helper.reached.get(r.name) ?? null;
  }
  const observations: VantageObservations = {
    references,
    system,
    portal,
    controlsAnswered: controls.answered,
    controlsAsked: controls.asked,
    helper: { reachable: helper.family4 || helper.family6, family4: helper.family4, family6: helper.family6 },
    innocuousWorks,
  };
  return { observations, vantageCheck: judgeVantage(observations) };
}

/** A handshake within the vantage check's own waits. */
const greet = (work: Work, address: string, sni: string, dialer = work.direct) =>
  shakeOnly(work, { address }, { sni, dialer, tcpMs: LIMITS.vantageTcp, tlsMs: LIMITS.vantageTls });

/** Two handshakes a family on a sound line, up to three on another. */
async function reference(work: Work, site: Site, lag: Lag): Promise<ReferenceObservations> {
  const flows = await Promise.all(
    addressesOf(site).map(async (address) => {
      const got: Flow[] = [];
      for (let n = 0; n < 3 && !work.signal.aborted; n++) {
        const flow = await work.lock(address, async () => {
          const before = lag.total();
          const seen = await greet(work, address, site.name);
          return { ...seen, lagMs: Math.round(lag.total() - before) };
        });
        got.push(flow);
        if (n === 1 && (authentic(flow) || authentic(got[0]!))) break;
        // Two times silence is 16 s of waiting: enough.
        if (n === 1 && flow.tcp !== 'ok') break;
      }
      return got;
    }),
  );
  const tainted = addressesOf(site).some((a) => work.taintOf(a) !== null);
  return { name: site.name, flows: flows.flat(), helperReaches: null, tainted };
}

async function systemKnows(work: Work, site: Site) {
  const type = site.v4 ? 'A' : 'AAAA';
  const waits = { lateMs: 50, timeoutMs: LIMITS.vantageDns };
  let answer: DnsAnswer = noAnswer('error');
  for (const server of work.systemResolvers) {
    answer = await askPlain(server, { name: site.name, type }, work, waits);
    if (answer.kind === 'address') break;
  }
  const pinned = addressesOf(site);
  const open = answer.addresses.filter((a) => !work.isBogon(a));
  let expected = open.some((a) => pinned.some((p) => p === a || sameNetwork(p, a)));
  // Large sites rotate: the certificate decides.
  if (!expected && open[0]) expected = authentic(await greet(work, open[0], site.name));
  return { name: site.name, answer, expected };
}

/** `captive_check` must be exactly 204 without a body. By the system's answer, since many portals lie in DNS; else by the pinned address. */
async function portalCheck(work: Work): Promise<Page | null> {
  const { vantage, direct, fingerprints, clock, signal } = work;
  const url = vantage.captive_check ? URL.parse(vantage.captive_check) : null;
  if (!url) return null;
  const asked = { name: url.hostname, type: 'A' } as const;
  const waits = { lateMs: 0, tries: 2, timeoutMs: LIMITS.vantageDns };
  const answer = await askPlain(work.systemResolvers[0]!, asked, work, waits);
  const pinned = vantage.reference_sites.find((s) => s.name === url.hostname);
  const address = answer.addresses.find((a) => !work.isBogon(a)) ?? pinned?.v4 ?? pinned?.v6 ?? null;
  if (!address) return null;
  const port = Number(url.port || 80);
  for (let n = 0; n < 2; n++) {
    const dialed = await direct.dial(address, port, LIMITS.vantageTcp, signal);
    if (dialed.tcp !== 'ok') continue;
    const bounds = { maxBytes: 4_096, firstByteMs: 5_000, stallMs: 4_000, totalMs: 8_000 };
    const ask = { host: url.host, path: url.pathname + url.search, ...bounds };
    const got = await exchange(dialed.socket, ask, work);
    dialed.socket.destroy();
    const page = pageFacts(got, fingerprints, clock.now());
    if (page.status === 204 && page.bytes > 0) return { ...page, status: 200 };
    if (page.status > 0 || n === 1) return page;
  }
  return null;
}

async function controlsAnswer(work: Work): Promise<{ asked: number; answered: number }> {
  const name = work.vantage.reference_sites[0]?.name ?? work.innocuous.sni;
  const answers = await askControls(work, name);
  const found = answers.filter(({ a, aaaa }) => a.kind === 'address' || aaaa.kind === 'address');
  return { asked: work.controls.length, answered: found.length };
}

/** The helper counts for a family when it reaches one of its own references there in the same minute. */
async function helperCheck(work: Work) {
  /** `reached`: reference's name → the helper got an answer there; absent where the helper itself was of no use. */
  const state = { family4: false, family6: false, reached: new Map<string, boolean>() };
  const { helper } = work;
  if (!helper) return state;
  const one = async (site: Site, address: string): Promise<void> => {
    let flow = await greet(work, address, site.name, helper);
    // A lossy line loses connections to the helper as well: one more try.
    if (!authentic(flow) && (flow.tcp === 'ok' || flow.tcp === 'unavailable')) {
      flow = await greet(work, address, site.name, helper);
    }
    if (flow.tcp !== 'unavailable')
      state.reached.set(site.name, (state.reached.get(site.name) ?? false) || answered(flow));
    if (authentic(flow)) state[address.includes(':') ? 'family6' : 'family4'] = true;
  };
  await Promise.all(
    work.vantage.reference_sites.slice(0, 3).flatMap((site) => addressesOf(site).map((address) => one(site, address))),
  );
  return state;
}

async function innocuousCheck(work: Work): Promise<boolean> {
  const site = work.vantage.reference_sites.at(-1);
  const address = site ? addressesOf(site)[0] : undefined;
  if (!site || !address) return true;
  for (let n = 0; n < 2; n++) {
    if (answered(await work.lock(address, () => greet(work, address, work.innocuous.sni)))) return true;
  }
  return false;
}

/** Is the own line fit to judge anything? The check that opens every round, once; no target is touched. */
export async function checkVantage(vantage: unknown, folder: string, { clock, ids, signal }: VantageCheckDeps) {
  const own = vantage as Vantage;
  const session = await openSession(own, folder, { clock, ids });
  using _ = atEnd(() => session.close());
  const { vantageCheck } = await observeVantage({ ...session, signal });
  if (vantageCheck.offline) return { ok: false, detail: `vantage_offline:${vantageCheck.offline}` };
  return { ok: true, detail: `the line is fit to measure; ${own.targets.length} targets` };
}
