/** The one door to the rasteriser. Loaded in the worker alone. */
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { encodePng } from './png.ts';

/** Those of `config/fonts/`: the same picture on every machine, whatever is installed there. */
const FONTS = ['sans.ttf', 'sans-bold.ttf', 'sans-sc.ttf'].map((name) =>
  fileURLToPath(new URL(`../../config/fonts/${name}`, import.meta.url)),
);

/** Throws where the text is no SVG. */
export function rasterise(svg: string): Uint8Array {
  const font = { fontFiles: FONTS, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' };
  const image = new Resvg(svg, { font, logLevel: 'off' }).render();
  return encodePng(image.pixels, image.width, image.height);
}
