import { TocsinError } from '../../../core/errors.ts';
import type { AskedOf, Json } from '../port.ts';
import { AnswerTooLarge } from '../request.ts';
import { json } from '../sync-answer.ts';

type Ask = (request: AskedOf, signal: AbortSignal) => Promise<Json>;

/** Devices of one person that get keys; each costs a message of its own with each new key of a room. */
const MAX_DEVICES = 500;

/**
 * The answer to a question for people's devices, bounded: anybody may have as many as they like, and must not keep others from hearing by it. Where it is too large, people are asked for in halves, and
 * somebody whose devices alone are too many counts as having none. Throws what else `ask` throws.
 */
export async function askForDevices(asked: AskedOf, ask: Ask, signal: AbortSignal): Promise<Json> {
  try {
    const answer = await ask(asked, signal);
    return { ...answer, device_keys: bounded(json(answer.device_keys)) };
  } catch (error) {
    if (!(error instanceof TocsinError && error.cause instanceof AnswerTooLarge)) throw error;
    const body = json(JSON.parse(asked.body ?? '{}'));
    const people = Object.entries(json(body.device_keys));
    if (people.length <= 1)
      return { device_keys: Object.fromEntries(people.map(([user]) => [user, {}])), failures: {} };
    const middle = Math.ceil(people.length / 2);
    const answers: Json[] = [];
    for (const half of [people.slice(0, middle), people.slice(middle)]) {
      const question = { ...asked, body: JSON.stringify({ ...body, device_keys: Object.fromEntries(half) }) };
      answers.push(await askForDevices(question, ask, signal));
    }
    return merged(answers);
  }
}

const bounded = (people: Json): Json =>
  Object.fromEntries(
    Object.entries(people).map(([user, devices]) => {
      const list = Object.entries(json(devices));
      return [user, list.length > MAX_DEVICES ? Object.fromEntries(list.slice(0, MAX_DEVICES)) : devices];
    }),
  );

/** Keys of people's identities stand beside those of their devices. */
function merged(answers: readonly Json[]): Json {
  const names = new Set(answers.flatMap((answer) => Object.keys(answer)));
  return Object.fromEntries(
    [...names].map((name) => [name, Object.assign({}, ...answers.map((answer) => json(answer[name])))]),
  );
}
