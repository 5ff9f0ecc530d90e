import type { Catalogue } from '../model/catalogue.ts';
import { ANY } from '../model/chat.ts';
import { NETWORK } from '../model/incident.ts';
import type { Button, MessageDocument } from '../model/message.ts';
import type { IncidentTable } from '../ports/store.ts';
import type { CommandContext } from './command.ts';
import { answer, button, code, line, rows } from './document.ts';
import { flagOf, homesOf } from './home.ts';
import { newestFirst, openNow } from './open-now.ts';

/** Where access is cut most often: shown when nothing is open there right now. */
export const USUAL_COUNTRIES = ['RU', 'IR', 'CN', 'TR', 'BY', 'PK', 'IN', 'MM', 'VE', 'UG', 'ET', 'KZ'];
const USUAL_SERVICES = [
  'whatsapp',
  'telegram',
  'signal',
  'youtube',
  'instagram',
  'facebook',
  'x',
  'tiktok',
  'vpn',
  NETWORK,
];
const MAX_BUTTONS = 15;

export type Page = 'first' | 'country' | 'service';

/** Words that ask for a page of the picker: what its buttons send. */
export const PAGES = new Map<string, Page>(
  Object.entries({
    country: 'country',
    страна: 'country',
    service: 'service',
    сервис: 'service',
  }),
);

export interface PickerCapabilities {
  incidents: Pick<IncidentTable, 'list'>;
  catalogue: Catalogue;
}

export const firstButtons = ({ words }: CommandContext): Button[] => [
  button(words.say('button.country'), 'subscribe country'),
  button(words.say('button.service'), 'subscribe service'),
  button(words.say('button.everything'), 'subscribe all'),
];

/** Typed forms, for platforms without buttons and for those who like to type. */
export const pickLine = ({ words, typed }: CommandContext) =>
  line(
    ...words.rich('subscribe.pick', {
      country: code(typed('subscribe ru')),
      service: code(typed('subscribe whatsapp')),
      both: code(typed('subscribe ru whatsapp telegram')),
      all: code(typed('subscribe all')),
    }),
  );

export async function picker(page: Page, context: CommandContext, can: PickerCapabilities): Promise<MessageDocument> {
  const { words, typed } = context;
  if (page === 'first') return answer(words, [pickLine(context)], [firstButtons(context)]);
  // The language's own country, then what is cut off right now: most people come because of it.
  const open = newestFirst(await openNow(can.incidents, [{ country: ANY, service: ANY }], 'early'));
  const back = [button(words.say('button.back'), 'subscribe')];
  if (page === 'country') {
    const cut = open.flatMap((incident) => incident.country ?? []);
    const ids = bounded([...homesOf(words.lang).slice(0, 1), ...cut, ...homesOf(words.lang), ...USUAL_COUNTRIES]);
    const buttons = ids.map((id) => button(`${flagOf(id)} ${words.country(id)}`.trim(), `subscribe ${id}`));
    const text = words.rich('subscribe.country', { command: code(typed(`subscribe ${words.country('DE')}`)) });
    return answer(words, [line(...text)], [...rows(buttons, 3), back]);
  }
  const known = new Set([NETWORK, ...can.catalogue.services.map((service) => service.id)]);
  const ids = bounded([...open.flatMap((incident) => incident.service ?? []), ...USUAL_SERVICES]).filter((id) =>
    known.has(id),
  );
  const buttons = ids.map((id) => button(words.service(id), `subscribe ${id}`));
  return answer(
    words,
    [line(...words.rich('subscribe.service', { command: code(typed('subscribe wikipedia')) }))],
    [...rows(buttons, 3), back],
  );
}

const bounded = (ids: readonly string[]): string[] => [...new Set(ids)].slice(0, MAX_BUTTONS);
