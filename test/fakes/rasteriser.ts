import { createRequire } from 'node:module';

/** Why tests that make real pictures are left out where they are. */
export const NEEDS_RASTERISER = 'needs the native part of @resvg/resvg-js (npm ci)';

export function hasRasteriser(): boolean {
  try {
    createRequire(import.meta.url)('@resvg/resvg-js');
    return true;
  } catch {
    return false;
  }
}
