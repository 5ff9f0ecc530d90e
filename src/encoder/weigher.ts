/** Runs in a process of its own: weighs one text at a time. */
import CARD from '../../config/encoder/card.json' with { type: 'json' };
import { serveJobs } from '../platform/in-helper.ts';
import type { EncoderJob } from './host.ts';
import { createModel } from './model.ts';

const FILE = 'config/encoder/encoder.bin';

await serveJobs(async () => {
  try {
    const model = createModel(new URL(`../../${FILE}`, import.meta.url), CARD.sha256);
    return ({ asked }: EncoderJob) => ({ encoded: model(asked) });
  } catch (error) {
    throw new Error(`${FILE}: ${(error as Error).message}`, { cause: error });
  }
});
