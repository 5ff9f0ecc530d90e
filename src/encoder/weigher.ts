/** Runs in a process of its own: takes `EncoderJob`s one at a time and answers each; the host ends it when it takes too long. */
import CARD from '../../config/encoder/card.json' with { type: 'json' };
import { serve } from '../platform/one-helper.ts';
import type { EncoderJob } from './host.ts';
import { createModel } from './model.ts';

await serve<EncoderJob>(async () => {
  const model = createModel(new URL('../../config/encoder/encoder.bin', import.meta.url), CARD.sha256);
  return ({ asked }) => ({ encoded: model(asked) });
}, 'config/encoder/encoder.bin: ');
