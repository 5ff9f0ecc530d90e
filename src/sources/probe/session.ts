import { getServers } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createSecureContext, rootCertificates } from 'node:tls';
import { TocsinError } from '../../core/errors.ts';
import { bogonTest, parseAddress } from '../../core/judge/address.ts';
import type { HelperObservations } from '../../core/judge/observations.ts';
import type { Clock, Ids } from '../../core/ports/runtime.ts';
import { createRecent, onceFor } from '../../core/recent.ts';
import { inOrderByKey } from '../../core/wakeable.ts';
import { LIMITS, type Vantage } from './config.ts';
import { type Fingerprints, loadFingerprints } from './fingerprints.ts';
import { directDialer, helperDialer, type Trust } from './net/connection.ts';
import { createControl } from './net/dns.ts';

interface ProbeDeps {
  clock: Clock;
  ids: Ids;
  fingerprints: Fingerprints;
  /** PEM of the vantage file's own roots; empty = those of Node alone. */
  roots: readonly string[];
}

/** A forbidden name was sent to an address and was cut there: until the censor forgets, the address may be dead for us. */
interface Taint {
  name: string;
  kind: 'rst' | 'timeout';
  /** Monotonic ms. */
  at: number;
}

/**
 * What lives as long as the probe process: open ways to controls, what was sent where, one flow at a time per address. All maps are
 * bounded by forgetting what is older than the residual time.
 */
export function createSession(vantage: Vantage, { clock, ids, fingerprints, roots }: ProbeDeps) {
  const direct = directDialer(clock);
  const helper = vantage.helper_proxy ? helperDialer(clock, new URL(vantage.helper_proxy)) : null;
  const trust: Trust = { context: createSecureContext({ ca: [...rootCertificates, ...roots] }) };
  const taints = new Map<string, Taint>();
  const silence = new Map<string, number>();
  const controls = vantage.resolvers.control.map((c) => createControl(c, { direct, helper, trust, clock }));
  return {
    vantage,
    clock,
    ids,
    fingerprints,
    direct,
    helper,
    trust,
    /** Trust in these roots alone, PEM. */
    pinned: onceFor((pem: string): Trust => ({ context: createSecureContext({ ca: [pem] }) })),
    controls,
    isBogon: bogonTest(vantage.not_bogons),
    /** Name sent as harmless SNI; the vantage check replaces it when it does not work at a reference. */
    innocuous: { sni: vantage.innocuous_sni ?? vantage.reference_sites[0]?.name ?? 'www.wikipedia.org' },
    systemResolvers: systemResolvers(vantage.resolvers.system),
    taints,
    taintOf(address: string): Taint | null {
      const taint = taints.get(address);
      if (!taint) return null;
      if (clock.monotonic() - taint.at < LIMITS.residual) return taint;
      taints.delete(address);
      return null;
    },
    /** All connections to the address were met with silence less than a minute ago. */
    silentLately: (address: string): boolean =>
      clock.monotonic() - (silence.get(address) ?? Number.NEGATIVE_INFINITY) < 60_000,
    noteSilence(address: string, silent: boolean): void {
      if (silent && silence.size < 4_096) silence.set(address, clock.monotonic());
      else silence.delete(address);
    },
    /** What the helper saw lately. */
    fromOutside: createRecent<HelperObservations | null>(LIMITS.helperCache, 4_096),
    /** Registrable destination of foreign redirects, and false addresses → the names that met them. */
    redirects: new Map<string, Set<string>>(),
    falseAddresses: new Map<string, Set<string>>(),
    /** Name → times (wall clock) of rounds in which it resolved; at most 16 each. */
    resolved: new Map<string, number[]>(),
    lock: inOrderByKey(),
    close(): void {
      for (const control of controls) control.close();
    },
  };
}
export type Session = ReturnType<typeof createSession>;

/** A session that measures, until the signal. */
export type Work = Session & { signal: AbortSignal };

/** With the roots that the vantage file names, if any; `folder`: where they are looked for. */
export async function openSession(vantage: Vantage, folder: string, { clock, ids }: Pick<ProbeDeps, 'clock' | 'ids'>) {
  const roots = vantage.ca ? [await readCa(resolve(folder, vantage.ca))] : [];
  return createSession(vantage, { clock, ids, fingerprints: await loadFingerprints(), roots });
}

const readCa = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const message = `the vantage file's "ca" cannot be read: ${file} (${error.code}); correct the path, or leave it out`;
    throw new TocsinError('config_invalid', message, {}, error);
  });

/** The addresses of the system's resolvers; at most four. */
function systemResolvers(written: Vantage['resolvers']['system']): string[] {
  if (written !== 'auto') return [written].flat();
  // With a port of its own it is nothing that a question over port 53 could reach.
  const own = getServers().filter((address) => parseAddress(address) !== null);
  return own.length > 0 ? own.slice(0, 4) : ['127.0.0.1'];
}

/** How long this process could not look at its sockets: on a busy machine that time is in every duration, and is no fault of the line. */
export type Lag = ReturnType<typeof watchLag>;

const TICK = 50;
/** Timers are late by a little on every machine. */
const USUAL = 5;

export function watchLag(clock: Clock) {
  let last = clock.monotonic();
  let sum = 0;
  const late = (): number => Math.max(0, clock.monotonic() - last - TICK - USUAL);
  const timer = setInterval(() => {
    sum += late();
    last = clock.monotonic();
  }, TICK);
  return {
    /** Ms so far. */
    total: (): number => sum + late(),
    stop: (): void => clearInterval(timer),
  };
}
