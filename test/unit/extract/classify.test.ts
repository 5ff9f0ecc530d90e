import { expect, test } from 'vitest';
import { classifyLine } from '../../../src/cli/classify.ts';
import { extractor } from './extractor.ts';

const line = (item: object, explain = false) => JSON.parse(classifyLine(extractor, JSON.stringify(item), explain));

test('an item of news: id, relevant and events, nothing else', () => {
  expect(line({ id: 'n1', title: 'Russia removes WhatsApp from national DNS', summary: '' })).toEqual({
    id: 'n1',
    relevant: true,
    events: [{ action: 'block', countries: ['RU'], services: ['whatsapp'], method: 'dns' }],
  });
});
test('no news: no events', () => {
  expect(line({ id: 'n2', title: 'Rain in Lisbon', summary: '' })).toEqual({ id: 'n2', relevant: false, events: [] });
});
test('only a title: read all the same', () => {
  expect(line({ id: 'n3', title: 'Kenya blocks Telegram' }).relevant).toBe(true);
});
test('explained: why and the credited source as well', () => {
  const answer = line({ id: 'n4', title: 'Kenya blocks Telegram, Reuters reports', summary: '' }, true);
  expect(answer.why.rules).toContain('block asserted');
  expect(answer.credit).toBe('reuters');
});
test('an id that is a number, and none: kept, and null', () => {
  expect(line({ id: 7, title: 'x' }).id).toBe(7);
  expect(line({ title: 'x' }).id).toBeNull();
});
