import type { StatusPhrases } from '../../core/phrases/status.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const status: TextsOf<StatusPhrases> = {
  'state.open': 'open',
  'state.throttle': 'degraded (throttled)',
  'state.restrict': 'degraded (partly restricted)',
  'state.block': 'blocked',
  'state.shutdown': 'shut down',
  'state.unknown': 'unknown',
  'state.warn': 'under threat',

  'status.followed': 'What this chat follows',
  'status.world': 'Everywhere',
  'status.since': '{state} since {when}',
  'status.was': '{unknown} (was {was})',
  'status.network': '{state} (with the whole network)',
  'status.part': '{state} in {regions}',
  'status.age': 'last evidence {age} ago',
  'status.no': 'no evidence',
  'status.reference': 'reference: {url}',
  'status.confirmed': 'last confirmed {when}',
  'status.nothing': '{what}: unknown. No source has told of a change there.',
  'status.worldNone': 'I know of nothing new that is cut off right now.',
  'status.rest': 'What is not listed is not known to be restricted; that is not the same as open.',
  'status.unnamed': 'services that were not named',

  'sight.dim': {
    one: 'I see little: only {ok} of {n} source answered.',
    other: 'I see little: only {ok} of {n} sources answered.',
  },
  'sight.blind': 'I cannot see anything: no source answers. What I say now is what I knew before.',
  'sight.noSources': 'I cannot see anything: I have no sources.',
  'sight.waiting': 'I cannot see anything yet: I have only just started, and no source has answered.',

  'health.head': 'The bot itself',
  'health.store':
    '❗ My database was deleted or replaced: alerts still come, but what changes now is lost when I restart',
  'health.polled': {
    one: 'Last look at the sources {age} ago; {ok} of {n} source works',
    other: 'Last look at the sources {age} ago; {ok} of {n} sources work',
  },
  'health.never': { one: '{n} source, not read yet', other: '{n} sources, none read yet' },
  'health.none': 'No sources: I cannot know of anything',
  'health.oldest': 'Read longest ago: {name}, {age} ago',
  'health.held': 'Held back, because it tells of more at once than any event brings: {names}',
  'health.failing': 'Failing: {names}',
  'health.stale': 'Nothing heard from for too long: {names}',
  'health.blind': 'Cannot measure, for their own line is in trouble: {names}',
  'health.agent': 'Agent {id} ({country}, {asn}) measures; heard of in the last {age}',
  'health.agentMissing': 'Agent {id} ({country}, {asn}) is silent; not heard of for {age}',
  'health.agentStopped': 'Agent {id} ({country}, {asn}) is stopped',
  'health.agentNever': 'Agent {id} ({country}, {asn}) has not been heard of yet',
  'health.vantages': 'No measurements for too long from: {names}',
  'health.idle': 'Nothing waits to be delivered',
  'health.queue': {
    one: '{n} message waits to be delivered, for {age} at most',
    other: '{n} messages wait to be delivered, for {age} at most',
  },
  'health.eta': 'that takes about {duration}',
  'health.sending': 'Sending works',
  'health.account': 'Sending is in trouble: {account} ({problem})',
};
