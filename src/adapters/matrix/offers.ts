import type { Button, MessageDocument } from '../../core/model/message.ts';

/** What a reaction to one of our messages may ask for: the commands of its buttons, numbered by keycaps. */
export interface Offer {
  /** "1️⃣": as clients show and send it. */
  key: string;
  label: string;
  command: string;
}

export const MAX_OFFERS = 5;
const MAX_COMMAND = 1_000;
/** In the content of our own messages: their commands, in the order of the keys. So nothing has to be kept about them. */
export const OFFERS = 'dev.tocsin.offers';

const keyAt = (index: number): string => `${index + 1}\ufe0f\u20e3`;

/** At most five, from the top. Links are no offers, nor is a command that would be too long to be taken back. Pure. */
export const offersOf = ({ buttons }: Pick<MessageDocument, 'buttons'>): Offer[] =>
  buttons
    .flat()
    .flatMap(({ label, press }: Button) =>
      'command' in press && press.command.length <= MAX_COMMAND ? [{ label, command: press.command }] : [],
    )
    .slice(0, MAX_OFFERS)
    .map((one, index) => ({ key: keyAt(index), ...one }));

/** Which offer a reaction's key stands for, from 0; null = it is some other reaction. Clients write keycaps with or without the sign that asks for colours. */
export function offerAt(key: unknown): number | null {
  if (typeof key !== 'string' || key.length > 8) return null;
  const digit = /^([1-9])\ufe0f?\u20e3?\ufe0f?$/u.exec(key)?.[1];
  return digit === undefined || Number(digit) > MAX_OFFERS ? null : Number(digit) - 1;
}

/** The commands that a message of ours offers, from its content; what is not ours by its shape is none. Pure. */
export function commandsIn(content: Record<string, unknown>): string[] {
  const offers = content[OFFERS];
  if (!Array.isArray(offers)) return [];
  return offers
    .slice(0, MAX_OFFERS)
    .filter((one): one is string => typeof one === 'string' && one.length <= MAX_COMMAND && one !== '');
}
