import type { RoundAlert } from '../../core/judge/rounds.ts';
import { spell, type TargetVerdict } from '../../core/judge/verdict.ts';
import type { CommandDeps } from '../kind.ts';
import type { RoundResult } from './round.ts';
import type { Session } from './session.ts';

const SAYS: Record<string, string> = {
  ok: 'works',
  'dns_blocked:nxdomain': 'the resolver here denies that the name exists',
  'dns_blocked:hijack': 'the resolver here gives a false address',
  'dns_blocked:bogon': 'the resolver here gives an unusable address',
  'dns_blocked:refused': 'the resolver here refuses the name',
  'dns_blocked:timeout': 'the resolver here is silent about this name only',
  'ip_blocked:timeout': 'packets to its addresses vanish; it is up outside',
  'ip_blocked:reset': 'connections to its addresses are refused here; it is up outside',
  'ip_blocked:unreachable': 'its addresses are unreachable here; it is up outside',
  'ip_blocked:tls': 'its addresses answer nothing but the connection itself; it is up outside',
  'sni_blocked:rst': 'connections are reset when they name it; another name at the same address passes',
  'sni_blocked:timeout': 'connections go dead when they name it; another name at the same address passes',
  'sni_blocked:partial': 'a share of connections is cut when they name it',
  'throttled:stall': 'transfers freeze after some kilobytes',
  'down:dns': 'the name has no address anywhere',
  'down:tcp': 'it does not answer outside either',
  'down:tls': 'it refuses this name outside as well',
  'down:tls_cert': 'its certificate is wrong for everybody',
  'down:http_5xx': 'it answers with an error to everybody',
};

const BY_WORD: Record<string, string> = {
  tls_mitm: 'a foreign certificate is shown here, signed by',
  http_blockpage: 'plain HTTP is answered with another page here:',
  throttled: 'far slower here than another name, and than outside; ratio',
  down: 'broken for everybody:',
  inconclusive: 'cannot be told:',
};

const reasonOf = (v: TargetVerdict): string =>
  SAYS[spell(v)] ?? `${BY_WORD[v.verdict] ?? v.verdict} ${v.detail ?? ''}`.trim();

// biome-ignore lint/complexity/useRegexLiterals: the escapes are easier to read than the characters
const UNPRINTABLE = new RegExp('[\\u0000-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]+', 'g');
const plain = (text: string): string => text.replace(UNPRINTABLE, ' ');

const OFFLINE: Record<string, string> = {
  link: 'This machine is offline: no reference site answers. Nothing is said about the targets.',
  abroad: 'Nothing abroad answers while the resolver here does. Nothing is said about the targets.',
  captive_portal: 'A login page stands before the network here. Nothing is said about the targets.',
  dns: 'The resolver here answers for no name. Names are not judged; what else was found stands below.',
  lossy: 'The line here loses too many packets to judge silence.',
  clock: 'The clock of this machine is off by more than a day: certificates cannot be judged.',
};

export const offlineLine = (detail: string): string => OFFLINE[detail] ?? `Vantage point offline: ${detail}`;

/** What is measured from, where no vantage file was named, and what that cannot tell. */
export function builtInLines({ systemResolvers, controls }: Pick<Session, 'systemResolvers' | 'controls'>): string {
  const compared = controls.map(({ operator }) => operator).join(' and ');
  return [
    `Measuring from here as it is: this machine's resolver (${systemResolvers.join(', ')}) against ${compared}. It visits what you named, as a browser would.`,
    'Nobody looks from outside: addresses that are cut, sites that are down for everybody and slow ones come out as "inconclusive". A vantage file with a helper tells them apart (docs/vantage.md).',
    '',
  ].join('\n');
}

const toneOf = ({ verdict }: TargetVerdict): 'good' | 'doubtful' | 'bad' => {
  if (verdict === 'ok') return 'good';
  return verdict === 'down' || verdict === 'inconclusive' ? 'doubtful' : 'bad';
};

/** For people: target, verdict, reason; what else was found in a second line. */
export function tableOf(
  round: RoundResult,
  again: boolean,
  paint: CommandDeps['paint'] = (_tone, text) => text,
): string {
  const rows = round.results.filter((r) => r.verdict !== null);
  const width = Math.min(40, Math.max(6, ...rows.map((r) => r.target.id.length)));
  const word = Math.max(7, ...rows.map((r) => spell(r.verdict!).slice(0, 40).length));
  const lines: string[] = [];
  if (again) lines.push('');
  if (rows.length > 0) lines.push(`${'TARGET'.padEnd(width)}  ${'VERDICT'.padEnd(word)}  WHY`);
  for (const r of rows) {
    const v = r.verdict!;
    const sure = v.verdict === 'ok' || v.verdict === 'inconclusive' ? '' : ` (${v.confidence} confidence)`;
    lines.push(
      `${plain(r.target.id).padEnd(width)}  ${paint(toneOf(v), plain(spell(v)).slice(0, 40).padEnd(word))}  ${plain(reasonOf(v))}${sure}`,
    );
    const more = [...(r.component ? [`component: ${r.component}`] : []), ...v.also.map((a) => `also ${a}`), ...v.notes];
    const families = Object.entries(v.families);
    if (families.some(([, f]) => f !== spell(v))) more.push(families.map(([k, f]) => `${k} ${f}`).join(', '));
    if (more.length > 0) lines.push(`${''.padEnd(width)}  ${''.padEnd(word)}  ${plain(more.join(' · '))}`);
  }
  return lines.length > 0 ? `${lines.join('\n')}\n` : '';
}

export const alertLine = (a: RoundAlert): string =>
  plain(`ALERT ${a.kind}: ${a.target ?? 'this vantage point'} ${a.verdict} (${a.at})`);
