import { describe, expect, test } from 'vitest';
import type { Extraction, NewsText } from '../../../src/core/model/item.ts';
import type { ExtractOptions } from '../../../src/core/ports/reading.ts';
import type { HttpRequest, HttpResponse, Log } from '../../../src/core/ports/runtime.ts';
import { createBudget, createModelExtractor, type ModelOptions } from '../../../src/platform/model-extractor.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const OWN: Extraction = { relevant: false, events: [], lang: 'en', credit: 'reuters' };
const WHY: Extraction['why'] = {
  lang: 'en',
  rules: [],
  spans: [],
  rejected: [],
  clauses: [{ field: 'title', text: 'T', acts: [], words: [], names: [], places: ['RU (1)'] }],
  candidates: [{ triple: 'RU/whatsapp/block', probability: 0.6 }],
};
const TEXT = { title: 'Russia blocks WhatsApp', summary: 'Since Friday.' };
const options: ModelOptions = {
  url: 'http://model.test/v1',
  name: 'm',
  key: 'sk-very-secret',
  timeoutMs: 5_000,
  maxTokens: 600,
  perHour: 20,
};

function world(
  answer: (request: HttpRequest) => string | number | Error,
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
    return { status: typeof text === 'number' ? text : 200, url: request.url, headers: {}, body };
  };
  const extractor = createModelExtractor(
    { ...options, ...change },
    {
      http,
      clock,
      log,
      catalogue: { services: [{ id: 'whatsapp', name: 'WhatsApp', aliases: [], category: 'messenger' }] },
      builtIn: { extract: () => ({ ...own, why: WHY }) },
    },
  );
  return {
    clock,
    lines,
    asked,
    read: async (more?: ExtractOptions, text: Partial<NewsText> = {}) =>
      await extractor.extract({ ...TEXT, ...text }, more),
  };
}

const BLOCK = '{"events":[{"action":"block","countries":["RU"],"services":["whatsapp"],"method":"dns"}]}';
const NONE = '{"events":[]}';

describe('a language model decides where the built-in extractor is torn', () => {
  test('an answer of its own: it stands, with the language and credit of the built-in extractor', async () => {
    const { read, asked } = world(() => BLOCK);
    expect(await read()).toEqual({
      relevant: true,
      events: [{ action: 'block', countries: ['RU'], services: ['whatsapp'], method: 'dns', confidence: 0.8 }],
      lang: 'en',
      credit: 'reuters',
    });
    expect(asked[0]!.url).toBe('http://model.test/v1/chat/completions');
    expect(asked[0]!.timeoutMs).toBe(5_000);
  });

  test('services and countries that the text does not bring up: left out; a network: kept', async () => {
    const { read } = world(
      () =>
        '{"events":[{"action":"block","countries":["RU"],"services":["signal"]},{"action":"block","countries":["KE"],"services":["whatsapp"]},{"action":"shutdown","countries":["RU","UK"],"services":["internet"],"method":"magic"}]}',
    );
    expect((await read()).events).toEqual([
      { action: 'shutdown', countries: ['RU'], services: ['internet'], confidence: 0.8 },
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
      { action: 'block', countries: ['RU'], services: ['whatsapp'], method: 'dns', region: 'Kazan', confidence: 0.95 },
    ]);
  });

  test('the model finds no news where the built-in extractor does: none', async () => {
    const { read } = world(() => NONE, {}, grey(0.9));
    expect(await read()).toEqual({ ...grey(0.9), relevant: false, events: [] });
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
    const asks = [0.9, 0.9, 0.9, 0.3, 0.3, 0.9].map((worth) => budget.take(worth, 'a', 0));
    expect(asks).toEqual([true, true, true, false, false, true]);
    expect(budget.take(0.3, 'a', 3_600_000)).toBe(true);
  });

  test('one publisher floods: a tenth of the hour is its, the rest the others’', () => {
    const budget = createBudget(100);
    const flood = Array.from({ length: 50 }, () => budget.take(1, 'flood', 0));
    expect(flood.filter((granted) => granted)).toHaveLength(10);
    expect(budget.take(1, 'other', 0)).toBe(true);
    expect(budget.take(1, 'flood', 3_600_000)).toBe(true);
  });

  test('what it is given: the choice and the candidates; and a reading asked to explain does so', async () => {
    const { read, asked } = world(() => BLOCK, {}, grey(0.6));
    expect(await read()).not.toHaveProperty('why');
    expect(await read({ explain: true })).toHaveProperty('why', WHY);
    const { messages, max_tokens: tokens } = JSON.parse(String(asked[0]!.body)) as {
      messages: { content: string }[];
      max_tokens: number;
    };
    expect(tokens).toBe(600);
    expect(messages[1]!.content).toContain(
      'Countries to choose from: RU\nServices to choose from: whatsapp internet\n',
    );
    expect(messages[1]!.content).toContain('RU/whatsapp/block 0.6');
  });

  test.each([
    ['no JSON', 'Sure! Here is the answer'],
    ['another form', '{"relevant":true}'],
    ['an action that does not exist', '{"events":[{"action":"explode"}]}'],
  ])(
    '%s: asked once more, then that text alone is the built-in extractor’s; one warning without the key',
    async (_name, odd) => {
      let isOdd = true;
      const { read, lines, asked } = world(() => (isOdd ? odd : BLOCK));
      expect(await read()).toEqual(OWN);
      expect(asked.map(({ body }) => JSON.parse(String(body)).temperature)).toEqual([0, 0.6]);
      expect(lines).toHaveLength(1);
      expect(lines.join()).not.toContain('sk-very-secret');
      isOdd = false;
      expect((await read()).relevant).toBe(true);
    },
  );

  test('an odd answer, then one of the form: that one counts, and nobody is warned', async () => {
    let times = 0;
    const { read, lines } = world(() => (times++ === 0 ? 'Hm' : BLOCK));
    expect((await read()).relevant).toBe(true);
    expect(lines).toEqual([]);
  });

  test('a publisher about whose texts nothing comes back: its own rest for a minute, others are asked', async () => {
    let isHostile = true;
    const { read, clock, asked } = world(() => (isHostile ? new Error('timeout') : BLOCK));
    await read({}, { publisher: 'hostile' });
    isHostile = false;
    expect(await read({}, { publisher: 'hostile' })).toEqual(OWN);
    expect((await read({}, { publisher: 'honest' })).relevant).toBe(true);
    expect(asked).toHaveLength(2);
    await clock.pass(60_000);
    expect((await read({}, { publisher: 'hostile' })).relevant).toBe(true);
  });

  test('an endpoint that is dead: after three publishers left alone for a minute, one warning, then asked again and a word that it works', async () => {
    let down = true;
    const { read, clock, lines, asked } = world(() => (down ? new Error('timeout') : BLOCK));
    for (let i = 0; i < 9; i++) expect(await read({}, { publisher: `p${i}` })).toEqual(OWN);
    expect(asked).toHaveLength(3);
    down = false;
    await clock.pass(60_000);
    expect((await read()).relevant).toBe(true);
    expect(lines).toEqual([expect.stringContaining('no usable answer'), 'The language model answers again']);
  });

  test('an endpoint that refuses temperature and form, as some models that think do: asked without them from then on', async () => {
    const { read, asked } = world(({ body }) => ('temperature' in JSON.parse(String(body)) ? 400 : BLOCK));
    expect((await read()).relevant).toBe(true);
    expect((await read()).relevant).toBe(true);
    expect(asked.map(({ body }) => JSON.parse(String(body)).max_completion_tokens)).toEqual([undefined, 600, 600]);
  });

  test('more texts than an hour allows: the built-in extractor takes the rest', async () => {
    const { read, clock, asked } = world(() => BLOCK, { perHour: 3 });
    for (let i = 0; i < 5; i++) await read();
    expect(asked).toHaveLength(3);
    expect(await read()).toEqual(OWN);
    await clock.pass(3_600_000);
    expect((await read()).relevant).toBe(true);
  });
});
