import { execFile } from 'node:child_process';
import type { Endpoint } from './endpoint.ts';
import type { Session } from './session.ts';

let curlSpeaksH3: Promise<boolean> | null = null;

const run = (args: string[], signal: AbortSignal): Promise<{ code: number; out: string }> =>
  new Promise((resolve) => {
    const child = execFile('curl', args, { timeout: 8_000, maxBuffer: 65_536, signal }, (error, out) => {
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, out });
    });
    child.on('error', () => undefined);
  });

/** HTTP/3 by an installed curl that can (Node has no stable QUIC client); null where it cannot be measured. A note, never a verdict. */
export async function measureQuic(
  session: Session,
  name: string,
  e: Endpoint | null,
  signal: AbortSignal,
): Promise<'ok' | 'blocked' | null> {
  if (!e?.page?.h3 || signal.aborted) return null;
  // Looked for once: whoever is stopped meanwhile must not settle it for all.
  curlSpeaksH3 ??= run(['-V'], new AbortController().signal).then((r) => r.code === 0 && /\bHTTP3\b/.test(r.out));
  if (!(await curlSpeaksH3)) return null;
  if (await speaks(name, e.address, 3, signal)) return 'ok';
  // Does this line carry QUIC at all?
  for (const site of session.vantage.reference_sites) {
    const address = e.family === 4 ? site.v4 : site.v6;
    if (address && (await speaks(site.name, address, 1, signal))) return 'blocked';
  }
  return null;
}

async function speaks(name: string, address: string, tries: number, signal: AbortSignal): Promise<boolean> {
  const at = address.includes(':') ? `[${address}]` : address;
  for (let n = 0; n < tries && !signal.aborted; n++) {
    const { code } = await run(
      [
        '-sk',
        '--http3-only',
        '-o',
        '/dev/null',
        '-r',
        '0-1023',
        '-m',
        '3',
        '--connect-to',
        `${name}:443:${at}:443`,
        `https://${name}/`,
      ],
      signal,
    );
    if (code === 0) return true;
  }
  return false;
}
