import { adapterKinds } from '../adapters/index.ts';
import { createTargetIndex, matchersOf, type ParsedTargets } from '../core/commands/asking/targets.ts';
import { MAX_SUBSCRIPTIONS } from '../core/commands/follow/pickers.ts';
import type { Catalogue } from '../core/model/catalogue.ts';
import { languages, words } from '../i18n/packs.ts';
import type { AccountConfig } from './schema.ts';
import type { Place } from './secrets.ts';

/** What accounts follow by the configuration must mean something, as it would to `subscribe`: of a word that is mistyped nothing would ever be heard. */
export function checkFollow(
  accounts: readonly AccountConfig[],
  catalogue: Catalogue,
  { name, problems }: Pick<Place, 'name' | 'problems'>,
): void {
  const targets = createTargetIndex(catalogue, words);
  for (const account of accounts) {
    const chat = adapterKinds.find((kind) => kind.platform === account.platform)?.chat?.(account);
    if (!chat) continue;
    const where = `accounts: "${account.id}"`;
    const wrong = (fault: string, remedy: string): void => problems.add(name, `${where}.follow`, fault, remedy);
    const parsed = targets.parse(chat.follow.join(' '));
    for (const problem of parsed.problems) wrong(...wrongWord(problem));
    const many = matchersOf(parsed).length;
    if (parsed.problems.length === 0 && many === 0)
      wrong('names no country and no service', 'write what is meant, or "all"');
    if (many > MAX_SUBSCRIPTIONS)
      wrong(`means ${many} pairs of a country and a service`, `at most ${MAX_SUBSCRIPTIONS}`);
    if (!languages.some(({ code }) => code === chat.lang)) {
      const known = languages.map(({ code }) => code).join(', ');
      problems.add(name, `${where}.lang`, `"${chat.lang}" is no language of Tocsin's`, `take one of: ${known}`);
    }
  }
}

function wrongWord({ word, ambiguous, options }: ParsedTargets['problems'][number]): [wrong: string, remedy: string] {
  const ids = options.map(({ id }) => id).join(', ');
  if (ambiguous) return [`"${word}" may mean several`, `write the one that is meant: ${ids}`];
  const remedy = 'write it as in /subscribe: a country, or a service of config/services.yaml';
  return [`"${word}" is no country or service that is known`, ids === '' ? remedy : `did you mean ${ids}?`];
}
