/** What answers look like, as JSON Schema (2020-12): the one source of `/api/v1/openapi.json`, and what tests hold answers against. */
import { ACTIONS, METHODS } from '../../../core/model/action.ts';
import { CONFIDENCES } from '../../../core/model/incident.ts';

const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });
const time = { type: 'string', format: 'date-time', description: 'ISO 8601, in UTC' };
export const STATES = ['threatened', 'active', 'easing', 'lifted', 'withdrawn'] as const;
const action = {
  type: 'string',
  enum: [...ACTIONS],
  description:
    'The latest in force; of a lifted incident, the last before the lift; "unblock" where nothing was known to be open',
};
const state = { type: 'string', enum: [...STATES] };

const incident = {
  type: 'object',
  additionalProperties: false,
  required: [
    'type',
    'id',
    'country',
    'service',
    'action',
    'method',
    'state',
    'confidence',
    'openedAt',
    'corroboratedAt',
    'closedAt',
    'items',
    'phases',
  ],
  properties: {
    type: { const: 'incident' },
    id: { type: 'string', examples: ['RU-whatsapp-3f9k'] },
    country: orNull({ type: 'string', pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2, or EU' }),
    service: orNull({ type: 'string', description: 'Id of the catalogue; "internet" for the network itself' }),
    action,
    method: orNull({ type: 'string', enum: [...METHODS] }),
    state,
    confidence: { type: 'string', enum: [...CONFIDENCES], description: 'Of the block; each includes those before it' },
    openedAt: { ...time, description: 'Time of the oldest report' },
    corroboratedAt: orNull(time),
    closedAt: orNull(time),
    items: {
      type: 'array',
      items: { type: 'string' },
      description: 'Ids of the items and statements that report on it, oldest first',
    },
    phases: {
      type: 'array',
      description: 'The transition log',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['at', 'action', 'state'],
        properties: { at: time, action, state },
      },
    },
  },
};

const incidents = {
  type: 'object',
  additionalProperties: false,
  required: ['items', 'next'],
  properties: {
    items: { type: 'array', maxItems: 100, items: { $ref: '#/components/schemas/Incident' } },
    next: orNull({ type: 'string', description: 'The cursor of the next page; null = this was the last' }),
  },
};

const problem = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { const: 'about:blank' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong, and what to do' },
    parameter: { type: 'string', description: 'Which one is wrong' },
  },
};

export const SCHEMAS = { Incident: incident, Incidents: incidents, Problem: problem } as const;
