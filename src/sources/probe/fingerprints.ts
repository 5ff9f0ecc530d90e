import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { parse } from 'yaml';
import { type Fingerprint, locationHost, matchFingerprint } from '../../core/judge/http.ts';
import type { Page } from '../../core/judge/observations.ts';
import type { HttpAnswer } from './net/http1.ts';

const texts = v.optional(v.pipe(v.array(v.pipe(v.string(), v.toLowerCase(), v.minLength(4))), v.maxLength(20)), []);
const entry = v.strictObject({
  id: v.string(),
  country: v.optional(v.nullable(v.pipe(v.string(), v.length(2))), null),
  seen: v.string(),
  redirect: texts,
  title: texts,
  body: texts,
});
const schema = v.strictObject({
  block_pages: v.array(entry),
  not_censorship: v.array(entry),
  censor_issuers: v.array(v.pipe(v.string(), v.toLowerCase(), v.minLength(6))),
});

export type Fingerprints = Awaited<ReturnType<typeof loadFingerprints>>;

/** The bundled list (`config/block-pages.yaml`), or another of the same form. `censorIssuers`: lower-case parts of issuers' names. */
export async function loadFingerprints(
  file: URL | string = new URL('../../../config/block-pages.yaml', import.meta.url),
) {
  const data = v.parse(schema, parse(await readFile(file, 'utf8')));
  return { blockPages: data.block_pages, benign: data.not_censorship, censorIssuers: data.censor_issuers };
}

/** An HTTP answer as facts: what is in the body is looked at here and then forgotten. */
export function pageFacts(answer: HttpAnswer, prints: Fingerprints, now: number): Page {
  const text = answer.body.toString('utf8');
  const title = /<title[^>]{0,200}>([^<]{0,300})/i.exec(text)?.[1]?.trim() ?? null;
  const location = answer.headers.get('location')?.slice(0, 300) ?? null;
  const page = {
    redirectHost: locationHost(location),
    location,
    title: (title ?? '').toLowerCase(),
    body: text.toLowerCase(),
  };
  const fingerprint = matchFingerprint(prints.blockPages, page);
  const known = prints.blockPages.find(({ id }) => id === fingerprint);
  const excerpt = known ? excerptOf(page.body, known) : '';
  const date = Date.parse(answer.headers.get('date') ?? '');
  return {
    outcome: answer.outcome,
    status: Math.max(0, answer.status),
    location,
    bytes: answer.body.length,
    title: title?.slice(0, 120) ?? null,
    sha256: answer.sha256,
    headers: [...answer.headers.keys()].sort().slice(0, 40),
    fingerprint,
    ...(excerpt === '' ? {} : { excerpt }),
    benign: matchFingerprint(prints.benign, page),
    h3: /\bh3(-\d+)?=/.test(answer.headers.get('alt-svc') ?? ''),
    skewMs: Number.isNaN(date) ? null : date - now,
    ms: answer.ms,
  };
}

/** The phrases of a fingerprint as they stand in a body (lower case), with some signs around each; empty where they are in head or address. */
function excerptOf(body: string, print: Fingerprint): string {
  const found = print.body.map((phrase) => {
    const at = body.indexOf(phrase);
    return at < 0 ? '' : body.slice(Math.max(0, at - 30), at + phrase.length + 30);
  });
  return found.join(' … ').slice(0, 1_500).trim();
}

/** Paths of scripts, styles and pictures on the same host, for speed measurements; at most 20. */
export function assetPaths(body: Buffer, host: string): string[] {
  const found = new Set<string>();
  for (const m of body.toString('latin1').matchAll(/(?:src|href)\s*=\s*["']([^"'<>\s]{1,300})["']/gi)) {
    const url = URL.parse(m[1]!, `https://${host}/`);
    if (!url || url.hostname !== host || url.protocol !== 'https:') continue;
    if (!/\.(js|mjs|css|png|jpe?g|webp|gif|svg|woff2?|ico)$/i.test(url.pathname)) continue;
    found.add(url.pathname + url.search);
    if (found.size >= 20) break;
  }
  return [...found];
}
