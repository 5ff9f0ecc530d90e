import { TocsinError } from '../../core/errors.ts';
import { type Heard, hear } from '../../core/federation/hear.ts';
import type { SourceDeps } from '../../core/ports/source.ts';
import type { RssConfig } from './config.ts';

/** A Tocsin's feed says what it is before its entries. */
const HEAD = 2_000;
const MARK = /^[\s\ufeff]*\{.*?"_tocsin"\s*:\s*\{/s;
/** What one writes has a tenth of this. */
const MAX_BYTES = 2_000_000;
/** Its Atom feed is for people: what is read there in words would count beside what others say in theirs, and come back to whom it came from. */
const ATOM_MARK = /<generator\b[^>]*>\s*Tocsin\s*<\/generator>/;

/** The feed of another Tocsin, which is read in terms and not in words; null = any other feed. Throws where it is one and cannot be read. */
export function hearPeer(body: Uint8Array, config: RssConfig, now: number): Heard | null {
  const head = new TextDecoder().decode(body.subarray(0, HEAD));
  if (ATOM_MARK.test(head))
    throw new TocsinError('feed_not_a_feed', 'This is the Atom feed of a Tocsin; name its /feed.json instead', {});
  if (!MARK.test(head)) return null;
  if (body.byteLength > MAX_BYTES)
    throw new TocsinError('feed_unreadable', `The feed of a Tocsin holds more than ${MAX_BYTES} bytes`, {});
  const peer = {
    id: config.id,
    publisher: config.publisher,
    name: config.name ?? config.publisher,
    trusted: config.trusted,
  };
  try {
    return hear(JSON.parse(new TextDecoder().decode(body)), peer, now);
  } catch (error) {
    throw new TocsinError('feed_unreadable', 'The feed of a Tocsin is no JSON', {}, error);
  }
}

/** Looks at who speaks before what they say is taken. */
export function createPeers({ instance, log }: Pick<SourceDeps, 'instance' | 'log'>) {
  let saidOwn = false;
  let saidLeftOut = 0;
  return {
    async accept(heard: Heard): Promise<Pick<Heard, 'statements' | 'withdrawals'>> {
      if (heard.instance === (await instance?.())) {
        if (!saidOwn) log.warn('This feed is our own: nothing in it is evidence; take it out of the sources');
        saidOwn = true;
        return { statements: [], withdrawals: [] };
      }
      if (heard.leftOut > saidLeftOut)
        log.info('Incidents of another Tocsin are left out: without country or service, or told by others only', {
          incidents: heard.leftOut,
        });
      saidLeftOut = heard.leftOut;
      return heard;
    },
  };
}
