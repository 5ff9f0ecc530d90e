import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PressAction, type PressInput, planPress } from '../../../src/adapters/telegram/bot.ts';

const run = (inputs: PressInput[]): PressAction[] => {
  let open = true;
  const actions: PressAction[] = [];
  for (const input of inputs) {
    const planned = planPress(open, input);
    open = planned.open;
    actions.push(...planned.actions);
  }
  return actions;
};
const acks = (actions: PressAction[]) => actions.filter((action) => action.type === 'acknowledge');
const found = (command: string | null, privately = false): PressInput => ({ type: 'found', command, privately });
const whispered: PressInput = { type: 'whispered', popup: 'hello' };
const late: PressInput = { type: 'late' };
const handled: PressInput = { type: 'handled' };

describe('a press', () => {
  test.each<[name: string, inputs: PressInput[], reason: string, popup: string | null]>([
    ['its command is forgotten: says so', [found(null)], 'forgotten', null],
    ['in a private chat: at once, nothing aside', [found('help', true), whispered, handled], 'private', null],
    ['in a group with an answer aside: the popup', [found('help'), whispered, handled], 'whispered', 'hello'],
    ['in a group without one: when handled', [found('help'), handled], 'handled', null],
    [
      'slow: the button stops spinning, a popup comes too late',
      [found('help'), late, whispered, handled],
      'late',
      null,
    ],
    ['two answers aside: the first', [found('help'), whispered, { ...whispered, popup: 'x' }], 'whispered', 'hello'],
  ])('%s', (_, inputs, reason, popup) => expect(acks(run(inputs))).toEqual([{ type: 'acknowledge', reason, popup }]));

  test('a forgotten command: carried out by nobody', () => expect(run([found(null)])).toHaveLength(1));

  test('whatever comes in between, in any order: acknowledged once, carried out once', () => {
    const between = fc.array(fc.constantFrom<PressInput>(whispered, late), { maxLength: 6 });
    fc.assert(
      fc.property(between, fc.boolean(), fc.constantFrom('help', null), between, (some, privately, command, after) => {
        const actions = run([found(command, privately), ...some, handled, ...after]);
        expect(acks(actions)).toHaveLength(1);
        expect(actions.length - 1).toBe(command === null ? 0 : 1);
      }),
    );
  });
});
