import type { Silence, Subscription } from '../model/chat.ts';
import type { MessageDocument } from '../model/message.ts';
import type { Claim, HeldPiece } from '../ports/outbox.ts';
import type { Store } from '../ports/store.ts';
import { contentFor } from '../route/audience.ts';
import type { ComposeView, ViewedAlert } from './alert-views.ts';
import type { Composed } from './composed.ts';

/** Pieces of one chat and night that one summary looks at. */
const MAX_PIECES = 200;

/** What waited for a chat, as it is now. */
export interface SummaryView extends Omit<ComposeView, 'alert' | 'known'> {
  accountId: string;
  changes: number;
}

export interface SummaryDeps {
  store: Pick<Store, 'outbox'>;
  views(ids: string[]): Promise<Map<string, ViewedAlert>>;
  now(): number;
  /** The only alert that waited, as if it were sent now. */
  renderLate(view: ComposeView): MessageDocument;
  renderSummary(view: SummaryView): MessageDocument;
}

type Wishes = Map<number, { subscriptions: readonly Subscription[]; silences: readonly Silence[] }>;
const NONE = { subscriptions: [], silences: [] };

/** Summaries of quiet hours: what their chats have waiting, in its newest state; by the id of the delivery. */
export function createSummaries(deps: SummaryDeps) {
  return async (claims: readonly Claim[], wishes: Wishes): Promise<Map<number, Composed>> => {
    const composed = new Map<number, Composed>();
    if (claims.length === 0) return composed;
    const held = await deps.store.outbox.heldOf(
      claims.map((claim) => claim.chatId),
      MAX_PIECES,
    );
    const alertIds = [...held.values()].flat().map((piece) => piece.alertId);
    const views = await deps.views([...new Set(alertIds)]);
    for (const claim of claims)
      composed.set(claim.id, summaryOf(claim, held.get(claim.chatId) ?? [], { ...deps, views }, wishes));
    return composed;
  };
}

function summaryOf(
  claim: Claim,
  pieces: readonly HeldPiece[],
  deps: Omit<SummaryDeps, 'views'> & { views: Map<string, ViewedAlert> },
  wishes: Wishes,
): Composed {
  const { lang, timeZone } = claim.chat;
  // Some of it, or all, another chat follows.
  const via = pieces.find((piece) => piece.via !== null)?.via ?? null;
  const view = { lang, timeZone, now: deps.now(), via };
  const chat = wishes.get(claim.chatId) ?? NONE;
  const byAlert = Map.groupBy(pieces, (piece) => piece.alertId);
  const shown = new Map<string, ComposeView['incidents'][number]>();
  let changes = 0;
  let last: ViewedAlert | null = null;
  for (const [alertId, ofAlert] of byAlert) {
    const viewed = deps.views.get(alertId);
    if (!viewed) continue;
    const isNew = ofAlert.some((piece) => piece.op === 'send');
    const visible = contentFor(isNew ? 'send' : 'edit', null, chat, viewed.incidents).show ?? [];
    const changed = isNew
      ? visible
      : visible.filter((one) => ofAlert.some((piece) => piece.incidentIds.includes(one.id)));
    if (changed.length === 0) continue;
    for (const one of changed) shown.set(one.id, one);
    changes += ofAlert.length;
    last = isNew ? viewed : null;
  }
  const incidents = [...shown.values()];
  if (incidents.length === 0) return { skip: 'nothing-waits' };
  // The store reckons the same way when it is sent (`store/sql/outbox/held.ts`): one alert, of which the chat has no message yet.
  if (byAlert.size === 1 && last) {
    return { document: deps.renderLate({ ...view, alert: last.alert, incidents, known: last.known }) };
  }
  return { document: deps.renderSummary({ ...view, accountId: claim.accountId, incidents, changes }) };
}
