import { sourceKinds } from '../sources/index.ts';
import type { SourceConfig } from './schema.ts';
import type { Place } from './secrets.ts';

/** Sources that post to us need a listener, and a token each: with one token they would be one voice under two names. */
export function checkPosts(sources: readonly SourceConfig[], listens: boolean, { name, problems }: Place): void {
  const kind = sourceKinds.find((one) => one.posts)?.kind;
  const posting = sources.filter((one): one is SourceConfig & { token: string } => one.kind === kind);
  if (posting.length > 0 && !listens) {
    const wrong = `"${posting[0]!.id}" has nowhere to post to`;
    problems.add(name, 'sources', wrong, 'add "web: { listen: 127.0.0.1:8080 }"');
  }
  const first = new Map<string, string>();
  for (const { id, token } of posting) {
    const earlier = first.get(token);
    if (earlier === undefined) first.set(token, id);
    else
      problems.add(
        name,
        'sources',
        `the token of "${id}" is that of "${earlier}", too`,
        'give each source a token of its own',
      );
  }
}
