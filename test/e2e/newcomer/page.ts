/** A transcript as a page: what somebody wrote, and what they read. */
import { type Line, type Transcript, timesOf } from './scene.ts';

/** What differs from run to run and tells nothing. */
const steady = (text: string): string =>
  text
    .replace(/[\0-\x08\x0b-\x1f]/g, '')
    .replace(/\b([A-Z]{2}-[a-z0-9-]+-)[a-z0-9]{4}\b/g, '$13f9k')
    .replace(/127\.0\.0\.1:\d+/g, 'news.example')
    .replace(/\b[0-9a-f]{64}\b/g, (hash) => `${hash.slice(0, 4)}…`)
    .replace(/\b[0-9a-f]{16}…/g, (hash) => `${hash.slice(0, 4)}…`);

function lineOf({ who, text, buttons, file, edited }: Line): string {
  if (who === 'world') return `*${text}*`;
  if (who === 'person') return `**→ ${steady(text)}**`;
  const rows = buttons.map((row) => row.map((label) => `[${label}]`).join(' ')).join('\n');
  const body = [edited ? '(changed)' : '', file ? `📎 ${file}` : '', text, rows]
    .filter((part) => part !== '')
    .join('\n');
  return `\`\`\`\n${steady(body)}\n\`\`\``;
}

export function asPage({ lines, taps }: Transcript): string {
  const times = timesOf({ lines });
  const head = [
    'The built program, a person who has never seen it, two outlets that report a block and two its end. Ids, ports and digests are shortened.',
    '',
    `Following after ${taps} ${taps === 1 ? 'step' : 'steps'}; answers within ${times.at(-1) ?? 0} ms, half of them within ${times[times.length >> 1] ?? 0} ms.`,
  ];
  return `${[...head, ...lines.map(lineOf).flatMap((line) => ['', line])].join('\n')}\n`;
}
