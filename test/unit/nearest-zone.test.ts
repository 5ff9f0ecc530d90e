/** The clock of a place, from the bundled towns. */
import { describe, expect, test } from 'vitest';
import { bundledZonePlaces } from '../../src/config/catalogue.ts';
import { commandAt, findZone } from '../../src/core/commands/asking/zones.ts';
import { zonesAt } from '../../src/core/wall-clock.ts';
import { known } from '../fakes/known.ts';

const places = bundledZonePlaces();

describe('the zone of a town', () => {
  test.each<[string, number, number, string]>([
    ['Tver', 56.86, 35.9, 'Europe/Moscow'],
    ['Grozny', 43.32, 45.7, 'Europe/Moscow'],
    ['Izhevsk', 56.85, 53.2, 'Europe/Samara'],
    ['Perm', 58.01, 56.23, 'Asia/Yekaterinburg'],
    ['Kemerovo', 55.35, 86.09, 'Asia/Krasnoyarsk'],
    ['Khabarovsk', 48.48, 135.08, 'Asia/Vladivostok'],
    ['Lviv', 49.84, 24.03, 'Europe/Kyiv'],
    ['Brest', 52.1, 23.7, 'Europe/Minsk'],
    ['Białystok', 53.13, 23.16, 'Europe/Warsaw'],
    ['Tabriz', 38.08, 46.29, 'Asia/Tehran'],
    ['Zahedan', 29.5, 60.86, 'Asia/Tehran'],
    ['Basra', 30.5, 47.8, 'Asia/Baghdad'],
    ['Amritsar', 31.63, 74.87, 'Asia/Kolkata'],
    ['Lahore', 31.55, 74.34, 'Asia/Karachi'],
    ['Imphal', 24.8, 93.94, 'Asia/Kolkata'],
    ['Lhasa', 29.65, 91.1, 'Asia/Shanghai'],
    ['Diyarbakır', 37.91, 40.2, 'Europe/Istanbul'],
    ['Strasbourg', 48.58, 7.75, 'Europe/Paris'],
    ['Vigo', 42.24, -8.72, 'Europe/Madrid'],
    ['Belfast', 54.6, -5.93, 'Europe/London'],
    ['El Paso', 31.76, -106.49, 'America/Denver'],
    ['Cúcuta', 7.9, -72.5, 'America/Bogota'],
    ['San Cristóbal', 7.77, -72.22, 'America/Caracas'],
    ['Goma', -1.68, 29.22, 'Africa/Lubumbashi'],
    ['Mekelle', 13.5, 39.48, 'Africa/Addis_Ababa'],
    ['Astana', 51.17, 71.43, 'Asia/Almaty'],
    ['across the date line', 66.3, 179.9, 'Asia/Anadyr'],
  ])('%s', (_, latitude, longitude, zone) => expect(zonesAt(latitude, longitude, places)[0]).toBe(zone));

  test('of two towns on a border the other zone is the next to be offered', () =>
    expect(zonesAt(-4.3, 15.3, places).slice(0, 2).sort()).toEqual(['Africa/Brazzaville', 'Africa/Kinshasa']));
});

test.each([
  ['far at sea', -40, -120],
  ['beyond the pole', 91, 0],
  ['beyond the date line', 0, 181],
  ['no number', Number.NaN, 0],
  ['endless', Number.POSITIVE_INFINITY, 0],
])('%s: no zone', (_, latitude, longitude) => {
  expect(zonesAt(latitude, longitude, places)).toEqual([]);
  expect(commandAt(latitude, longitude, places)).toBe('timezone located');
});

test('a command names zones and nothing of the place', () =>
  expect(commandAt(55.7512, 37.6184, places)).toMatch(
    /^timezone located Europe\/Moscow(?: [A-Z][A-Za-z_]+\/[A-Za-z_/]+){3}$/,
  ));

test('every zone of the file is one that this machine knows, with towns on earth', () => {
  expect(Object.keys(places).length).toBeGreaterThan(400);
  for (const [zone, towns] of Object.entries(places)) {
    expect(findZone(zone, known), zone).toEqual({ zone: expect.any(String) });
    expect(towns.length, zone).toBeGreaterThan(0);
    for (const [lat, lon] of towns)
      expect(Math.abs(lat) <= 90 && Math.abs(lon) <= 180, `${zone} ${lat} ${lon}`).toBe(true);
  }
});
