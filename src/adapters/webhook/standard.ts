import { createHmac } from 'node:crypto';
import type { ChangeFacts } from '../../core/model/facts.ts';
import type { Change } from './changes.ts';
import { type Form, idOf, type Telling } from './form.ts';
import { PLAIN, textOf } from './text.ts';

const MAX_TEXT = 8_000;

/** Standard Webhooks: a message for each change of each incident, so that a receiver can go by `webhook-id` and `data.change.seq`. */
export const standard: Form = (telling, url) => {
  const text = textOf(telling.document, PLAIN, MAX_TEXT);
  if (telling.changes.length === 0) return [{ id: idOf(telling.key), url, body: notice(telling, text), tells: [] }];
  return telling.changes.map((one) => ({
    id: `tocsin_${idOf(one.incident.id)}_${one.change.seq}`,
    url,
    body: JSON.stringify({ type: one.type, timestamp: one.change.at, data: dataOf(one, text, telling) }),
    tells: [one],
  }));
};

function dataOf(one: Change, text: string, { document, pageOf }: Telling) {
  const { incident, change, from, facts } = one;
  const { source } = change;
  const why = source === null ? null : `${source.publisher}: ${source.title}`;
  return {
    incident,
    change: {
      seq: change.seq,
      kind: change.kind,
      from: from === null ? null : standing(from),
      // As chats of the account's level know it, like the incident above.
      to: standing({ ...change, state: incident.state }),
      why: change.kind === 'withdrawn' ? facts.withdrawnBecause : why,
      source,
    },
    text,
    lang: document.lang,
    sources: facts.sources,
    link: pageOf(incident.id),
  };
}

const standing = ({ action, state, confidence, method }: ChangeFacts) => ({ action, state, confidence, method });

const notice = ({ document, replaces, now }: Telling, text: string): string =>
  JSON.stringify({
    type: 'notice',
    timestamp: new Date(now).toISOString(),
    data: { text, lang: document.lang, replaces: replaces === null ? null : idOf(replaces) },
  });

/** The headers by which a receiver knows who says it: one signature a key, so that a key can be changed for another. `now`: ms since the epoch. */
export function signed(id: string, body: string, keys: readonly Uint8Array[], now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000));
  const signatures = keys.map(
    (key) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
  );
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
