import { loose } from '../answers.ts';
import { nameOfComponent } from '../correlate/part.ts';
import { ACTIONS, CONFIDENCES, METHODS } from '../model/incident.ts';
import { JUDGED_KIND } from '../model/measurement.ts';
import {
  MAX_STATEMENTS,
  MAX_WITHDRAWALS,
  type MeasuredFacts,
  type Relayed,
  type Statement,
  type Withdrawal,
} from '../model/report.ts';
import { MIN_PEOPLE, READERS } from '../ports/readers.ts';
import { oneLine, safeLink } from '../render/plain.ts';
import { EXTENSION, isInstance, MAX_EVIDENCE, WIRE_VERSION } from './tell.ts';

/** Reads what another Tocsin tells. All of it is hostile: whatever has another shape is left out, and texts are cut and cleaned. */

/** Entries that are looked at. */
const MAX_ENTRIES = 1_000;
const MAX_REGIONS = 20;
const MAX_NETWORKS = 40;
const STATES = ['threatened', 'active', 'easing', 'lifted', 'withdrawn'] as const;
const STRENGTHS = ['anomaly', 'round-rule', 'fingerprint', 'window-rule'] as const;
const KINDS = ['news', 'authority', 'measurement'] as const;
/** Nobody reported before that what was cut off. */
const EARLIEST = Date.UTC(2000, 0, 1);

const listOf = (value: unknown, max: number): unknown[] => (Array.isArray(value) ? value.slice(0, max) : []);
const textOf = (value: unknown, max: number): string =>
  typeof value === 'string' ? oneLine(value, max).toWellFormed() : '';
const oneOf = <T extends string>(value: unknown, all: readonly T[]): T | null =>
  all.find((one) => one === value) ?? null;
const matching = (value: unknown, pattern: RegExp): string | null =>
  typeof value === 'string' && pattern.test(value) ? value : null;

const NAME = /^[\w:.-]{1,80}$/;
const INCIDENT = /^[A-Za-z0-9-]{3,100}$/;
const COUNTRY = /^[A-Z]{2}$/;
const SERVICE = /^[a-z0-9][a-z0-9-]{0,63}$/;
const NETWORK_NAME = /^AS\d{1,10}$/;
const WORD = /^[a-z][a-z0-9_-]{0,29}$/;
/** "sni_blocked:rst". */
const VERDICT = /^[a-z0-9_]{1,40}(?::[a-z0-9_]{1,30})?$/;
const LICENCE = /^(?:CC0|CC BY|ODbL|OSL|MIT)[A-Z0-9 .-]{0,20}$/;

/** A time as ms; null where it is none, or not of this age. */
const timeOf = (value: unknown): number | null => {
  const at = typeof value === 'string' && value.length <= 40 ? Date.parse(value) : Number.NaN;
  return Number.isFinite(at) && at >= EARLIEST ? at : null;
};

type ReadChange = NonNullable<ReturnType<typeof changeOf>>;
type ReadEvidence = NonNullable<ReturnType<typeof evidenceOf>>;

/** An entry of the feed that tells a change; null = it is none. */
function changeOf(value: unknown) {
  const told = loose(value);
  const incident = matching(told.incident, INCIDENT);
  const action = oneOf(told.action, ACTIONS);
  const state = oneOf(told.state, STATES);
  if (incident === null || action === null || state === null || oneOf(told.confidence, CONFIDENCES) === null)
    return null;
  if (!Number.isSafeInteger(told.seq) || (told.seq as number) < 1) return null;
  return {
    incident,
    seq: told.seq as number,
    country: matching(told.country, COUNTRY),
    service: matching(told.service, SERVICE),
    action,
    state,
    now: nowOf(told.now),
  };
}

function nowOf(value: unknown) {
  const told = loose(value);
  const openedAt = timeOf(told.openedAt);
  if (openedAt === null) return null;
  return {
    openedAt,
    regions: listOf(told.regions, MAX_REGIONS).flatMap((one) => textOf(one, 80) || []),
    liftConfidence: oneOf(told.liftConfidence, CONFIDENCES),
    evidence: listOf(told.evidence, MAX_EVIDENCE).flatMap((one) => evidenceOf(one) ?? []),
  };
}

function evidenceOf(value: unknown) {
  const told = loose(value);
  const id = matching(told.id, NAME);
  const voice = matching(told.voice, NAME);
  const at = timeOf(told.at);
  const action = oneOf(told.action, ACTIONS);
  const kind = oneOf(told.kind, KINDS);
  const measured = measuredOf(told.measured);
  if (id === null || voice === null || at === null || action === null || kind === null) return null;
  if ((kind === 'measurement') !== (measured !== null)) return null;
  // Readers suspect a block and nothing else, and nobody speaks of fewer than ten.
  if (isReaders(measured) && (action !== 'block' || (measured?.measurements ?? 0) < MIN_PEOPLE)) return null;
  const reading = typeof told.reading === 'number' && told.reading >= 0 && told.reading <= 1 ? told.reading : null;
  return {
    id,
    at,
    action,
    method: oneOf(told.method, METHODS),
    region: textOf(told.region, 80) || null,
    kind,
    voice,
    publisher: matching(told.publisher, NAME) ?? voice,
    title: textOf(told.title, 300),
    url: typeof told.url === 'string' ? safeLink(told.url) : null,
    lang: matching(told.lang, /^[a-z]{2}$/) ?? 'en',
    reading,
    measured,
  };
}

const isReaders = (measured: MeasuredFacts | null): boolean => measured?.observatory === READERS;

function measuredOf(value: unknown): MeasuredFacts | null {
  const told = loose(value);
  const strength = oneOf(told.strength, STRENGTHS);
  if (strength === null) return null;
  const observatory = matching(told.observatory, /^[a-z][a-z0-9-]{0,30}$/);
  const count = told.measurements;
  const signals = listOf(told.signals, 20).flatMap((one) => matching(one, WORD) ?? []);
  const component = matching(told.component, WORD);
  const licence = matching(told.licence, LICENCE);
  return {
    // Whatever a peer calls them.
    strength: observatory === READERS ? 'anomaly' : strength,
    networks: listOf(told.networks, MAX_NETWORKS).flatMap((one) => matching(one, NETWORK_NAME) ?? []),
    verdict: matching(told.verdict, VERDICT) ?? '',
    component: component !== null && nameOfComponent(component) !== null ? component : null,
    ...(observatory === null ? {} : { observatory }),
    ...(licence === null ? {} : { licence }),
    ...(Number.isSafeInteger(count) && (count as number) > 0 ? { measurements: count as number } : {}),
    ...(signals.length > 0 ? { signals } : {}),
    ...(told.silence === true ? { silence: true } : {}),
    ...(told.standing === true ? { standing: true } : {}),
  };
}

/**
 * What another Tocsin's feed is worth here (docs/decisions/statements.md#another-tocsin). One that is not trusted is one outlet: one word about each
 * incident, with the voice of whoever stands behind it alone, else its own. Of one that is trusted the evidence counts as if it had been read here, and what it
 * measured as one agent's. Pure.
 */

interface Peer {
  /** Id of the source. */
  id: string;
  /** Its voice. */
  publisher: string;
  /** As people know it. */
  name: string;
  trusted: boolean;
  /** Whose site that is, in our own words; null = nobody has written it down. Absent = nobody knows any. */
  ownerOf?(address: string): string | null;
}

export interface Heard {
  /** Whose feed it is. */
  instance: string;
  statements: Statement[];
  withdrawals: Withdrawal[];
  /** Incidents of which it names no country or no service, or tells only what others told it. */
  leftOut: number;
}

/** An incident that can be told of: where, what, and on which evidence. */
interface Story {
  told: ReadChange;
  now: NonNullable<ReadChange['now']>;
  country: string;
  service: string;
  /** Page of the incident there. */
  page: string | null;
  headline: string;
}

/** Statements and withdrawals of a feed; null = it is no Tocsin's. `now` in ms: what is dated later is of now. */
export function hear(feed: unknown, peer: Peer, now: number): Heard | null {
  const whole = loose(feed);
  const own = loose(whole[EXTENSION]);
  if (own.version !== WIRE_VERSION || !isInstance(own.instance)) return null;
  const { stories, leftOut } = storiesOf(listOf(whole.items, MAX_ENTRIES));
  const word = peer.trusted ? evidenceWords : ownWords;
  const byStory = stories.map((story) => ({ story, statements: word(story, peer) }));
  const standing = byStory.filter(({ story }) => story.told.state !== 'withdrawn');
  const statements = standing.flatMap((one) => one.statements).map((one) => ({ ...one, at: Math.min(one.at, now) }));
  const withdrawals = byStory
    .filter(({ story }) => story.told.state === 'withdrawn')
    .map(({ statements: said }) => ({
      statements: said.map(({ id, revision }) => ({ id, revision })),
      // Why it says so is its own text.
      because: '',
    }));
  statements.sort((a, b) => b.at - a.at);
  return {
    instance: own.instance,
    statements: statements.slice(0, MAX_STATEMENTS),
    withdrawals: withdrawals.slice(0, MAX_WITHDRAWALS),
    leftOut,
  };
}

/** Each incident once, as its newest entry has it; its headline and page as its first entry has them. */
function storiesOf(items: readonly unknown[]): { stories: Story[]; leftOut: number } {
  const newest = new Map<string, ReadChange>();
  const shown = new Map<string, Pick<Story, 'page' | 'headline'>>();
  for (const item of items.map(loose)) {
    const incident = matching(loose(item[EXTENSION]).incident, INCIDENT);
    if (incident !== null && !shown.has(incident)) {
      const page = typeof item.url === 'string' ? safeLink(item.url) : null;
      shown.set(incident, { page, headline: textOf(item.title, 300) || incident });
    }
    const change = changeOf(item[EXTENSION]);
    if (change && change.seq > (newest.get(change.incident)?.seq ?? 0)) newest.set(change.incident, change);
  }
  const stories = [...newest.values()].flatMap((told): Story[] => {
    const { country, service, now } = told;
    if (country === null || service === null || now === null || now.evidence.length === 0) return [];
    return [{ told, now, country, service, ...shown.get(told.incident)! }];
  });
  return { stories, leftOut: newest.size - stories.length };
}

/** Of a trusted one: each piece of evidence is a statement of its own, under the id that it has there. */
function evidenceWords({ now, country, service, page }: Story, from: Peer): Statement[] {
  const { id: peer } = from;
  return now.evidence.map((one) => ({
    id: one.id,
    revision: null,
    at: one.at,
    country,
    service,
    action: one.action,
    method: one.method,
    region: one.region,
    title: one.title,
    url: one.url ?? page,
    summary: '',
    kind: one.kind === 'authority' ? 'authority' : 'outlet',
    publisher: one.publisher,
    publisherName: nameOf(one, from),
    lang: one.lang,
    relayed: {
      voice: one.voice,
      isArticle: one.kind === 'news',
      reading: one.reading,
      // All that it has measured, by however many machines, is one agent's; an observatory's figures are the observatory's.
      measured:
        one.measured &&
        (one.measured.observatory === undefined ? { ...one.measured, agent: `peer/${peer}` } : one.measured),
    },
  }));
}

/** Who said it there, by what is known here: an observatory by its kind, an outlet by its site. Names that a peer gives are text of its own. */
function nameOf({ url, measured }: ReadEvidence, { name, ownerOf }: Peer): string {
  const host = url === null ? '' : new URL(url).hostname.replace(/^www\./, '');
  const own = measured?.observatory ?? (url === null ? '' : (ownerOf?.(url) ?? host));
  return own === '' ? name : `${own} (${name})`;
}

const DAY = 86_400_000;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const newestOf = (evidence: readonly ReadEvidence[]): number => Math.max(...evidence.map(({ at }) => at));

/** Of one that is not trusted: what holds, once and then once a day while it hears of it, and what it says of the end. */
function ownWords(story: Story, peer: Peer): Statement[] {
  const { told, now } = story;
  // An outlet's word corroborates, readers never do.
  const evidence = now.evidence.filter(({ measured }) => !isReaders(measured));
  const force = evidence.filter(({ action }) => action !== 'unblock');
  const lifts = evidence.filter(({ action }) => action === 'unblock');
  const words: Statement[] = [];
  if (force.length > 0 && told.action !== 'unblock') {
    const newest = newestOf(force);
    for (const region of now.regions.length > 0 ? now.regions : [null]) {
      const word = (revision: string | null, at: number) =>
        wordOf(story, { action: told.action, region, revision, at, evidence: force }, peer);
      // Said again once several stand behind it: then it is more than the one's word.
      words.push(word(voiceOf(force) === null ? 'several' : null, now.openedAt));
      if (newest - now.openedAt > DAY) words.push(word(dayOf(newest), newest));
    }
  }
  const isOver = told.state === 'lifted' || (told.state === 'easing' && now.liftConfidence !== null);
  if (isOver && lifts.length > 0) {
    const at = newestOf(lifts);
    words.push(wordOf(story, { action: 'unblock', region: null, revision: dayOf(at), at, evidence: lifts }, peer));
  }
  return words;
}

function wordOf(
  { told, country, service, page, headline }: Story,
  said: Pick<Statement, 'action' | 'region' | 'revision' | 'at'> & { evidence: readonly ReadEvidence[] },
  peer: Peer,
): Statement {
  const { action, region, revision, at, evidence } = said;
  const only = onlyVoice(evidence);
  const article = only?.kind === 'news' ? only : null;
  const relayed: Relayed = {
    voice: voiceOf(evidence) ?? peer.publisher,
    isArticle: article !== null && article.title !== '',
    reading: article?.reading ?? null,
    measured: null,
  };
  return {
    id: [told.incident, action, ...(region === null ? [] : [region])].join('/'),
    revision,
    at,
    country,
    service,
    action,
    method: evidence.find((one) => one.action === action && one.method !== null)?.method ?? null,
    region,
    title: article?.title || headline,
    url: article?.url ?? page,
    summary: '',
    kind: 'outlet',
    publisher: peer.publisher,
    publisherName: article ? nameOf(article, peer) : peer.name,
    lang: article?.lang ?? 'en',
    relayed,
  };
}

/** The newest piece of evidence, where all are of one voice. */
const onlyVoice = (evidence: readonly ReadEvidence[]): ReadEvidence | null =>
  evidence.every(({ voice }) => voice === evidence[0]!.voice) ? evidence[0]! : null;

/**
 * Whose word it is, where one alone stands behind it; null = several do. Measurements of one kind are one, and the voice that they get bears out no
 * measurement of the same kind here (`isOwnWord` in `core/correlate/ladder.ts`): the same agent may report to both.
 */
function voiceOf(evidence: readonly ReadEvidence[]): string | null {
  const kinds = new Set(evidence.map(({ measured }) => measured && (measured.observatory ?? JUDGED_KIND)));
  const [kind] = kinds;
  if (kinds.size === 1 && kind) return `authority:${kind}`;
  return onlyVoice(evidence)?.voice ?? null;
}
