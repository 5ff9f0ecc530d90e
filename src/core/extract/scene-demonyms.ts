/** Adjectives of countries: whose thing it is, or where it happens. */
import { REACH } from './distances.ts';
import { cueAfter } from './read.ts';
import { type Rule, table } from './rules.ts';
import { after, before, type Naming, NOT, PLAIN, SURE, WEAK } from './scene-scores.ts';
import { hasOwnAuthorityBefore, isAsideOnly } from './scene-words.ts';

const DEMONYM_RULES: Rule<Naming, number>[] = [
  // "Russian state media": the state there is no authority.
  {
    id: 'whose-outlet',
    needs: [],
    when: ({ field, place }) => {
      const whose = field.cuesAt[place.to]?.find((c) => c.cls === 'ownable' || c.cls === 'outlet');
      return (
        whose !== undefined &&
        whose.to - whose.from > 1 &&
        cueAfter(field, whose.to, REACH.touching, ['auth', 'court']) === null
      );
    },
    effect: NOT,
    example: 'en| Ofcom bans Chinese state broadcaster CGTN',
  },
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
    id: 'its-people',
    needs: ['people'],
    when: (at) => after(at, REACH.beside, 'people') || before(at, REACH.touching, 'people'),
    effect: PLAIN,
    example: 'Zoom ends service for Chinese individual users',
  },
  {
    id: 'its-product',
    needs: ['ownable', 'outlet'],
    when: (at) => after(at, REACH.near, ['ownable', 'outlet']) || before(at, REACH.touching, ['ownable', 'outlet']),
    effect: NOT,
    example: 'en| Rome blocks Chinese AI app',
  },
  // "near the Syrian border": what stands beside the scene.
  {
    id: 'near-its',
    needs: ['notloc'],
    when: isAsideOnly,
    effect: WEAK,
    example: 'Gaza communications blackout: Paltel says services cut by Israeli strikes',
  },
];
export const DEMONYM = table('scene', DEMONYM_RULES);
