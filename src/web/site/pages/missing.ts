import { html } from '../html.ts';
import type { Made } from '../shelf.ts';
import { framed } from './frame.ts';
import type { View } from './view.ts';

/** For an address under which there is nothing; `path` is not repeated: a stranger wrote it. */
export function missingPage(view: View, sentence: string | null = null): Made {
  const { words } = view;
  const title = words.say('site.missing');
  const body = html`<h1>${title}</h1>
${sentence === null ? '' : html`<p>${view.text(sentence)}</p>`}
<p>${words.say('site.missingHelp')}</p>`;
  return framed({ title, path: '/', status: 404, unlisted: true, body }, view);
}
