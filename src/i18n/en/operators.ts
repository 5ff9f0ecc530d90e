import type { OperatorPhrases } from '../../core/phrases/operators.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const operators: TextsOf<OperatorPhrases> = {
  'sources.head': { one: '{n} source', other: '{n} sources' },
  'sources.ok': 'read {age} ago',
  'sources.failing': 'failing for {age}: {problem}',
  'sources.waiting': 'not read yet',
  'sources.off': 'off: no token',
  'sources.leftOut': 'More is followed than observatories are asked for. The least wanted is left out: {what}',
  'sources.leftOutMore':
    'More is followed than observatories are asked for. The least wanted is left out: at least {what}',
  'sources.leftOutCountries': { one: '{n} country', other: '{n} countries' },
  'sources.leftOutServices': { one: '{n} service', other: '{n} services' },

  'agents.head': { one: '{n} agent', other: '{n} agents' },
  'agents.at': '{country}, {asn}: {state}',
  'agents.heard': 'heard of {age} ago',
  'agents.missing': 'silent for {age}',
  'agents.never': 'not heard of yet',
  'agents.stopping': 'stopped; {state}',

  'sources.held': 'Held back: more at once than any event brings',
  'sources.heldSince': { one: '{n} report, since {age} ago', other: '{n} reports, since {age} ago' },
  'sources.heldDropped': {
    one: '{state}; {n} older one dropped',
    other: '{state}; {n} older ones dropped',
  },
  'sources.heldUsage': 'Nobody was notified of these. If they are true, let them count: {command}',
  'sources.released': {
    one: '{n} report of {id} counts now.',
    other: '{n} reports of {id} count now.',
  },
  'sources.notHeld': 'Nothing of “{id}” is held back. {command} lists what is.',

  'agents.dropped': {
    one: '{state}; its buffer ran full, {n} batch is lost',
    other: '{state}; its buffer ran full, {n} batches are lost',
  },
  'agents.refused': {
    one: '{state}; {n} measurement refused (the log tells why)',
    other: '{state}; {n} measurements refused (the log tells why)',
  },
  'agents.usage': 'To stop an agent: {stop}. To let it go on: {start}',
  'agents.none': 'I know no agent “{id}”. {command} lists them.',
  'agents.stopped':
    'Agent {id} makes no more measurements from its next post on, within minutes. To let it go on: {command}',
  'agents.started': 'Agent {id} measures again from its next post on, within minutes.',

  'retract.usage': 'Which incident, and why? {command}',
  'retract.done': '{id} is withdrawn. Everyone who was told of it hears so, with your reason.',
};
