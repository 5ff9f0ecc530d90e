/** Runs in a process of its own: takes `PictureJob`s one at a time and answers each; the host ends it when it takes too long. */
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { PictureAnswer, PictureGreeting, PictureJob } from './host.ts';
import { encodePng } from './png.ts';

// On a busy machine those who answer people go first.
try {
  setPriority(5);
} catch {
  // A sandbox that forbids it: then it is not so.
}
// Ctrl-C in a terminal reaches us as well; the host says when it is over, and goes away when it has to.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());

const say = (word: PictureGreeting | PictureAnswer): void => void process.send?.(word);

// The rasteriser asks for a report of this process to find its native part: without a look at the network that takes no time.
Object.assign(process.report ?? {}, { excludeNetwork: true });

/** Those of `config/fonts/`: the same picture on every machine, whatever is installed there. */
const FONTS = ['sans.ttf', 'sans-bold.ttf', 'sans-sc.ttf'].map((name) =>
  fileURLToPath(new URL(`../../config/fonts/${name}`, import.meta.url)),
);
const font = { fontFiles: FONTS, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' };

try {
  const { Resvg } = await import('@resvg/resvg-js');
  process.on('message', ({ id, svg }: PictureJob) => {
    try {
      // Throws where the text is no SVG.
      const { pixels, width, height } = new Resvg(svg, { font, logLevel: 'off' }).render();
      say({ id, png: encodePng(pixels, width, height) });
    } catch (error) {
      say({ id, error: String(error).slice(0, 200) });
    }
  });
  say({ ready: true });
} catch (error) {
  say({ ready: false, reason: String((error as Error)?.message ?? error).slice(0, 300) });
}
