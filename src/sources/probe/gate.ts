import { sameNetwork } from '../../core/judge/address.ts';
import { type Gate, judgeGate } from '../../core/judge/gate.ts';
import {
  answered,
  authentic,
  type Flow,
  type GateObservations,
  type Page,
  type ReferenceObservations,
} from '../../core/judge/observations.ts';
import { LIMITS, type Site } from './config.ts';
import { askPlain } from './dns/plain.ts';
import { pageFacts } from './fingerprints.ts';
import { exchange } from './net/http1.ts';
import { handshake } from './net/tls.ts';
import type { Session } from './session.ts';

const addressesOf = (site: Site): string[] => [site.v4, site.v6].filter((a): a is string => typeof a === 'string');

/** Asks whether the vantage point itself is sound: once per round, shared by all targets, and again at the end of a round with anomalies. */
export async function checkGate(
  session: Session,
  signal: AbortSignal,
): Promise<{ gate: Gate; observations: GateObservations }> {
  const sites = session.vantage.reference_sites.slice(0, 4);
  const [references, system, portal, controls, helper, innocuousWorks] = await Promise.all([
    Promise.all(sites.map((site) => reference(session, site, signal))),
    Promise.all(sites.map((site) => systemKnows(session, site, signal))),
    portalCheck(session, signal),
    controlsAnswer(session, signal),
    helperCheck(session, signal),
    innocuousCheck(session, signal),
  ]);
  // Only a reference that we could not reach is looked for from outside.
  if (helper.reachable) {
    await Promise.all(
      references.map(async (r, i) => {
        if (r.flows.some(authentic)) return;
        const address = sites[i]!.v4 ?? sites[i]!.v6;
        const seen = address ? await tls(session, 'helper', address, r.name, signal) : null;
        r.helperReaches = seen === null || seen.tcp === 'unavailable' ? null : answered(seen);
      }),
    );
  }
  const observations: GateObservations = {
    references,
    system,
    portal,
    controlsAnswered: controls.answered,
    controlsAsked: controls.asked,
    helper,
    innocuousWorks,
  };
  const gate = judgeGate(observations);
  if (!innocuousWorks && !gate.offline && !gate.intercepted) {
    const working = references.find((r) => r.flows.some(authentic));
    if (working) session.innocuous = working.name;
  }
  return { gate, observations };
}

async function tls(
  session: Session,
  via: 'direct' | 'helper',
  address: string,
  sni: string,
  signal: AbortSignal,
): Promise<Flow> {
  const dialer = via === 'helper' ? session.helper! : session.direct;
  const request = { address, port: 443, sni, tcpMs: LIMITS.tcp, tlsMs: LIMITS.tls };
  const { flow, socket } = await handshake(dialer, session.trust, request, session.clock, signal);
  socket?.destroy();
  return flow;
}

/** Two handshakes a family on a sound line, up to three on another. */
async function reference(session: Session, site: Site, signal: AbortSignal): Promise<ReferenceObservations> {
  const flows = await Promise.all(
    addressesOf(site).map(async (address) => {
      const got: Flow[] = [];
      for (let n = 0; n < 3 && !signal.aborted; n++) {
        const flow = await session.lock(address, () => tls(session, 'direct', address, site.name, signal));
        got.push(flow);
        if (n === 1 && (authentic(flow) || authentic(got[0]!))) break;
        // Two times silence is 16 s of waiting: enough.
        if (n === 1 && flow.tcp !== 'ok') break;
      }
      return got;
    }),
  );
  const tainted = addressesOf(site).some((a) => session.taintOf(a) !== null);
  return { name: site.name, flows: flows.flat(), helperReaches: null, tainted };
}

async function systemKnows(
  session: Session,
  site: Site,
  signal: AbortSignal,
): Promise<GateObservations['system'][number]> {
  const type = site.v4 ? 'A' : 'AAAA';
  let answer = await askPlain(session.systemResolvers[0]!, site.name, type, session.clock, signal, { lateMs: 50 });
  for (const other of session.systemResolvers.slice(1)) {
    if (answer.kind === 'address') break;
    answer = await askPlain(other, site.name, type, session.clock, signal, { lateMs: 50 });
  }
  const pinned = addressesOf(site);
  const open = answer.addresses.filter((a) => !session.isBogon(a));
  let expected = open.some((a) => pinned.some((p) => p === a || sameNetwork(p, a)));
  // Large sites rotate: the certificate decides.
  if (!expected && open[0]) expected = authentic(await tls(session, 'direct', open[0], site.name, signal));
  return { name: site.name, answer, expected };
}

/** `captive_check` must be exactly 204 without a body. By the system's answer, since many portals lie in DNS; else by the pinned address. */
async function portalCheck(session: Session, signal: AbortSignal): Promise<Page | null> {
  const url = session.vantage.captive_check ? URL.parse(session.vantage.captive_check) : null;
  if (!url) return null;
  const answer = await askPlain(session.systemResolvers[0]!, url.hostname, 'A', session.clock, signal, {
    lateMs: 0,
    tries: 2,
  });
  const pinned = session.vantage.reference_sites.find((s) => s.name === url.hostname);
  const address = answer.addresses.find((a) => !session.isBogon(a)) ?? pinned?.v4 ?? pinned?.v6 ?? null;
  if (!address) return null;
  const port = Number(url.port || 80);
  for (let n = 0; n < 2; n++) {
    const dialed = await session.direct.dial(address, port, LIMITS.tcp, signal);
    if (dialed.tcp !== 'ok') continue;
    const got = await exchange(
      dialed.socket,
      {
        host: url.host,
        path: url.pathname + url.search,
        maxBytes: 4_096,
        firstByteMs: 6_000,
        stallMs: 4_000,
        totalMs: 10_000,
      },
      session.clock,
      signal,
    );
    dialed.socket.destroy();
    const page = pageFacts(got, session.fingerprints, session.clock.now());
    if (page.status === 204 && page.bytes > 0) return { ...page, status: 200 };
    if (page.status > 0 || n === 1) return page;
  }
  return null;
}

async function controlsAnswer(session: Session, signal: AbortSignal): Promise<{ asked: number; answered: number }> {
  const name = session.vantage.reference_sites[0]?.name ?? session.innocuous;
  const answers = await Promise.all(session.controls.map((c) => c.ask(name, signal)));
  return {
    asked: answers.length,
    answered: answers.filter((a) => a !== null && (a.a.kind === 'address' || a.aaaa.kind === 'address')).length,
  };
}

/** The helper counts for a family when it reaches one of its own references there in the same minute. */
async function helperCheck(session: Session, signal: AbortSignal): Promise<GateObservations['helper']> {
  const state = { reachable: false, family4: false, family6: false };
  if (!session.helper) return state;
  const reach = async (pick: (s: Site) => string | null | undefined): Promise<boolean> => {
    for (const site of session.vantage.reference_sites.slice(0, 3)) {
      const address = pick(site);
      if (!address) continue;
      const flow = await tls(session, 'helper', address, site.name, signal);
      if (authentic(flow)) return true;
      // Lossy lines lose a connection to the helper as well: one more try.
      if (flow.tcp === 'unavailable' && authentic(await tls(session, 'helper', address, site.name, signal)))
        return true;
    }
    return false;
  };
  [state.family4, state.family6] = await Promise.all([reach((s) => s.v4), reach((s) => s.v6)]);
  state.reachable = state.family4 || state.family6;
  return state;
}

async function innocuousCheck(session: Session, signal: AbortSignal): Promise<boolean> {
  const site = session.vantage.reference_sites.at(-1);
  const address = site ? addressesOf(site)[0] : undefined;
  if (!site || !address) return true;
  for (let n = 0; n < 2; n++) {
    if (answered(await session.lock(address, () => tls(session, 'direct', address, session.innocuous, signal))))
      return true;
  }
  return false;
}
