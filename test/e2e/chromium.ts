import { existsSync } from 'node:fs';

/** Debian's, or another one; undefined where there is none. */
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const chromiumPath = process.env.TOCSIN_TEST_CHROMIUM ?? BROWSERS.find((path) => existsSync(path));
