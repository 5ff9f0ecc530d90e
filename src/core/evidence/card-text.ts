/** The evidence card as plain text, for people: in the reader's language, lines that survive a copy into any editor. Pure. */
import type { ChangeKind, Confidence } from '../model/incident.ts';
import type { Translator } from '../ports/translate.ts';
import type { Card, CardSource, Moment } from './card.ts';

const both = ({ utc, local }: Moment): string => (local.endsWith('UTC') ? utc : `${utc} (${local})`);

export function cardText(card: Card, words: Translator): string {
  const headline = card.wording.at(-1)?.headline ?? card.id;
  const { since, corroborated, confirmed, ended, lastReport } = card.times;
  const sure = (one: Confidence): string => words.say(`confidence.${one}`);
  const times: [string, Moment | null][] = [
    [words.say('evidence.since'), since],
    [sure('corroborated'), corroborated],
    [sure('confirmed'), confirmed],
    [words.say('evidence.ended'), ended],
    [words.say('evidence.last'), lastReport],
  ];
  const sections = [
    [words.say('evidence.title', { id: card.id }), headline],
    [
      words.say('evidence.times', { zone: card.timeZone }),
      ...times.flatMap(([name, at]) => (at ? `${name}: ${both(at)}` : [])),
    ],
    [words.say('evidence.wording'), ...card.wording.map(({ from, headline: said }) => `${both(from)}: ${said}`)],
    [
      words.say('incident.evidence', { n: card.sources.length + card.sourcesLeftOut }),
      ...card.sources.flatMap((one) => sourceLines(one, words)),
    ],
    card.vantages.length > 0
      ? [
          words.say('evidence.vantages'),
          ...card.vantages.map(({ country, network, reports }) => `${country ?? '?'} ${network} × ${reports}`),
        ]
      : [],
    [words.say('incident.log'), ...card.log.map((step) => `${both(step.at)}: ${changeText(step, words)}`)],
    [words.say('evidence.cite'), citation(card, words)],
    [words.say('evidence.hash', { hash: card.sha256 }), words.say('evidence.made', { when: both(card.madeAt) })],
  ];
  const lines = sections
    .filter((section) => section.length > 0)
    .map(([head, ...rest]) => [head, ...rest.map((one) => `  ${one}`)].join('\n'));
  return `${lines.join('\n\n')}\n`;
}

/** What a newsroom writes under its text. */
export function citation(card: Card, words: Translator): string {
  const headline = (card.wording.at(-1)?.headline ?? card.id).replace(/^\S+ /u, '');
  return words.say('evidence.citation', {
    id: card.id,
    headline,
    since: card.times.since?.utc ?? '?',
    made: card.madeAt.utc,
    hash: card.sha256.slice(0, 16),
  });
}

function sourceLines({ publisher, title, link, at, action, measured }: CardSource, words: Translator): string[] {
  const said = words.say(`label.${action as 'block'}`);
  const lines = [`${both(at)} – ${publisher}: ${title === '' ? said : `${title} [${said}]`}`];
  if (measured) {
    const counted =
      measured.measurements === null ? '' : ` · ${words.say('count.measurements', { n: measured.measurements })}`;
    lines.push(
      `  ${measured.verdict} · ${measured.networks.join(', ') || '?'}${counted}${measured.licence ? ` · ${measured.licence}` : ''}`,
    );
  }
  if (link !== null) lines.push(`  ${link}`);
  return lines;
}

const WITH_WORDS = new Set(['opened', 'escalated', 'confidence-up', 'method-revealed', 'lift-confidence-up']);

function changeText(step: Card['log'][number], words: Translator): string {
  const change = step.change as ChangeKind;
  const state = `${words.say(`label.${step.action as 'block'}`)}, ${words.say(`confidence.${step.confidence as Confidence}`)}`;
  if (!WITH_WORDS.has(change)) return words.say(`change.${change as 'lifted'}`);
  const what = change === 'method-revealed' && step.method ? words.say(`method.${step.method as 'dns'}`) : state;
  return words.say(`change.${change as 'opened'}`, { what });
}
