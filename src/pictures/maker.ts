/** Runs in a process of its own: makes one picture at a time. */
import { fileURLToPath } from 'node:url';
import { serveJobs } from '../platform/in-helper.ts';
import type { PictureJob } from './host.ts';
import { encodePng } from './png.ts';

// The rasteriser asks for a report of this process to find its native part: without a look at the network that takes no time.
Object.assign(process.report ?? {}, { excludeNetwork: true });

/** Those of `config/fonts/`: the same picture on every machine, whatever is installed there. */
const FONTS = ['sans.ttf', 'sans-bold.ttf', 'sans-sc.ttf'].map((name) =>
  fileURLToPath(new URL(`../../config/fonts/${name}`, import.meta.url)),
);
const font = { fontFiles: FONTS, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' };

await serveJobs(async () => {
  const { Resvg } = await import('@resvg/resvg-js');
  return ({ svg }: PictureJob) => {
    // Throws where the text is no SVG.
    const { pixels, width, height } = new Resvg(svg, { font, logLevel: 'off' }).render();
    return { png: encodePng(pixels, width, height) };
  };
});
