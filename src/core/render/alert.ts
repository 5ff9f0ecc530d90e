import type { Alert } from '../model/alert.ts';
import type { Incident } from '../model/incident.ts';
import type { CategoryOf, Known } from '../model/known.ts';
import type { Block, Button, Inline, MessageDocument } from '../model/message.ts';
import type { Translator } from '../ports/translate.ts';
import { adviceLine } from './advice.ts';
import { sourceLine } from './evidence.ts';
import { extentOf, factsOf, type IncidentWithReports, type Seen } from './facts.ts';
import { citedOf, groupFacts, groupHead, groupSources } from './group.ts';
import { headlineBlock, headlineOf, isOver, sayingOf } from './headline.ts';

export type { IncidentWithReports } from './facts.ts';

/** What one chat is to see of an alert. */
export interface AlertView extends Seen {
  alert: Alert;
  /** Those of the alert's incidents that this chat follows, in their newest state, with their reports in any order. */
  incidents: IncidentWithReports[];
  /** What is known of the country, to say what still works and what the reader can do. */
  known: Known;
  lang: string;
}

const MAX_SOURCES = 5;
const MAX_IDS = 40;
/** Beyond this, ids are plain text: platforms bound the number of marked-up pieces. */
const MAX_CODE_IDS = 12;

/** The alert as it stands now; the same whether it is sent for the first time or edited in place. */
export function renderAlert(view: AlertView, words: Translator): MessageDocument {
  const { incidents, known } = view;
  const advice = adviceLine(incidents, known, words);
  const body = bodyOf(incidents, view, words, { categoryOf: known.categoryOf, sources: true, advice });
  return {
    blocks: [...body, idNote(incidents, words)],
    buttons: buttonsOf(incidents, words),
    lang: words.lang,
    tone: 'alert',
  };
}

interface Told {
  categoryOf: CategoryOf;
  sources: boolean;
  /** What the reader can do; null = nothing is said. */
  advice: string | null;
}

/** Headline and facts of these incidents; complete by itself. */
export function bodyOf(
  incidents: readonly IncidentWithReports[],
  view: Seen,
  words: Translator,
  { categoryOf, sources, advice }: Told,
): Block[] {
  const only = incidents.length === 1 ? incidents[0] : undefined;
  const extent = only ? extentOf(only, categoryOf) : {};
  const blocks = only ? [headlineBlock(sayingOf(only), headlineOf(only, words, extent))] : groupHead(incidents, words);
  const facts = only ? factsOf(only, view, words, extent) : groupFacts(incidents, view, words);
  if (advice !== null) facts.push([advice]);
  if (sources) facts.push(...cited(incidents, words));
  if (facts.length > 0) blocks.push({ type: 'list', items: facts });
  return blocks;
}

function cited(incidents: readonly IncidentWithReports[], words: Translator): Inline[][] {
  if (incidents.length > 1) return groupSources(incidents, MAX_SOURCES, words);
  const line = sourceLine(incidents.flatMap(citedOf), MAX_SOURCES, words);
  return line ? [line] : [];
}

export function idNote(incidents: readonly Pick<Incident, 'id'>[], words: Translator): Block {
  const ids = incidents.slice(0, MAX_IDS).map((incident) => incident.id);
  const inline: Inline[] =
    ids.length > MAX_CODE_IDS ? [ids.join(' ')] : ids.flatMap((id, index) => [...(index ? [' '] : []), { code: id }]);
  if (incidents.length > MAX_IDS) inline.push(` + ${words.say('list.more', { n: incidents.length - MAX_IDS })}`);
  return { type: 'note', inline };
}

export function buttonsOf(incidents: readonly IncidentWithReports[], words: Translator): Button[][] {
  const first = incidents[0];
  if (!first) return [];
  const row: Button[] = [];
  const ids = incidents.slice(0, MAX_IDS).map((incident) => incident.id);
  row.push({ label: words.say('button.evidence'), press: { command: `incident ${ids.join(' ')}` } });
  if (incidents.some((incident) => !isOver(sayingOf(incident)))) row.push(...muteButton(incidents, words));
  const what = first.country ?? (first.service === null ? null : first.service);
  if (what !== null) row.push({ label: words.say('button.status'), press: { command: `status ${what}` } });
  return [row];
}

function muteButton(incidents: readonly IncidentWithReports[], words: Translator): Button[] {
  const { id, country } = incidents[0]!;
  if (incidents.length === 1) return [{ label: words.say('button.mute'), press: { command: `mute ${id} for 8h` } }];
  if (country === null) return [];
  const label = words.say('button.muteCountry', { country: words.country(country) });
  return [{ label, press: { command: `mute ${country} for 8h` } }];
}
