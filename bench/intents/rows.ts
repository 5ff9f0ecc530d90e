/** Sentences and what they want, to learn from: `node bench/intents/rows.ts FILE` writes them for `learn.py`. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

interface Row {
  lang: string;
  label: string;
  text: string;
  /** Of five: which situations are left out together. -1: of the lists of the tests, which are learnt from, and never tested on here. */
  fold: number;
}

const linesOf = (path: URL): string[] => readFileSync(path, 'utf8').trimEnd().split('\n');
const said = new URL('said/', import.meta.url);
const ask = new URL('../../test/unit/commands/ask/', import.meta.url);

const own = readdirSync(said)
  .sort()
  .flatMap((file): Row[] => {
    const seen = new Map<string, number>();
    return linesOf(new URL(file, said)).map((line) => {
      const [label = '', text = ''] = line.split('\t');
      const before = seen.get(label) ?? 0;
      seen.set(label, before + 1);
      return { lang: file.slice(0, 2), label, text, fold: (before + 1) % 5 };
    });
  });
export const kinds = [...new Set(own.map(({ label }) => label))].sort();

const SAME: Record<string, string> = {
  mute: 'quiet',
  subscribe: 'follow',
  unsubscribe: 'stop',
  history: 'since',
  which: 'status',
  host: 'status',
  place: 'status',
};
/** Questions; what is an order there is found by rules. */
const ASKED = new Set(['status', 'network', 'which', 'none', 'history', 'language']);
/** There a question that wants more than how it stands ("when is it back") is one, too: these are not learnt as that. Told apart by what `said/` teaches. */
const MORE = new Set(linesOf(new URL('not-status.txt', import.meta.url)));
/** Thanks are no answer there. */
const THANKS = /merci|thx|thank|danke|gracias|teşekk|дякую|спасибо|شكرا|مرسی|ممنون|谢谢/iu;

const ofTests = readdirSync(ask, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.txt') && !path.startsWith('names'))
  .sort()
  .flatMap((path): Row[] =>
    linesOf(new URL(path, ask)).flatMap((line) => {
      if (!line.includes(' => ') || line.includes(' >> ')) return [];
      const [text = '', meaning = ''] = line.split(' => ');
      const name = meaning.split(/[ |]/u, 1)[0]!.replace('network', 'status');
      const label = SAME[name] ?? name;
      const isMeant = path.startsWith('people') || (ASKED.has(name) && !(name === 'none' && THANKS.test(text)));
      const bare = path === 'fifth.txt' ? text.slice(4) : text;
      return isMeant && kinds.includes(label) && !(label === 'status' && MORE.has(bare))
        ? [{ lang: '', label, text: bare, fold: -1 }]
        : [];
    }),
  );

export const rows: readonly Row[] = [...own, ...ofTests];

if (import.meta.main)
  writeFileSync(process.argv[2]!, JSON.stringify(rows.map(({ lang, label, text, fold }) => [lang, label, text, fold])));
