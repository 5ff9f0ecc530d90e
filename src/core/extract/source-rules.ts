/** Newspapers, agencies and those who measure: who says it is no target of it. */
import { REACH } from './distances.ts';
import { after, before, type Named, signs } from './role-cues.ts';
import { type Rule, table } from './rules.ts';
import { ACTS } from './scope.ts';
import { GAP } from './tokens.ts';

/** Categories of services that are sources, too. */
export const SOURCES = new Set(['media', 'infrastructure', 'ngo', 'news']);
const SOURCE_RULES: Rule<Named, string>[] = [
  {
    id: 'says',
    needs: ['say'],
    when: (at) => after(at, REACH.beside, 'say') && !after(at, REACH.beside, ACTS),
    effect: 'source',
    example: 'en| Brazil bans X; Starlink says it will comply',
  },
  {
    id: 'according-to',
    needs: ['acc'],
    when: (at) => before(at, REACH.near, 'acc'),
    effect: 'source',
    example:
      'en| Taliban block Snapchat || A source at the ministry told the BBC that filters are in place in Afghanistan.',
  },
  // "bans Al Jazeera reporters", "Бюро Deutsche Welle": people and rooms, no site.
  {
    id: 'staff',
    needs: ['staff'],
    when: (at) => after(at, REACH.touching, 'staff') || before(at, REACH.touching, 'staff'),
    effect: 'its staff',
    example: 'en| Latvia bans TV Rain broadcasts',
  },
  {
    id: 'before-colon',
    needs: [],
    when: ({ field, m }) => m.from === 0 && ((field.tokens[m.to]?.gap ?? 0) & GAP.colon) !== 0,
    effect: 'source',
    example: 'BBC: Kenya blocks Telegram',
  },
  {
    id: 'signature',
    needs: [],
    when: ({ field, m }) => signs(field, m),
    effect: 'source',
    example: 'Kenya blocks Telegram – BBC News',
  },
];
export const SOURCE = table('role', SOURCE_RULES);
