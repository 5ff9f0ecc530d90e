/** Who may what, who is alone, which rooms are encrypted: asked seldom, believed for a while, and never guessed in anybody's favour. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEncryptionGuard } from '../../../src/adapters/matrix/cipher.ts';
import type { Memory, RoomFacts } from '../../../src/adapters/matrix/memory.ts';
import { createDirectness, createPowerLevels, createSenders, powerOf } from '../../../src/adapters/matrix/people.ts';
import type { Json } from '../../../src/adapters/matrix/untrusted.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { recordingLog } from '../../fakes/fake-log.ts';

const never = new AbortController().signal;
const ANN = '@ann:example.org';

/** The part of an adapter's memory that these ask. */
function memoryOf(rooms: Record<string, RoomFacts> = {}): Memory {
  const known = new Map(Object.entries(rooms));
  return {
    room: (id: string) => known.get(id),
    setRoom: async (id: string, facts: RoomFacts) => void known.set(id, { ...known.get(id), ...facts }),
  } as unknown as Memory;
}

describe('power levels', () => {
  function levels(content: Json | null | (() => Promise<Json | null>), create: Json | null = null) {
    const clock = new FakeClock();
    let [asked, askedCreate] = [0, 0];
    const port = {
      stateContent: async () => {
        asked++;
        return typeof content === 'function' ? content() : content;
      },
      createEvent: async () => {
        askedCreate++;
        return create;
      },
    };
    const power = createPowerLevels(port as unknown as Parameters<typeof createPowerLevels>[0], clock);
    return { power, clock, asked: () => [asked, askedCreate] };
  }

  test('asked once for a minute for all of a room; the event of its creation once for ever', async () => {
    const { power, clock, asked } = levels({ users: { [ANN]: 50 } }, { sender: '@maker:x', content: {} });
    expect([await power.of('!a', ANN), await power.of('!a', '@eve:x')]).toEqual([50, 0]);
    expect(asked()).toEqual([1, 1]);
    await clock.pass(60_001);
    await power.of('!a', ANN);
    expect(asked()).toEqual([2, 1]);
  });

  test('they changed: asked at once, whatever is kept', async () => {
    let content: Json = { users: { [ANN]: 50 } };
    const { power, asked } = levels(async () => content);
    await power.of('!a', ANN);
    content = { users: { [ANN]: 0 } };
    power.changed('!a');
    expect([await power.of('!a', ANN), asked()[0]]).toEqual([0, 2]);
  });

  test('the server cannot be asked: an error, and nothing is kept of it', async () => {
    let fails = true;
    const { power } = levels(async () => {
      if (fails) throw new Error('x');
      return { users: { [ANN]: 100 } };
    });
    await expect(power.of('!a', ANN)).rejects.toThrow('x');
    fails = false;
    expect(await power.of('!a', ANN)).toBe(100);
  });

  test('whatever stands in the events: a number, and never more than they give', () => {
    const value = fc.oneof(
      fc.integer(),
      fc.string(),
      fc.constantFrom(null, true, '50', ' 50 ', '5e9', Number.NaN),
      fc.array(fc.nat()),
    );
    const content = fc.record({
      users: fc.oneof(value, fc.dictionary(fc.constantFrom(ANN, '__proto__', '@eve:x'), value)),
      users_default: value,
    });
    const create = fc.record({
      sender: fc.constantFrom(ANN, '@eve:x'),
      content: fc.record({
        room_version: fc.constantFrom('1', '12', 12, 'x', null),
        additional_creators: fc.oneof(value, fc.constant([ANN])),
      }),
    });
    fc.assert(
      fc.property(fc.option(content), fc.option(create), (levels, created) => {
        const power = powerOf(ANN, levels as Json | null, created as Json | null);
        expect(power).not.toBeNaN();
        expect(typeof power).toBe('number');
        // Who is named nowhere has no power.
        const nobody = powerOf(
          '@nobody:x',
          levels && ({ ...levels, users_default: undefined } as Json),
          created as Json | null,
        );
        expect(nobody).toBe(0);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('people in a room', () => {
  function senders(over: { direct?: boolean; power?: number | Error } = {}) {
    const { log, said } = recordingLog();
    const { power = 0, direct = false } = over;
    const made = createSenders({
      lang: 'ru',
      power: {
        of: async () => {
          if (power instanceof Error) throw power;
          return power;
        },
        changed() {},
      },
      direct: { isDirect: async () => direct } as unknown as Parameters<typeof createSenders>[0]['direct'],
      log,
      signal: never,
    });
    return { made, said };
  }

  test.each<[string, Parameters<typeof senders>[0], boolean]>([
    ['level 50', { power: 50 }, true],
    ['level 49', { power: 49 }, false],
    ['in a direct chat', { direct: true }, true],
    ['levels that cannot be read', { power: new Error('x') }, false],
    ['the creator of a newer room', { power: Number.POSITIVE_INFINITY }, true],
  ])('%s: may change the settings = %s', async (_name, over, may) => {
    expect(await senders(over).made.of('!a', ANN).isAdmin()).toBe(may);
  });

  test('levels that cannot be read: said with the person’s level unknown, and a warning', async () => {
    const { made, said } = senders({ power: new Error('x') });
    expect(await made.of('!a', ANN).power!()).toEqual({ needs: 50, has: null });
    expect(said()).toEqual(['warn Unable to read the power levels of a Matrix room']);
  });

  test('a name: as it is shown in that room, tidied and short; else the first part of the id', () => {
    const { made } = senders();
    made.named('!a', ANN, `  Ann\n\u202e of   ${'x'.repeat(500)}`);
    expect(made.of('!a', ANN).name).toMatch(/^Ann of x+…$/);
    expect(made.of('!a', ANN).name.length).toBeLessThanOrEqual(80);
    expect(made.of('!b', ANN).name).toBe('ann');
    for (const odd of [null, 5, '', '  ', '\u202e']) made.named('!b', ANN, odd);
    expect(made.of('!b', ANN)).toMatchObject({ id: `matrix:${ANN}`, name: 'ann', lang: 'ru' });
  });
});

describe('direct chats', () => {
  function directness(members: number | Error, facts: RoomFacts = { direct: true }) {
    const clock = new FakeClock();
    let asked = 0;
    const port = {
      joinedMembers: async () => {
        asked++;
        if (members instanceof Error) throw members;
        return Array.from({ length: members }, (_, n) => `@${n}:x`);
      },
    };
    const made = createDirectness(
      port as unknown as Parameters<typeof createDirectness>[0],
      memoryOf({ '!a': facts }),
      clock,
      never,
    );
    return { made, clock, asked: () => asked };
  }

  test.each<[string, number | Error, RoomFacts, boolean]>([
    ['by the invitation, two in it', 2, { direct: true }, true],
    ['by the invitation, alone', 1, { direct: true }, true],
    ['by the invitation, a third one came', 3, { direct: true }, false],
    ['a room of two', 2, {}, false],
    ['the server cannot be asked', new Error('x'), { direct: true }, false],
  ])('%s: %s', async (_name, members, facts, expected) => {
    const { made } = directness(members, facts);
    expect([await made.isDirect('!a'), await made.kindOf('!a')]).toEqual([expected, expected ? 'private' : 'group']);
  });

  test('counted once for ten minutes, and anew when members came or went', async () => {
    const { made, clock, asked } = directness(2);
    await made.isDirect('!a');
    await made.isDirect('!a');
    made.forget('!a');
    await made.isDirect('!a');
    await clock.pass(600_001);
    await made.isDirect('!a');
    expect(asked()).toBe(3);
  });

  test('alone: counted each time; not when it cannot be known', async () => {
    const { made, asked } = directness(1);
    expect([await made.isAlone('!a'), await made.isAlone('!a'), asked()]).toEqual([true, true, 2]);
    expect(await directness(2).made.isAlone('!a')).toBe(false);
    expect(await directness(new Error('x')).made.isAlone('!a')).toBe(false);
  });
});

describe('encrypted rooms', () => {
  function guard(state: Json | null | Error, facts: RoomFacts = {}, always = false) {
    let asked = 0;
    let meanwhile: () => void = () => undefined;
    const memory = memoryOf({ '!a': facts });
    const port = {
      stateContent: async () => {
        asked++;
        meanwhile();
        if (state instanceof Error) throw state;
        return state;
      },
    };
    const clock = new FakeClock();
    const made = createEncryptionGuard(
      port as unknown as Parameters<typeof createEncryptionGuard>[0],
      memory,
      clock,
      always,
    );
    made.heard();
    const whileAsking = (then: () => void): void => {
      meanwhile = then;
    };
    return { made, memory, clock, asked: () => asked, whileAsking };
  }
  const options = { signal: never };

  test('not encrypted: asked once, until the stream was interrupted', async () => {
    const { made, asked } = guard(null);
    expect([await made.isEncrypted('!a', options), await made.isEncrypted('!a', options)]).toEqual([false, false]);
    made.interrupted();
    await made.isEncrypted('!a', options);
    await made.isEncrypted('!a', options);
    expect(asked()).toBe(3);
    made.heard();
    await made.isEncrypted('!a', options);
    expect(asked()).toBe(3);
  });

  test('nothing was heard of the stream for a while, or nobody listens: asked each time', async () => {
    const { made, asked, clock } = guard(null);
    await made.isEncrypted('!a', options);
    await clock.pass(46_000);
    await made.isEncrypted('!a', options);
    await made.isEncrypted('!a', options);
    expect(asked()).toBe(3);
    made.heard();
    await made.isEncrypted('!a', options);
    expect(asked()).toBe(3);
  });

  test('where encrypted rooms are served: asked before each message in the clear', async () => {
    const { made, asked } = guard(null, {}, true);
    await made.isEncrypted('!a', options);
    await made.isEncrypted('!a', options);
    expect(asked()).toBe(2);
  });

  test('encrypted: noted for ever, and never asked again', async () => {
    const { made, memory, asked } = guard({ algorithm: 'm.megolm.v1.aes-sha2' });
    expect(await made.isEncrypted('!a', options)).toBe(true);
    made.interrupted();
    expect([await made.isEncrypted('!a', options), asked(), memory.room('!a')]).toEqual([true, 1, { encrypted: true }]);
  });

  test('seen to be turned on, before or while it is asked: encrypted', async () => {
    const before = guard(null);
    await before.made.isEncrypted('!a', options);
    before.made.saw('!a');
    expect(await before.made.isEncrypted('!a', options)).toBe(true);
    const during = guard(null);
    during.whileAsking(() => during.made.saw('!a'));
    expect(await during.made.isEncrypted('!a', options)).toBe(true);
  });

  test('the stream is interrupted while it is asked: the answer counts once, and is not kept', async () => {
    const { made, asked, whileAsking } = guard(null);
    whileAsking(() => made.interrupted());
    expect(await made.isEncrypted('!a', options)).toBe(false);
    await made.isEncrypted('!a', options);
    expect(asked()).toBe(2);
  });

  test('it cannot be known: an error, so that nothing is sent', async () => {
    await expect(guard(new Error('x')).made.isEncrypted('!a', options)).rejects.toThrow('x');
  });
});
