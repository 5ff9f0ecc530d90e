/** Runs in a process of its own: weighs one text at a time. */
import CARD from '../../config/encoder/card.json' with { type: 'json' };
import WANTS from '../../config/encoder/intents.json' with { type: 'json' };
import type { Ranked } from '../core/ports/encoder.ts';
import { serveJobs } from '../platform/in-helper.ts';
import type { EncoderJob, Weighed } from './host.ts';
import { createModel } from './model.ts';

const FILE = 'config/encoder/encoder.bin';
const WANTS_FILE = 'config/encoder/intents.bin';
const at = (file: string): URL => new URL(`../../${file}`, import.meta.url);

await serveJobs(async () => {
  try {
    const model = createModel(at(FILE), CARD.sha256);
    let wants: ((text: string) => Ranked) | null = null;
    return ({ asked, said }: EncoderJob): Weighed => {
      if (asked) return { encoded: model(asked) };
      try {
        wants ??= model.wants(at(WANTS_FILE), WANTS.sha256);
      } catch (error) {
        return { never: `${WANTS_FILE}: ${(error as Error).message}` };
      }
      return { ranked: wants(said!) };
    };
  } catch (error) {
    throw new Error(`${FILE}: ${(error as Error).message}`, { cause: error });
  }
});
