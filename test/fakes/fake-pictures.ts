import type { Picture } from '../../src/core/model/message.ts';
import type { Pictures } from '../../src/core/ports/chat-adapter.ts';
import { encodePng } from '../../src/pictures/png.ts';

export interface FakePictures extends Pictures {
  /** Drawings that were asked for, in order. */
  readonly asked: string[];
}

/** Makes a plain picture of the right size of any drawing, and none of one that holds "impossible". */
export function fakePictures(): FakePictures {
  const asked: string[] = [];
  return {
    asked,
    async png({ svg, width, height }) {
      asked.push(svg);
      return svg.includes('impossible') ? null : encodePng(new Uint8Array(width * height * 4).fill(255), width, height);
    },
    soon() {},
    possible: () => true,
  };
}

export const pictureOf = (svg: string, over: Partial<Picture> = {}): Picture => ({
  svg,
  width: 144,
  height: 60,
  alt: 'Timeline: Russia. WhatsApp: blocked.',
  ...over,
});
