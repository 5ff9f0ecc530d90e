import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Publishers } from '../core/ports/reading.ts';
import { type PublisherRows, createPublishers } from '../core/publishers.ts';

const FILE = new URL('../../config/publishers.yaml', import.meta.url);

/** The bundled ones. YAML that is JSON too, apart from lines of comment. */
const read = (): PublisherRows => JSON.parse(readFileSync(FILE, 'utf8').replace(/^#.*$/gm, ''));

const require = createRequire(import.meta.url);

/** Customers of hosting platforms are owners of their own. The list of suffixes is loaded when a domain that nobody knows turns up. */
const domainOf = (host: string): string | null =>
  (require('tldts') as typeof import('tldts')).getDomain(host, { allowPrivateDomains: true, validateHostname: false });

export const bundledPublishers = (): Publishers => createPublishers(read, domainOf);
