import { createPictures } from '../../pictures/index.ts';
import type { CheckDeps, Row } from './table.ts';

const NAME = 'timelines';
const SAMPLE = {
  svg: '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="#c00"/></svg>',
  width: 8,
  height: 8,
  alt: '',
};

/** Makes one small picture. A system that can make none is no fault: answers are complete without. */
export async function checkPictures({ log }: Pick<CheckDeps, 'log'>): Promise<Row[]> {
  const pictures = createPictures(log);
  try {
    const png = await pictures.png(SAMPLE);
    const detail = png
      ? 'pictures can be made'
      : `no pictures, answers are text alone: ${pictures.problem() ?? 'it failed'}`;
    return [{ part: 'pictures', name: NAME, ok: true, detail }];
  } finally {
    await pictures.stop();
  }
}
