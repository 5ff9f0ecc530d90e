import type { AccountKinds } from './accounts.ts';
import { shown, suggestion } from './problems.ts';
import type { Place } from './secrets.ts';

/** `platform:id` of each; what names no person or no platform is reported. */
export function readOperators(operators: unknown[], { name, problems }: Place, platforms: AccountKinds): string[] {
  for (const [i, operator] of operators.entries()) {
    const [, platform, id] = /^([a-z]+):(\S+)$/.exec(typeof operator === 'string' ? operator : '') ?? [];
    const path = `operators[${i}]`;
    if (!platform || !id) {
      const how = 'write it as "platform:id", such as "telegram:12345" or "matrix:@ann:example.org", in quotes';
      problems.add(name, path, `${shown(operator)} names no person`, how);
    } else if (!platforms.includes(platform)) {
      problems.add(name, path, `${JSON.stringify(platform)} is no platform`, suggestion(platform, platforms));
    }
  }
  return operators.map(String);
}
