/** A centre for tests: an agent desk behind HTTPS whose memory is two files. Arguments: folder, address, port, certificate, key. */
import { appendFileSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { systemClock } from '../../../src/platform/clock.ts';
import { createLog } from '../../../src/platform/log.ts';
import { createAgentIntake } from '../../../src/sources/probe/agent-intake.ts';

const [folder = '', address = '', port = '', certificate = '', key = ''] = process.argv.slice(2);
const stateFile = join(folder, 'state.json');
const results = join(folder, 'results.jsonl');
const state: Record<string, unknown> = existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, 'utf8')) : {};
const seen = new Set(
  existsSync(results)
    ? readFileSync(results, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((l) => (JSON.parse(l) as { id: string }).id)
    : [],
);
const file = openSync(results, 'a');
const desk = await createAgentIntake({
  agents: [{ id: 'agent-one', token: 'a-token-of-twenty-letters', country: 'RU', asn: 'AS64501' }],
  clock: systemClock,
  log: createLog({ clock: systemClock }),
  state: {
    get: (name) => Promise.resolve(state[name]),
    set: (name, value) => {
      state[name] = value;
      writeFileSync(`${stateFile}.tmp`, JSON.stringify(state));
      renameSync(`${stateFile}.tmp`, stateFile);
      return Promise.resolve();
    },
    delete: () => Promise.resolve(),
  },
  deliver(_id, measurements) {
    for (const m of measurements) {
      if (seen.has(m.id)) continue;
      seen.add(m.id);
      appendFileSync(
        file,
        `${JSON.stringify({ id: m.id, at: m.at, cc: m.probeCc, asn: m.probeAsn, target: m.target, verdict: m.verdict })}\n`,
      );
    }
    fsyncSync(file);
    return Promise.resolve();
  },
});

createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (req, res) => {
  const pieces: Buffer[] = [];
  req.on('data', (chunk: Buffer) => pieces.push(chunk));
  req.on('end', () => {
    void desk
      .handle({
        method: req.method ?? '',
        authorization: req.headers.authorization ?? null,
        body: async () => Buffer.concat(pieces),
      })
      .then(({ status, body }) => res.writeHead(status, { 'content-type': 'application/json' }).end(body));
  });
}).listen(Number(port), address);
