/** Names that only look like others: never taken for another service in silence. */
import { expect, test } from 'vitest';
import { bundledExtractor } from '../../fakes/bundled.ts';
import { createBot } from '../commands/support.ts';

test.each([
  ['Cyrillic letters', 'subscribe WhаtsАpp', 'Did you mean: WhatsApp?'],
  ['a Greek letter', 'status Τelegram', 'Did you mean: Telegram?'],
  ['rn for m', 'subscribe rnax', 'I do not know “rnax”'],
  ['turned around by an override', 'subscribe \u202eppAstahW', 'I do not know “ppAstahW”'],
  ['wide letters are the same letters', 'subscribe Ｗｈａｔｓａｐｐ', 'I watch here'],
  ['so are those of another style', 'subscribe 𝐖𝐡𝐚𝐭𝐬𝐀𝐩𝐩', 'I watch here'],
  ['a break that is not seen', 'subscribe Whats\u200bApp', 'I watch here'],
])('typed, %s: asked about, or the same', async (_name, text, expected) => {
  expect(await createBot().say(text)).toContain(expected);
});

test.each([
  ['Cyrillic letters', 'Russia blocks WhаtsАpp'],
  ['wide letters', 'Russia blocks ＷｈａｔｓＡｐｐ'],
  ['a break that is not seen', 'Russia blocks Whats\u200bApp'],
  ['marks upon marks', 'Russia blocks W\u0300\u0301hatsApp'],
])('in news, %s: WhatsApp or nothing, never another service', (_name, title) => {
  const { events } = bundledExtractor().extract({ title, summary: '', lang: 'en' });
  expect(events.flatMap((event) => event.services).filter((service) => service !== 'whatsapp')).toEqual([]);
});
