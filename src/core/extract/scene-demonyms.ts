/** Adjectives of countries: whose thing it is, or where it happens. */
import { REACH } from './distances.ts';
import { type Rule, table } from './rules.ts';
import { after, before, type Naming, NOT, PLAIN, SURE } from './scene-scores.ts';
import { hasOwnAuthorityBefore } from './scene-words.ts';

const DEMONYM_RULES: Rule<Naming, number>[] = [
  {
    id: 'its-authority',
    needs: ['auth', 'court'],
    when: (at) => after(at, REACH.near, ['auth', 'court']) || hasOwnAuthorityBefore(at),
    effect: SURE,
    example: 'en| Brazilian police raid',
  },
  {
    id: 'its-store',
    needs: ['appstore'],
    when: (at) => after(at, REACH.touching, 'appstore'),
    effect: PLAIN,
    example: "en| Apple removes VPN apps from Russian App Store at Roskomnadzor's request",
  },
  {
    id: 'its-product',
    needs: ['ownable', 'outlet'],
    when: (at) => after(at, REACH.near, ['ownable', 'outlet']) || before(at, REACH.touching, ['ownable', 'outlet']),
    effect: NOT,
    example: 'en| Rome blocks Chinese AI app',
  },
];
export const DEMONYM = table('scene', DEMONYM_RULES);
