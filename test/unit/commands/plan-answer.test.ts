/** What the router does with what it read, over every combination of what it knows. */
import { describe, expect, test } from 'vitest';
import { type Admission, planAnswer } from '../../../src/core/commands/router.ts';

const allowed: Admission = { verdict: 'allowed', permitted: true, asker: 'person', aside: false };
const asked = { isCommand: true, question: true, crowded: false };

describe('an answer is planned', () => {
  test.each<[string, Partial<typeof asked>, Partial<Admission>, object]>([
    ['a question: run', {}, {}, { do: 'run', brief: false }],
    ['a question in a crowd: its turn comes', { crowded: true }, {}, { do: 'put-off' }],
    [
      'the question of who runs the bot: at once',
      { crowded: true },
      { asker: 'operator' },
      { do: 'run', brief: false },
    ],
    ['a change in a crowd: now, and short', { crowded: true, question: false }, {}, { do: 'run', brief: true }],
    ['a button that others see: one answer for all', {}, { aside: true }, { do: 'answer-aside' }],
    ['the same in a crowd: a popup costs nothing', { crowded: true }, { aside: true }, { do: 'answer-aside' }],
    ['a change by a button that others see: run', { question: false }, { aside: true }, { do: 'run', brief: false }],
    ['who may not: a refusal', { question: false }, { permitted: false }, { do: 'refuse' }],
    ['past a budget: said', {}, { verdict: 'dropped', permitted: false }, { do: 'say-slow' }],
    ['past it again: nothing', {}, { verdict: 'silent', permitted: false }, { do: 'nothing' }],
    ['a sentence that nobody understands: run', { isCommand: false }, {}, { do: 'run', brief: false }],
  ])('%s', (_name, what, admission, expected) => {
    expect(planAnswer({ ...asked, ...what }, { ...allowed, ...admission })).toMatchObject(expected);
  });

  const yesNo = [true, false];
  const all = yesNo.flatMap((isCommand) =>
    yesNo.flatMap((question) =>
      yesNo.flatMap((crowded) =>
        (['allowed', 'dropped', 'silent'] as const).flatMap((verdict) =>
          yesNo.flatMap((permitted) =>
            (['operator', 'person', 'flooder'] as const).flatMap((asker) =>
              yesNo.map((aside) => ({
                what: { isCommand, question, crowded },
                who: { verdict, permitted, asker, aside },
              })),
            ),
          ),
        ),
      ),
    ),
  );

  test('in every case: nothing runs past a budget, no command for who may not, no change is put off or shared', () => {
    expect(all).toHaveLength(288);
    for (const { what, who } of all) {
      const plan = planAnswer(what, who);
      if (who.verdict !== 'allowed') expect(['say-slow', 'nothing']).toContain(plan.do);
      if (what.isCommand && !who.permitted) expect(plan.do).not.toMatch(/run|put-off|answer-aside/);
      if (!what.question) expect(plan.do).not.toMatch(/put-off|answer-aside/);
      if (who.asker === 'operator') expect(plan.do).not.toBe('put-off');
      if (!what.crowded && plan.do === 'run') expect(plan.brief).toBe(false);
    }
  });
});
