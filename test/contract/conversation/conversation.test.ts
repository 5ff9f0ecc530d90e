/** One conversation on three platforms, through what each really reads and shows: the same facts, whatever the platform. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, linesOf, unmarked, withoutCommands } from './facts.ts';
import { type Person, PLATFORMS } from './platforms.ts';
import { STEPS, type Step } from './steps.ts';

/** What each said to each step. */
let answers: Record<Answer['platform'], Answer>[] = [];
let people: Person[] = [];

/** Budgets fill up again while a person reads. */
const READING = 60_000;

beforeAll(async () => {
  people = await Promise.all(Object.values(PLATFORMS).map((meet) => meet()));
  for (const { bot } of people) {
    for (const voice of ['alpha', 'beta']) await bot.says(voice, 'block RU whatsapp dns');
    await bot.says('alpha', 'throttle RU youtube');
    for (const voice of ['alpha', 'gamma']) await bot.says(voice, 'block IR telegram');
    await bot.pass(3_600_000);
  }
  await Promise.all(people.map((person) => person.read()));
  for (const step of STEPS) {
    const given = await Promise.all(people.map((person) => take(person, step)));
    answers.push(Object.fromEntries(given.map((one) => [one.platform, one])) as (typeof answers)[number]);
  }
}, 60_000);
afterAll(async () => {
  await Promise.all(people.map((person) => person.leave()));
  answers = [];
});

async function take(person: Person, step: Step): Promise<Answer> {
  await person.bot.pass(READING);
  if (step.write !== undefined) await person.write(step.write);
  await step.happens?.(person.bot);
  return { platform: person.platform, ...(await person.read()) };
}

const named = STEPS.map((step, i) => ({ step, i, name: `${i + 1}. ${step.write ?? 'something happens'}` }));

test('it is a conversation of sixty steps and more, in several languages and scripts', () => {
  expect(STEPS.length).toBeGreaterThanOrEqual(60);
  const written = STEPS.map(({ write }) => write ?? '').join(' ');
  for (const script of [/[a-z]/, /[а-я]/, /[آ-ی]/, /\p{Script=Han}/u, /\p{RI}/u]) expect(written).toMatch(script);
});

describe.each(named)('$name', ({ step, i }) => {
  test('each platform says what it should', () => {
    for (const answer of Object.values(answers[i]!)) {
      const text = unmarked(linesOf(answer)).join('\n');
      if (step.says.length === 0) expect([answer.platform, text]).toEqual([answer.platform, '']);
      for (const fact of step.says) {
        if (typeof fact === 'string') expect(text, answer.platform).toContain(fact);
        else expect(text, answer.platform).toMatch(fact);
      }
    }
  });

  test('Matrix and the console: word for word, typed forms included', () => {
    const { matrix, console } = answers[i]!;
    const offered = new Set(linesOf({ platform: 'console', texts: console.forms }).map((form) => form.toLowerCase()));
    const said = linesOf(console);
    // Forms stand in a message of Matrix like any other line; a console shows all, Matrix the first of them.
    const apart = unmarked(linesOf(matrix)).filter((line) => said.includes(line) || !offered.has(line.toLowerCase()));
    expect(apart).toEqual(said);
  });

  test('Telegram and Matrix: word for word, but for what is only there to be typed', () => {
    const { telegram, matrix } = answers[i]!;
    const shown = linesOf(telegram).filter((line) => !step.prompt?.test(line));
    const typed = linesOf(matrix).filter((line) => !step.prompt?.test(line) && !step.typed?.test(line));
    expect(withoutCommands(shown)).toEqual(withoutCommands(typed));
    // Where there are buttons, there is no command that the others do not name.
    if (step.commands) for (const line of unmarked(shown)) expect([...unmarked(typed), line]).toContain(line);
  });

  test('the same links behind the words', () => {
    const { telegram, matrix, console } = answers[i]!;
    expect(telegram.links).toEqual(console.links);
    expect(matrix.links).toEqual(console.links);
  });
});
