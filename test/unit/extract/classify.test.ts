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
test('a page in the place of the site: the method', () => {
  const [event] = line({ id: 'n8', title: 'Kenya blocks Telegram with a block page' }).events;
  expect(event.method).toBe('http');
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
test('explained: clauses with the phrase and its file, the rules that fired, what was turned down, the runner-up', () => {
  const { why } = line(
    { id: 'n5', title: 'Kenya blocks Telegram', summary: 'Uganda had blocked Signal in 2021.' },
    true,
  );
  const [title] = why.clauses;
  expect(title.names).toEqual(['telegram']);
  expect(title.acts).toEqual([{ text: 'blocks', class: 'block', phrase: 'blocks', file: 'en.yaml' }]);
  expect(why.fired).toContainEqual({ rule: 'scene/named', text: 'Kenya' });
  expect(why.rejected).toContainEqual({ text: 'blocked', as: 'block', id: 'background', why: 'background' });
  expect(why.candidates[0].triple).toBe('KE/telegram/block');
});
test('a reason of a family: said in words', () => {
  const { why } = line({ id: 'n6', title: 'YouTube blocks RT in Kenya' }, true);
  expect(why.rejected).toContainEqual({ text: 'blocks', as: 'block', id: 'own-doing', why: 'done by youtube itself' });
});
test('an id that is a number, and none: kept, and null', () => {
  expect(line({ id: 7, title: 'x' }).id).toBe(7);
  expect(line({ title: 'x' }).id).toBeNull();
});
