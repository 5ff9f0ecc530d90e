import { expect, test } from 'vitest';
import { renderTestAlert } from '../../../src/core/render/alert.ts';
import { NOW, asText, translators } from './support.ts';

const view = { timeZone: 'UTC', now: NOW };

test('in ten languages: the word that it is a test comes first, then an alert as it looks, about nothing that exists', () => {
  const heads = new Set<string>();
  for (const { code } of translators.languages) {
    const words = translators.of(code);
    const text = asText(renderTestAlert(view, words));
    expect(text.startsWith(`🔔 ${words.say('test.head')}`), code).toBe(true);
    expect(text, code).toContain(`🔴 `);
    expect(text, code).toContain(words.say('test.country'));
    expect(text, code).toContain('Example Messenger');
    expect(text, code).toContain('herald.example.org');
    expect(text, code).not.toMatch(/ZZ|undefined|\{/);
    heads.add(words.say('test.head'));
  }
  expect(heads.size).toBe(10);
});

test('it rings as an alert does, and has no id and no buttons, since there is no incident', () => {
  const document = renderTestAlert(view, translators.of('en'));
  expect(document).toMatchObject({ tone: 'alert', buttons: [], lang: 'en' });
  expect(document.blocks.some((block) => block.type === 'note')).toBe(false);
});
