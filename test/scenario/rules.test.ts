import { describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, type Said, scenario } from './harness.ts';

const WIRE =
  'The regulator told providers to cut access to the messenger during the night after several requests had gone unanswered, the agency wrote';

describe('from what outlets say to what a chat hears', () => {
  const cases: { name: string; said: Said[]; told: string[]; level?: 'early' | 'confirmed' }[] = [
    {
      name: 'one outlet: nothing at the default level',
      said: [{ at: 0, voice: 'a', says: 'block RU whatsapp' }],
      told: [],
    },
    {
      name: 'one outlet: told at level early after the group wait',
      said: [{ at: 0, voice: 'a', says: 'block RU whatsapp' }],
      level: 'early',
      told: ['new RU-whatsapp +1m'],
    },
    {
      name: 'a second outlet in its own words: one alert, a third: nothing',
      said: [
        { at: 0, voice: 'a', says: 'block RU whatsapp' },
        { at: HOUR, voice: 'b', says: 'block RU whatsapp' },
        { at: 2 * HOUR, voice: 'c', says: 'block RU whatsapp' },
      ],
      told: ['new RU-whatsapp +61m'],
    },
    {
      name: 'ten copies of one wire story: one voice, nothing',
      said: Array.from({ length: 10 }, (_, i) => ({
        at: i * MINUTE,
        voice: `outlet${i}`,
        says: 'block RU whatsapp',
        text: WIRE,
      })),
      told: [],
    },
    {
      name: 'two feeds of one publisher: one voice, nothing',
      said: [
        { at: 0, voice: 'a', says: 'block RU whatsapp' },
        { at: MINUTE, voice: 'a', says: 'block RU whatsapp' },
      ],
      told: [],
    },
    {
      name: 'a statement at the authority itself: told at once',
      said: [{ at: 0, voice: 'authority:rkn', says: 'block RU whatsapp' }],
      told: ['new RU-whatsapp +1m'],
    },
    {
      name: 'thirteen names in two texts: one message',
      said: ['a', 'b'].map((voice, i) => ({
        at: i * HOUR,
        voice,
        says: 'block RU whatsapp,facebook,messenger,instagram,tor,bbc,dw,youtube dns',
      })),
      told: ['new RU-whatsapp RU-facebook RU-messenger RU-instagram RU-tor RU-bbc RU-dw RU-youtube +61m'],
    },
    {
      name: 'another country and another service: apart',
      said: [
        { at: 0, voice: 'a', says: 'block RU whatsapp' },
        { at: MINUTE, voice: 'b', says: 'block IR whatsapp' },
        { at: 2 * MINUTE, voice: 'c', says: 'block RU signal' },
      ],
      told: [],
    },
    {
      name: 'throttled, then blocked by two outlets: one alert, then an update',
      said: [
        { at: 0, voice: 'a', says: 'throttle RU telegram' },
        { at: MINUTE, voice: 'b', says: 'throttle RU telegram' },
        { at: 3 * DAY, voice: 'c', says: 'block RU telegram' },
        { at: 3 * DAY + MINUTE, voice: 'd', says: 'block RU telegram' },
      ],
      told: ['new RU-telegram +2m', 'update RU-telegram +4320m', 'update RU-telegram +4321m'],
    },
    {
      name: 'slowed down, then others write "restricts": says no more than that',
      said: [
        { at: 0, voice: 'a', says: 'throttle RU telegram' },
        { at: MINUTE, voice: 'b', says: 'throttle RU telegram' },
        ...['c', 'd', 'e'].map((voice, i) => ({ at: (2 + i) * HOUR, voice, says: '?block RU telegram' })),
      ],
      told: ['new RU-telegram +2m'],
    },
    {
      name: 'a weaker word later: nothing',
      said: [
        { at: 0, voice: 'a', says: 'block RU telegram' },
        { at: MINUTE, voice: 'b', says: 'block RU telegram' },
        { at: HOUR, voice: 'c', says: 'throttle RU telegram' },
      ],
      told: ['new RU-telegram +2m'],
    },
    {
      name: 'one outlet says it is back: a quiet edit; the second: lifted',
      said: [
        { at: 0, voice: 'a', says: 'block RU telegram' },
        { at: MINUTE, voice: 'b', says: 'block RU telegram' },
        { at: DAY, voice: 'c', says: 'unblock RU telegram' },
        { at: DAY + HOUR, voice: 'd', says: 'unblock RU telegram' },
        { at: DAY + 2 * HOUR, voice: 'e', says: 'unblock RU telegram' },
      ],
      told: ['new RU-telegram +2m', 'update RU-telegram +1440m', 'lifted RU-telegram +1500m'],
    },
    {
      name: 'a lift with nothing open: told as lifted, late copies join it',
      said: [
        { at: 0, voice: 'a', says: 'unblock TR wikipedia' },
        { at: HOUR, voice: 'b', says: 'unblock TR wikipedia' },
        { at: 2 * HOUR, voice: 'c', says: 'unblock TR wikipedia' },
      ],
      told: ['lifted TR-wikipedia +61m'],
    },
    {
      name: 'blocked anew after the lift: a second incident',
      said: [
        { at: 0, voice: 'a', says: 'block PK x' },
        { at: MINUTE, voice: 'b', says: 'block PK x' },
        { at: DAY, voice: 'a', says: 'unblock PK x' },
        { at: DAY, voice: 'b', says: 'unblock PK x' },
        { at: 2 * DAY, voice: 'a', says: 'block PK x' },
        { at: 2 * DAY + MINUTE, voice: 'b', says: 'block PK x' },
      ],
      told: ['new PK-x +2m', 'update PK-x +1440m', 'lifted PK-x +1440m', 'new PK-x +2882m'],
    },
    {
      name: 'a warning to platforms nobody names: the only name of the next text is theirs, and is told once a second outlet says it',
      said: [
        { at: 0, voice: 'a', says: 'warn NP -' },
        { at: HOUR, voice: 'b', says: 'warn NP facebook' },
        { at: 2 * HOUR, voice: 'c', says: 'warn NP -' },
        { at: 3 * HOUR, voice: 'a', says: 'warn NP facebook' },
      ],
      told: ['new NP-any +181m'],
    },
    {
      name: 'a warning to platforms nobody names: a list of names leaves it nameless',
      said: [
        { at: 0, voice: 'a', says: 'warn NP -' },
        { at: HOUR, voice: 'b', says: 'warn NP facebook,x' },
      ],
      told: [],
    },
    {
      name: 'a name that drips in through a text about the told ban: an update of that alert',
      said: [
        { at: 0, voice: 'a', says: 'block NP facebook,x' },
        { at: MINUTE, voice: 'b', says: 'block NP facebook,x' },
        { at: DAY, voice: 'c', says: 'block NP reddit' },
        { at: DAY + HOUR, voice: 'd', says: 'block NP reddit,facebook' },
      ],
      told: ['new NP-facebook NP-x +2m', 'update NP-reddit +1501m'],
    },
    {
      name: 'a nation-wide shutdown speaks for the apps; when it ends, the app still cut is told',
      said: [
        { at: 0, voice: 'a', says: 'shutdown IR internet' },
        { at: MINUTE, voice: 'b', says: 'shutdown IR internet' },
        { at: HOUR, voice: 'a', says: 'block IR whatsapp' },
        { at: 2 * HOUR, voice: 'b', says: 'block IR whatsapp' },
        { at: DAY, voice: 'a', says: 'unblock IR internet' },
        { at: DAY + MINUTE, voice: 'b', says: 'unblock IR internet' },
      ],
      told: ['new IR-internet +2m', 'update IR-internet +1440m', 'lifted IR-internet +1441m', 'new IR-whatsapp +1442m'],
    },
    {
      name: 'reports without a service: evidence for the only open story of the country, and no second voice for its name',
      said: [
        { at: 0, voice: 'a', says: 'block UG facebook' },
        { at: MINUTE, voice: 'b', says: 'block UG -' },
        { at: HOUR, voice: 'c', says: 'block UG -' },
        { at: 2 * HOUR, voice: 'd', says: 'block UG facebook' },
      ],
      told: ['new UG-facebook +121m'],
    },
    {
      name: 'a lift that names nothing: ends what began together in that country, and its later copies tell nothing',
      said: [
        { at: 0, voice: 'a', says: 'block NP facebook' },
        { at: MINUTE, voice: 'b', says: 'block NP facebook' },
        { at: DAY, voice: 'c', says: 'block NP x' },
        { at: DAY + MINUTE, voice: 'd', says: 'block NP x' },
        { at: 2 * DAY, voice: 'a', says: 'unblock NP -' },
        { at: 2 * DAY + HOUR, voice: 'b', says: 'unblock NP -' },
        { at: 2 * DAY + 2 * HOUR, voice: 'c', says: 'unblock NP -' },
        { at: 2 * DAY + 3 * HOUR, voice: 'd', says: 'unblock NP -' },
      ],
      told: [
        'new NP-facebook +2m',
        'new NP-x +1442m',
        'update NP-x +2880m',
        'update NP-facebook +2880m',
        'lifted NP-x +2940m',
        'lifted NP-facebook +2940m',
      ],
    },
    {
      name: 'a lift that names nothing, beside a network that is off: the network stays off',
      said: [
        { at: 0, voice: 'a', says: 'shutdown UG internet; block UG facebook' },
        { at: MINUTE, voice: 'b', says: 'shutdown UG internet; block UG facebook' },
        { at: DAY, voice: 'a', says: 'unblock UG -' },
        { at: DAY + MINUTE, voice: 'b', says: 'unblock UG -' },
        { at: 2 * DAY, voice: 'a', says: 'unblock UG internet' },
        { at: 2 * DAY + MINUTE, voice: 'b', says: 'unblock UG internet' },
      ],
      told: ['new UG-internet +2m', 'update UG-internet +2880m', 'lifted UG-internet +2881m'],
    },
    {
      name: 'a lift that names nothing, where measures of different months are open: only the one that was heard of lately may be over',
      said: [
        { at: 0, voice: 'a', says: 'block RU signal' },
        { at: MINUTE, voice: 'b', says: 'block RU signal' },
        { at: 30 * DAY, voice: 'a', says: 'block RU roblox' },
        { at: 30 * DAY + MINUTE, voice: 'b', says: 'block RU roblox' },
        { at: 31 * DAY, voice: 'a', says: 'unblock RU -' },
      ],
      told: ['new RU-signal +2m', 'new RU-roblox +43202m', 'update RU-roblox +44640m'],
    },
    {
      name: 'two later outlets say "slowed" of what was limited in part: it is slowed',
      said: [
        { at: 0, voice: 'a', says: 'restrict RU whatsapp' },
        { at: MINUTE, voice: 'b', says: 'restrict RU whatsapp' },
        { at: DAY, voice: 'c', says: 'throttle RU whatsapp' },
        { at: DAY + MINUTE, voice: 'd', says: 'throttle RU whatsapp' },
      ],
      told: ['new RU-whatsapp +2m', 'update RU-whatsapp +1440m', 'update RU-whatsapp +1441m'],
    },
    {
      name: 'two outlets that said "limited" say "slowed" later: it is slowed',
      said: [
        { at: 0, voice: 'a', says: 'restrict RU whatsapp' },
        { at: MINUTE, voice: 'b', says: 'restrict RU whatsapp' },
        { at: DAY, voice: 'a', says: 'throttle RU whatsapp' },
        { at: DAY + MINUTE, voice: 'b', says: 'throttle RU whatsapp' },
      ],
      told: ['new RU-whatsapp +2m', 'update RU-whatsapp +1440m', 'update RU-whatsapp +1441m'],
    },
    {
      name: 'two later outlets say "slowed" while others go on to say "limited": it is slowed',
      said: [
        { at: 0, voice: 'a', says: 'restrict RU whatsapp' },
        { at: MINUTE, voice: 'b', says: 'restrict RU whatsapp' },
        { at: DAY, voice: 'c', says: 'throttle RU whatsapp' },
        { at: DAY + MINUTE, voice: 'a', says: 'restrict RU whatsapp' },
        { at: DAY + 2 * MINUTE, voice: 'e', says: 'restrict RU whatsapp' },
        { at: DAY + HOUR, voice: 'd', says: 'throttle RU whatsapp' },
      ],
      told: ['new RU-whatsapp +2m', 'update RU-whatsapp +1440m', 'update RU-whatsapp +1500m'],
    },
    {
      name: 'the warning came true: two incidents that know each other, the threat of what is in force is not told',
      said: [
        { at: 0, voice: 'a', says: 'warn RU max' },
        { at: HOUR, voice: 'b', says: 'warn RU max' },
        { at: DAY, voice: 'a', says: 'block RU max' },
        { at: DAY + HOUR, voice: 'b', says: 'block RU max' },
        { at: 2 * DAY, voice: 'c', says: 'warn RU max' },
      ],
      told: ['new RU-max +61m', 'new RU-max +1501m'],
    },
    {
      name: 'a fine, and another one six weeks later: two threats',
      said: [
        { at: 0, voice: 'a', says: 'warn RU telegram' },
        { at: HOUR, voice: 'b', says: 'warn RU telegram' },
        { at: 10 * DAY, voice: 'c', says: 'warn RU telegram' },
        { at: 42 * DAY, voice: 'a', says: 'warn RU telegram' },
        { at: 42 * DAY + HOUR, voice: 'b', says: 'warn RU telegram' },
      ],
      told: ['new RU-telegram +61m', 'new RU-telegram +60541m'],
    },
    {
      name: 'quiet for longer than 45 days: a new incident',
      said: [
        { at: 0, voice: 'a', says: 'restrict RU whatsapp' },
        { at: MINUTE, voice: 'b', says: 'restrict RU whatsapp' },
        { at: 60 * DAY, voice: 'a', says: 'restrict RU whatsapp' },
        { at: 60 * DAY + MINUTE, voice: 'b', says: 'restrict RU whatsapp' },
      ],
      told: ['new RU-whatsapp +2m', 'new RU-whatsapp +86402m'],
    },
  ];
  for (const { name, said, told, level } of cases) {
    test(name, async () => {
      const outcome = await scenario(said, level ? { level } : {});
      expect(outcome.told).toEqual(told);
    });
  }

  test('a threat inside a running measure: joins it, and a second outlet that says "threat" is none that says "blocked"', async () => {
    const { incidents, texts } = await scenario([
      { at: 0, voice: 'a', says: 'throttle RU telegram' },
      { at: MINUTE, voice: 'b', says: 'throttle RU telegram' },
      { at: DAY, voice: 'c', says: 'warn RU telegram' },
      { at: DAY + HOUR, voice: 'd', says: 'warn RU telegram' },
      { at: DAY + 2 * HOUR, voice: 'e', says: 'block RU telegram' },
    ]);
    expect(incidents.map((one) => [one.family, one.action, one.state, one.confidence])).toEqual([
      ['access', 'throttle', 'active', 'corroborated'],
    ]);
    expect(texts.join()).not.toContain('4 outlets');
  });

  test('a threat beside what one outlet alone reports: a story of its own', async () => {
    const { incidents, told } = await scenario([
      { at: 0, voice: 'a', says: 'block RU telegram' },
      { at: HOUR, voice: 'b', says: 'warn RU telegram' },
      { at: 2 * HOUR, voice: 'c', says: 'warn RU telegram' },
    ]);
    expect(incidents.map((one) => one.family)).toEqual(['access', 'warn']);
    expect(told).toEqual(['new RU-telegram +121m']);
  });

  test('the warning that came true: both incidents name each other', async () => {
    const { incidents } = await scenario([
      { at: 0, voice: 'a', says: 'warn RU max' },
      { at: DAY, voice: 'a', says: 'block RU max' },
    ]);
    expect(incidents.map((one) => one.linkedId)).toEqual([incidents[1]!.id, incidents[0]!.id]);
  });
});
