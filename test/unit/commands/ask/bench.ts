/** What a sentence is taken for, in one line, over the bundled names. */
import { bundledRegions } from '../../../../src/config/catalogue.ts';
import { INTENTS } from '../../../../src/core/commands/asking/intents.ts';
import { type Asked, createAsking } from '../../../../src/core/commands/asking/interpret.ts';
import { createTargetIndex } from '../../../../src/core/commands/asking/targets.ts';
import { bundledCatalogue, bundledHosts } from '../../../fakes/bundled.ts';
import { known, likely, words } from '../../../fakes/known.ts';

const catalogue = bundledCatalogue();
export const hosts = await bundledHosts();
export const asking = createAsking(createTargetIndex(catalogue, words), catalogue, known, likely, bundledRegions());

/** The name of the answer, then its arguments in any order. */
export function sorted(written: string): string {
  const [name, ...args] = written.trim().split(' ');
  return [name, ...args.sort()].join(' ');
}

/** They tell of what was named, too. */
const TOLD = new Set(['alternatives', 'overview', 'past']);

function written(asked: Asked): string {
  // Operators that are named are told of as well.
  if (asked.kind === 'command') return `${asked.name} ${asked.args.replaceAll(/(?<= )AS\d+ /gu, '')}`;
  if (asked.kind === 'intent') {
    const { countries, regions, services } = asked.about;
    const about = [...countries, ...regions, ...services].join(' ');
    if (asked.name === 'thanks' || asked.name === 'ok') return 'hello';
    return INTENTS[asked.name]?.shows || TOLD.has(asked.name) ? `status ${about}` : asked.name;
  }
  if (asked.kind === 'which') return `which ${asked.parsed.problems[0]!.options.map((one) => one.id).join(' ')}`;
  return asked.kind === 'host' ? `host ${asked.host}` : asked.kind;
}

export const ask = (text: string, forwarded = false): string => sorted(written(asking(text, hosts, forwarded)));
