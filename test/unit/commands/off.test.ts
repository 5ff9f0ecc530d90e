import { describe, expect, test } from 'vitest';
import { NOW } from '../render/support.ts';
import { createBot, healthy, source } from './support.ts';

const operator = { sender: 'telegram:1' };
const off = [{ id: 'radar', kind: 'radar', why: 'no-token' as const }];
const sources = (over: object, lang = 'en') =>
  createBot({ health: async () => ({ ...healthy, ...over }) }).say('sources', { ...operator, lang });

describe('a source that is off', () => {
  test.each([
    ['en', /⚪ radar.*off: no token/, '3 sources'],
    ['ru', /⚪ radar.*выключен: нет токена/, '3 источника'],
  ])('%s: named as off, and not as read', async (lang, line, count) => {
    const said = await sources({ off }, lang);
    expect(said).toMatch(line);
    expect(said).toContain(count);
    expect(said.split('\n').find((row) => row.includes('radar'))).not.toMatch(/ago|назад/);
  });

  test('the only one: it is named, and nothing is said to be well', async () => {
    expect(await sources({ sources: [], off })).toContain('radar');
    const bot = createBot({ health: async () => ({ ...healthy, sources: [], off }) });
    expect(await bot.say('status ru')).toContain('I have no sources');
  });

  test('beside others: it counts neither as read nor as failing', async () => {
    const health = async () => ({ ...healthy, sources: [source({ lastOkAt: NOW, lastPollAt: NOW })], off });
    const said = await createBot({ health }).say('ping');
    expect(said).toMatch(/1 of 1/);
    expect(said).not.toContain('radar');
  });
});

describe('more is followed than observatories are asked for', () => {
  const leftOut = (countries: number, services: number, isMore = false) => ({
    leftOut: { countries, services, isMore },
  });
  test.each([
    ['countries', leftOut(1, 0), 'least wanted: 1 country'],
    ['both', leftOut(15, 12), 'least wanted: 15 countries, 12 services'],
    ['services', leftOut(0, 2), 'least wanted: 2 services'],
    ['more than could be counted', leftOut(3, 0, true), 'least wanted: at least 3 countries'],
  ])('%s: said with the number', async (_name, over, words) => expect(await sources(over)).toContain(words));

  test('Russian', async () => {
    expect(await sources(leftOut(21, 5), 'ru')).toContain(
      'Обсерватории не спрашиваю о наименее нужном: 21 страна, 5 сервисов',
    );
  });

  test('nothing is left out: no word', async () => {
    for (const over of [{}, { leftOut: null }]) expect(await sources(over)).not.toMatch(/least wanted/);
  });
});
