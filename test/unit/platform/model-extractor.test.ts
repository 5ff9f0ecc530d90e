import { describe, expect, test } from 'vitest';
import type { Extraction } from '../../../src/core/model/item.ts';
import type { ExtractOptions } from '../../../src/core/ports/reading.ts';
import type { HttpRequest, HttpResponse, Log } from '../../../src/core/ports/runtime.ts';
import { createBudget, createModelExtractor, type ModelOptions } from '../../../src/platform/model-extractor.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const OWN: Extraction = { relevant: false, events: [], lang: 'en', credit: 'reuters' };
const TEXT = { title: 'Russia blocks WhatsApp', summary: 'Since Friday.' };
const options: ModelOptions = {
  url: 'http://model.test/v1',
  name: 'm',
  key: 'sk-very-secret',
  timeoutMs: 5_000,
  perHour: 3,
};

function world(
  answer: (request: HttpRequest) => string | Error,
  change: Partial<ModelOptions> = {},
  own: Extraction = OWN,
) {
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
    return { status: 200, url: request.url, headers: {}, body };
  };
  const extractor = createModelExtractor(
    { ...options, ...change },
    {
      http,
      clock,
      log,
      catalogue: { services: [{ id: 'whatsapp', name: 'WhatsApp', aliases: [], category: 'messenger' }] },
      builtIn: { extract: () => own },
    },
  );
  return { clock, lines, asked, read: async (more?: ExtractOptions) => await extractor.extract(TEXT, more) };
}

const BLOCK =
  '{"relevant":true,"events":[{"action":"block","countries":["RU"],"services":["whatsapp"],"method":"dns"}]}';

describe('a language model beside the built-in extractor', () => {
  test('an answer of its own: a doubtful reading, with the language and credit of the built-in extractor', async () => {
    const { read, asked } = world(() => BLOCK);
    expect(await read()).toEqual({
      relevant: true,
      events: [{ action: 'block', countries: ['RU'], services: ['whatsapp'], method: 'dns', confidence: 0.4 }],
      lang: 'en',
      credit: 'reuters',
    });
    expect(asked[0]!.url).toBe('http://model.test/v1/chat/completions');
    expect(asked[0]!.timeoutMs).toBe(5_000);
  });

  test('services and codes that do not exist: left out', async () => {
    const { read } = world(
      () =>
        '{"relevant":true,"events":[{"action":"block","countries":["Russia","UK","RU"],"services":["@room","whatsapp"],"method":"magic"}]}',
    );
    expect((await read()).events).toEqual([
      { action: 'block', countries: ['RU'], services: ['whatsapp'], confidence: 0.4 },
    ]);
  });

  test('a service that the text does not name: no event of it; a network: kept', async () => {
    const { read } = world(
      () =>
        '{"relevant":true,"events":[{"action":"block","countries":["RU"],"services":["signal"]},{"action":"shutdown","countries":["RU"],"services":["internet"]}]}',
    );
    expect((await read()).events).toEqual([
      { action: 'shutdown', countries: ['RU'], services: ['internet'], confidence: 0.4 },
    ]);
  });

  const grey = (confidence: number): Extraction => ({
    ...OWN,
    relevant: true,
    probability: 0.6,
    events: [{ action: 'block', countries: ['RU'], services: ['whatsapp'], region: 'Kazan', confidence }],
  });

  test('both say the same: firm, with the region that the built-in extractor knows', async () => {
    const { read } = world(() => BLOCK, {}, grey(0.6));
    expect((await read()).events).toEqual([
      { action: 'block', countries: ['RU'], services: ['whatsapp'], region: 'Kazan', confidence: 0.95 },
    ]);
  });

  test('the model finds no news where the built-in extractor does: doubtful, for others to bear out', async () => {
    const { read } = world(() => '{"relevant":false,"events":[]}', {}, grey(0.9));
    expect((await read()).events.map((e) => e.confidence)).toEqual([0.4]);
  });

  test('a built-in extractor that is sure: not asked', async () => {
    const { read, asked } = world(() => BLOCK, {}, { ...OWN, probability: 0.02 });
    expect(await read()).toEqual({ ...OWN, probability: 0.02 });
    expect(asked).toHaveLength(0);
  });

  test('sure of it, and another outlet waits for a second word of just that: asked all the same', async () => {
    const sure: Extraction = { ...grey(0.99), probability: 0.99 };
    const { read, asked } = world(() => BLOCK, {}, sure);
    const heard: unknown[] = [];
    const answer = (yes: boolean): ExtractOptions => ({
      corroborates: async (said) => {
        heard.push(said);
        return yes;
      },
    });
    await read(answer(false));
    expect(asked).toHaveLength(0);
    await read(answer(true));
    expect(asked).toHaveLength(1);
    expect(heard).toEqual([1, 2].map(() => ({ country: 'RU', service: 'whatsapp', action: 'block' })));
  });

  test('no news, surely: nobody looks what it would corroborate', async () => {
    const { read, asked } = world(() => BLOCK, {}, { ...OWN, probability: 0.02 });
    await read({ corroborates: () => Promise.reject(new Error('looked')) });
    expect(asked).toHaveLength(0);
  });

  test('half of the budget gone at once: kept for texts that are worth more', () => {
    const budget = createBudget(4);
    expect([0.9, 0.9, 0.9, 0.3, 0.3, 0.9].map((worth) => budget.take(worth, 0))).toEqual([
      true,
      true,
      true,
      false,
      false,
      true,
    ]);
    expect(budget.take(0.3, 3_600_000)).toBe(true);
  });

  test('what it is given: the language and the candidates', async () => {
    const { read, asked } = world(
      () => BLOCK,
      {},
      {
        ...grey(0.6),
        why: {
          lang: 'en',
          rules: [],
          spans: [],
          rejected: [],
          candidates: [{ triple: 'RU/whatsapp/block', probability: 0.6 }],
        },
      },
    );
    expect(await read()).not.toHaveProperty('why');
    const { messages } = JSON.parse(String(asked[0]!.body)) as { messages: { content: string }[] };
    expect(messages[1]!.content).toContain('RU/whatsapp/block 0.6');
    expect(messages[1]!.content).toContain('Language: en');
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

  test('more texts than an hour allows: the built-in extractor takes the rest', async () => {
    const { read, clock, asked } = world(() => BLOCK);
    for (let i = 0; i < 5; i++) await read();
    expect(asked).toHaveLength(3);
    expect(await read()).toEqual(OWN);
    await clock.pass(3_600_000);
    expect((await read()).relevant).toBe(true);
  });
});
