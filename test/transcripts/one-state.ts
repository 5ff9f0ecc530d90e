/** The week of the replay corpus, looked at from everywhere at four moments: one store, the real surfaces. */
import { builtInExtractor } from '../../src/app/built-in-extractor.ts';
import { composeCore } from '../../src/app/compose.ts';
import { createVirtualClock, readRecordings, timeOfRecord } from '../../src/cli/replay.ts';
import { bundledRegions } from '../../src/config/catalogue.ts';
import { loadConfig } from '../../src/config/load.ts';
import { bundledPublishers } from '../../src/config/publishers.ts';
import { createTranslators } from '../../src/i18n/index.ts';
import { createIds } from '../../src/platform/ids.ts';
import { openStore } from '../../src/store/open.ts';
import { quietLog } from '../fakes/fake-log.ts';
import { type Surfaces, surfacesOf } from '../scenario/surfaces.ts';

export const COUNTRIES = ['RU', 'IR', 'CN', 'UA'] as const;
export const MOMENTS = [
  { at: '2026-02-10T20:00Z', what: 'YouTube is gone from the national DNS, by two outlets' },
  { at: '2026-02-11T19:00Z', what: 'WhatsApp as well; eleven more by the word of one outlet' },
  { at: '2026-02-12T12:00Z', what: 'others have written of the eleven' },
  { at: '2026-02-16T20:00Z', what: 'the end of the week' },
] as const;
/** Services whose badges are shown, of each country. */
const BADGES: Record<(typeof COUNTRIES)[number], readonly string[]> = {
  RU: ['youtube', 'whatsapp', 'telegram', 'instagram', 'bbc', 'tor', 'windscribe', 'internet'],
  IR: ['internet', 'telegram', 'instagram', 'whatsapp'],
  CN: ['signal', 'whatsapp', 'google', 'internet'],
  UA: ['vk', 'telegram', 'internet'],
};

/** Looks at the week at each of the moments; what is looked through is open only meanwhile. */
export async function lookThrough(
  file: string,
  look: (surfaces: Surfaces, moment: (typeof MOMENTS)[number]) => Promise<void>,
): Promise<void> {
  const config = await loadConfig({ file: null, env: {}, cwd: process.cwd() });
  const items = await readRecordings([file]);
  const clock = createVirtualClock(timeOfRecord(items[0]!));
  let n = 0;
  const ids = {
    ...createIds(clock),
    next: () => `t${++n}`,
    tail: () => String(++n).padStart(4, '0'),
    random: () => 0.5,
  };
  const store = await openStore(':memory:', { clock, log: quietLog, ids });
  const gazetteer = bundledRegions();
  const { pipeline } = composeCore({
    store,
    clock,
    ids,
    log: quietLog,
    extractor: builtInExtractor(config),
    policy: config.policy,
    translators: createTranslators(config.catalogue, gazetteer),
    gazetteer,
    publishers: bundledPublishers(),
    catalogue: config.catalogue,
    baseline: config.baseline,
  });
  const left = [...items];
  for (const moment of MOMENTS) {
    const at = Date.parse(moment.at);
    while (left.length > 0 && timeOfRecord(left[0]!) <= at) {
      const one = left.shift()!;
      clock.moveTo(timeOfRecord(one));
      if ('item' in one) await pipeline.recorded(one.item, one.id, one.voice);
      else await pipeline.measurements(one.round);
    }
    clock.moveTo(at);
    const surfaces = await surfacesOf(store, clock, config.baseline);
    await look(surfaces, moment);
    await surfaces.close();
  }
  await store.close();
}

/** Addresses of references stand in config/baseline.yaml; the words below an answer are the same each time. */
const brief = (text: string): string[] =>
  text
    .replace(/ · reference: \S+/gu, '')
    .replace(ID, '$1')
    .split('\n')
    .filter(
      (line) =>
        line !== '' &&
        !/^(?:The bot itself|What is not listed|As of|• (?:Last look|Nothing waits|Sending))/u.test(line),
    );
/** The host of what bears a line out, below that line. */
const isReference = (line: string, before: string | undefined): boolean =>
  /^(?:[\w-]+\.)+[a-z]{2,}$/u.test(line) && / since /u.test(before ?? '');
/** Ids end in chance. */
const ID = /\b([A-Z]{2}-[a-z-]+)-\d{4}\b/gu;
/** Of a page what tells of the country: not what the bars mean. */
const told = (lines: readonly string[]): string[] => {
  const begin = lines.findIndex((line) => line.startsWith('low bar')) + 2;
  return lines
    .slice(begin)
    .map((line) => line.replace(ID, '$1'))
    .filter((line, at, all) => !isReference(line, all[at - 1]) && !line.startsWith('What is not listed'));
};

const block = (title: string, lines: readonly string[]): string =>
  `**${title}**\n\n\`\`\`text\n${lines.length > 0 ? lines.join('\n') : '(nothing)'}\n\`\`\`\n`;

/** As Markdown. */
export async function oneState(file: string): Promise<string> {
  const parts: string[] = [
    'The same store, asked in every way at the same moment; without the addresses of references. Boards are of a chat at the default level, `/status` and the page tell all.\n',
  ];
  await lookThrough(file, async (surfaces, { at, what }) => {
    parts.push(`## ${at.slice(0, 16).replace('T', ' ')} UTC: ${what}\n`);
    for (const country of COUNTRIES) {
      const code = country.toLowerCase();
      parts.push(`### ${country}\n`);
      parts.push(block(`/status ${code}`, brief(await surfaces.say(`status ${code}`))));
      if (country === 'UA') parts.push(block('/status crimea', brief(await surfaces.say('status crimea'))));
      parts.push(block('board', brief(await surfaces.board(country))));
      parts.push(block('picture', await surfaces.picture(`status ${code}`)));
      parts.push(block(`/country/${code}`, told(await surfaces.page(`/country/${code}`))));
      const badges: string[] = [];
      for (const service of BADGES[country]) badges.push(await surfaces.badge(`${code}-${service}`));
      parts.push(block('badges', badges));
    }
  });
  return parts.join('\n');
}
