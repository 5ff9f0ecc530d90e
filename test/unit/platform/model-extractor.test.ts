import { describe, expect, test } from 'vitest';
import type { Extraction } from '../../../src/core/model/extraction.ts';
import type { HttpRequest, HttpResponse } from '../../../src/core/ports/http.ts';
import type { Log } from '../../../src/core/ports/log.ts';
import { createModelExtractor, type ModelOptions } from '../../../src/platform/model-extractor.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const OWN: Extraction = { relevant: false, events: [], lang: 'en', credit: 'reuters' };
const TEXT = { title: 'Country blocks messenger', summary: 'Since Friday.' };
const options: ModelOptions = {
  url: 'http://model.test/v1',
  name: 'm',
  key: 'sk-very-secret',
  timeoutMs: 5_000,
  perHour: 3,
};

function world(answer: (request: HttpRequest) => string | Error, change: Partial<ModelOptions> = {}) {
  const clock = new FakeClock();
  const lines: string[] = [];
  const asked: HttpRequest[] = [];
  const log: Log = {
    debug() {},
    info: (line) => void lines.push(line),
    warn: (line, fields) => void lines.push(`${line} ${JSON.stringify(fields)}`),
    error() {},
    child: () => log,
  };
  const http = async (request: HttpRequest): Promise<HttpResponse> => {
    asked.push(request);
    const text = answer(request);
    if (text instanceof Error) throw text;
    const body = new TextEncoder().encode(JSON.stringify({ choices: [{ message: { content: text } }] }));
    return { status: 200, url: request.url, movedPermanently: false, headers: {}, body };
  };
  const extractor = createModelExtractor(
    { ...options, ...change },
    {
      http,
      clock,
      log,
      catalogue: { services: [{ id: 'whatsapp', name: 'WhatsApp', aliases: [], category: 'messenger' }] },
      builtIn: { extract: () => OWN },
    },
  );
  return { clock, lines, asked, read: async () => await extractor.extract(TEXT) };
}

const BLOCK =
  '{"relevant":true,"events":[{"action":"block","countries":["RU"],"services":["whatsapp"],"method":"dns"}]}';

describe('a language model beside the built-in reader', () => {
  test('a good answer: its events, with the language and credit of the built-in reader', async () => {
    const { read, asked } = world(() => BLOCK);
    expect(await read()).toEqual({
      relevant: true,
      events: [{ action: 'block', countries: ['RU'], services: ['whatsapp'], method: 'dns' }],
      lang: 'en',
      credit: 'reuters',
    });
    expect(asked[0]!.url).toBe('http://model.test/v1/chat/completions');
    expect(asked[0]!.timeoutMs).toBe(5_000);
  });

  test('services and codes that do not exist: left out', async () => {
    const { read } = world(
      () =>
        '{"relevant":true,"events":[{"action":"block","countries":["Russia","RU"],"services":["@room","whatsapp"],"method":"magic"}]}',
    );
    expect((await read()).events).toEqual([{ action: 'block', countries: ['RU'], services: ['whatsapp'] }]);
  });

  test.each([
    ['no JSON', 'Sure! Here is the answer'],
    ['another form', '{"events":[]}'],
    ['an action that does not exist', '{"relevant":true,"events":[{"action":"explode"}]}'],
  ])('%s: the built-in answer, one warning without the key', async (_name, answer) => {
    const { read, lines } = world(() => answer);
    expect(await read()).toEqual(OWN);
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toContain('sk-very-secret');
  });

  test('an endpoint that fails: left alone for a minute, one warning, then asked again and a word that it works', async () => {
    let down = true;
    const { read, clock, lines, asked } = world(() => (down ? new Error('timeout') : BLOCK));
    for (let i = 0; i < 5; i++) expect(await read()).toEqual(OWN);
    expect(asked).toHaveLength(1);
    down = false;
    await clock.pass(60_000);
    expect((await read()).relevant).toBe(true);
    expect(lines).toEqual([expect.stringContaining('no usable answer'), 'The language model answers again']);
  });

  test('more texts than an hour allows: the built-in reader takes the rest', async () => {
    const { read, clock, asked } = world(() => BLOCK);
    for (let i = 0; i < 5; i++) await read();
    expect(asked).toHaveLength(3);
    expect(await read()).toEqual(OWN);
    await clock.pass(3_600_000);
    expect((await read()).relevant).toBe(true);
  });
});
