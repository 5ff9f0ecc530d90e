/** Decides for each service named whether it can be what the news is about, or is a channel, a source, a rival, a means of circumvention … */
import { REACH } from './distances.ts';
import { inContext } from './everyday.ts';
import { beside, spreadLists } from './lists.ts';
import type { Field, Mention } from './read.ts';
import { clauseOf, cueBefore, mentionsAround } from './read.ts';
import { roleOf } from './role-rules.ts';
import { isAct } from './scope.ts';

export function assignRoles(fields: Field[]): void {
  const sure = new Set<string>();
  for (const field of fields) for (const m of field.mentions) if (!m.everyday) sure.add(m.id);
  for (const field of fields) {
    for (const m of field.mentions) m.role = roleOf(field, m);
    for (const m of field.mentions) m.role ??= roleElsewhere(field, m);
    vouch(field, sure);
    for (const m of field.mentions) if (m.everyday && m.role === null && !sure.has(m.id)) m.role = 'everyday word';
    spreadLists(field);
    for (const m of field.mentions) if (m.role === null && isOwnerOfVideo(field, m, fields[0]!)) m.role = 'owner';
  }
  for (const field of fields.slice(1)) compareAsTitled(field, fields[0]!);
  // Named surely in a later field: the earlier everyday mention counts, too.
  for (const field of fields)
    for (const m of field.mentions) if (m.role === 'everyday word' && sure.has(m.id)) m.role = null;
}

/** Called the source once in a sentence, or only compared with, the same name is no target in it. */
const roleElsewhere = (field: Field, m: Mention): string | null =>
  mentionsAround(field, m.from).find(
    (o) => o.id === m.id && (o.role === 'source' || (o.role === 'likened' && o.from < m.from)),
  )?.role ?? null;

/** An everyday word is a service when it is named so elsewhere, stands beside sure ones in a list, or is called an app here. */
function vouch(field: Field, sure: Set<string>): void {
  for (let pass = 0; pass < 2; pass++)
    for (const m of field.mentions)
      if (m.role === null && m.everyday && !sure.has(m.id) && inContext(field, m, sure)) sure.add(m.id);
}

/** Google beside YouTube in the title is who owns it; in the title itself, where it stands apart from it. */
function isOwnerOfVideo(field: Field, m: Mention, title: Field): boolean {
  if (m.category !== 'search') return false;
  if (field.name !== 'title')
    return (
      cueBefore(field, m.from, REACH.touching, 'kind') === null &&
      title.mentions.some((t) => t.category === 'video') &&
      !title.mentions.some((t) => t.id === m.id)
    );
  return (
    field.mentions.some((o) => o.category === 'video' && o.role === null && o.to < m.from) &&
    !field.mentions.some((o) => o !== m && beside(field, o, m)) &&
    !clauseOf(field, m.from).cues.some((c) => isAct(c) && Math.abs(c.from - m.from) <= 2)
  );
}

/** "After X, Turkey blocks Y", says the title: the text speaks of X as what came first, too. */
function compareAsTitled(field: Field, title: Field): void {
  for (const m of field.mentions) {
    const titled = title.mentions.filter((t) => t.id === m.id);
    if (m.role === null && titled.length > 0 && titled.every((t) => t.role === 'comparison')) m.role = 'comparison';
  }
}
