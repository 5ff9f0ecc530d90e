/** A setup before it is written: what was answered, and the text that comes of it. */
import { readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import { PACKAGE_ROOT } from '../../config/loading.ts';
import { displayName } from '../../config/read.ts';
import type { Env } from '../../config/secrets.ts';
import { TocsinError } from '../../core/errors.ts';
import type { Placed } from './accounts.ts';
import type { Before } from './before.ts';
import { asBundled, type BundledSource } from './bundled.ts';
import { applied, type Edit, edited } from './edit.ts';
import { type Answers, planEdits } from './plan.ts';
import { OWN_NAME, type VantageAnswer } from './questions.ts';
import { writeSetup } from './write.ts';

export interface Draft {
  placed: readonly Placed[];
  answers: Pick<Answers, 'countries' | 'languages' | 'sources'>;
  vantage: VantageAnswer;
  bundled: readonly BundledSource[];
}

const HEADER = `# The configuration of Tocsin, written by \`tocsin setup\`; run that again to change it, or edit it: what you write here stays. Every key is explained in
# config/tocsin.example.yaml. Secrets stand in files of their own (file:PATH, relative to this file), readable for their owner alone.
`;

/** What would change in this configuration. */
export function editsOf(
  before: Before,
  { placed, answers, vantage, bundled }: Draft,
  operators: readonly string[],
): Edit[] {
  const folder = dirname(before.file);
  const own = vantageName(vantage, folder);
  const all: Answers = {
    ...answers,
    ...(own === undefined ? {} : { vantage: own }),
    accounts: placed.map(({ account }) => account),
    operators,
  };
  return planEdits(before.data, all, { bundled, asBundled: (written) => asBundled(written, folder) });
}

/** As the configuration names it; undefined = it stays. */
function vantageName(vantage: VantageAnswer, folder: string): string | null | undefined {
  if (vantage.do === 'keep') return undefined;
  if (vantage.do === 'none') return null;
  if (vantage.do === 'here') return OWN_NAME;
  const short = relative(folder, vantage.file);
  return short.startsWith('..') ? vantage.file : short.split(sep).join('/');
}

export function textOf(before: Before, edits: readonly Edit[]): string {
  if (/\.json$/i.test(before.file)) return `${JSON.stringify(edits.reduce(applied, before.data), null, 2)}\n`;
  return edited(before.text ?? HEADER, edits);
}

/** Writes all of it, or throws `config_invalid` and has changed nothing. A configuration that was sound has to stay so. */
export async function writeDraft(
  before: Before,
  { text, draft }: { text: string; draft: Draft },
  { env, cwd }: { env: Env; cwd: string },
): Promise<void> {
  const { placed, vantage } = draft;
  const about = vantage.do === 'here' ? vantage.about : null;
  await writeSetup({
    file: before.file,
    text,
    secrets: Object.assign({}, ...placed.map(({ secrets }) => secrets)) as Record<string, string>,
    others: about ? { [OWN_NAME]: vantageText(about) } : {},
    async check(trial) {
      if (before.fault !== null) return;
      try {
        await loadConfig({ file: trial, env, cwd });
      } catch (error) {
        if (!(error instanceof TocsinError)) throw error;
        const told = error.message.replaceAll(displayName(trial, cwd), before.name).replaceAll('.new', '');
        throw new TocsinError(
          'config_invalid',
          `The configuration would not be sound, so nothing was written:\n${told}`,
        );
      }
    },
  });
}

/** The bundled vantage file with the line's own country and network. */
function vantageText({ country, asn }: { country: string | null; asn: string | null }): string {
  const text = readFileSync(join(PACKAGE_ROOT, 'config/vantage.default.yaml'), 'utf8');
  const edits: Edit[] = [
    ...(country ? [{ do: 'set', path: ['country'], value: country, comment: 'Where the line is.' } as const] : []),
    ...(asn ? [{ do: 'set', path: ['asn'], value: asn, comment: 'The network that it belongs to.' } as const] : []),
  ];
  return edited(text, edits);
}
