import { fileURLToPath } from 'node:url';
import type { Problems } from './problems.ts';
import type { Env } from './secrets.ts';

/** Where the bundled `config/` lies. */
export const PACKAGE_ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Unset {
  /** Of the source. */
  id: string;
  variable: string;
}

/** What every loader of a part is handed. */
export interface Loading {
  env: Env;
  cwd: string;
  packageRoot: string;
  problems: Problems;
  redactions: Set<string>;
  files: Set<string>;
  /** Keys that a source does without, since their variables are not set. */
  unset: Unset[];
}
