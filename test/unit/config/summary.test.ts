import { expect, test } from 'vitest';
import { summaryOf } from '../../../src/config/sources.ts';

const feeds = (...langs: (string | undefined)[]) =>
  langs.map((lang, i) => ({ id: `f${i}`, kind: 'rss', ...(lang ? { lang } : {}) }));
const agent = { id: 'a', token: 'x', country: 'EE', asn: 'AS1' };

const observatory = { id: 'ooni', kind: 'ooni' };

test.each([
  [
    'a feed and an observatory',
    { sources: [...feeds('en'), observatory], vantage: null, agents: [] },
    'reads 1 feed, asks ooni; no measurements of its own',
  ],
  ['nothing', { sources: [], vantage: null, agents: [] }, 'reads no feeds; no measurements of its own'],
  ['one feed', { sources: feeds('en'), vantage: null, agents: [] }, 'reads 1 feed; no measurements of its own'],
  [
    'the press',
    { sources: feeds('en'), feeds: { countries: ['TR', 'UG'], follow: true }, vantage: null, agents: [] },
    'reads 1 feed, the press of TR, UG and of what chats follow; no measurements of its own',
  ],
  [
    'the press of what chats follow',
    { sources: [observatory], feeds: { countries: [], follow: true }, vantage: null, agents: [] },
    'reads no feeds, the press of what chats follow, asks ooni; no measurements of its own',
  ],
  [
    'several languages',
    { sources: feeds('en', 'ru', 'ru', undefined), vantage: null, agents: [] },
    'reads 4 feeds in 2 languages; no measurements of its own',
  ],
  [
    'a vantage point and agents',
    { sources: feeds('en'), vantage: { file: '/v.yaml', data: { id: 'home' } }, agents: [agent, agent] },
    'reads 1 feed; measures from home and by 2 agents',
  ],
])('%s: one line', (_name, config, expected) =>
  expect(summaryOf({ feeds: { countries: [], follow: false }, ...config })).toBe(expected),
);
