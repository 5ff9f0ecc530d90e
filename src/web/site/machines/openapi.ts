/** The description of the interface for programs, in OpenAPI 3.1. `test/unit/web/machines/api.test.ts` holds the answers to it. */
import { MAX_PAGE, PAGE } from './paging.ts';
import { SCHEMAS } from './schemas.ts';

const json = (name: keyof typeof SCHEMAS, type = 'application/json') => ({
  content: { [type]: { schema: { $ref: `#/components/schemas/${name}` } } },
});
const query = (name: string, description: string, schema: object) => ({
  name,
  in: 'query',
  required: false,
  description,
  schema,
});
const PROBLEMS = {
  429: {
    description: 'Too many requests come from your address',
    headers: { 'Retry-After': { schema: { type: 'integer' } } },
  },
  503: { description: 'Too much is asked at once', headers: { 'Retry-After': { schema: { type: 'integer' } } } },
};
const NOT_MODIFIED = { 304: { description: 'As it was, by `If-None-Match`' } };
const wrong = (description: string) => ({ description, ...json('Problem', 'application/problem+json') });

/** `publicUrl`: null where nobody said how the bot is reached. */
export const openApi = (publicUrl: string | null, languages: readonly string[]): object => ({
  openapi: '3.1.0',
  jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
  info: {
    title: 'Tocsin',
    version: '1',
    summary: 'When access to an internet service or network changes somewhere, and how sure that is',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: publicUrl ?? '/' }],
  paths: {
    '/api/v1/incidents': {
      get: {
        operationId: 'listIncidents',
        summary: 'Incidents, those that began last first',
        parameters: [
          query('open', 'Only those that reports may still join, or only those that none may join any more', {
            type: 'boolean',
          }),
          query('country', 'ISO 3166-1 alpha-2, or EU', { type: 'string', pattern: '^[A-Za-z]{2}$', examples: ['RU'] }),
          query('service', 'Id of the catalogue; internet for the network itself', {
            type: 'string',
            examples: ['whatsapp'],
          }),
          query('since', 'Only those that opened, closed or were reported on at or after this time', {
            type: 'string',
            format: 'date-time',
          }),
          query('limit', 'How many at most', { type: 'integer', minimum: 1, maximum: MAX_PAGE, default: PAGE }),
          query('cursor', '`next` of the page before, with the same filters', { type: 'string' }),
        ],
        responses: {
          200: {
            description: 'A page of them',
            headers: { Link: { description: 'The next page, where there is one', schema: { type: 'string' } } },
            ...json('Incidents'),
          },
          ...NOT_MODIFIED,
          400: wrong('A parameter is wrong'),
          ...PROBLEMS,
        },
      },
    },
    '/api/v1/incidents/{id}': {
      get: {
        operationId: 'getIncident',
        summary: 'One incident',
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string', examples: ['RU-whatsapp-3f9k'] } },
        ],
        responses: {
          200: { description: 'The incident', ...json('Incident') },
          ...NOT_MODIFIED,
          404: wrong('There is no such incident'),
          ...PROBLEMS,
        },
      },
    },
    '/badge/{name}': {
      get: {
        operationId: 'getBadge',
        summary: 'What is known of a service in a country, as a small picture',
        parameters: [
          { name: 'name', in: 'path', required: true, schema: { type: 'string', examples: ['ru-whatsapp.svg'] } },
          query('lang', 'Language of the words', { type: 'string', enum: [...languages], default: 'en' }),
        ],
        responses: {
          200: { description: 'The badge', content: { 'image/svg+xml': { schema: { type: 'string' } } } },
          ...NOT_MODIFIED,
          400: wrong('A parameter is wrong'),
          404: wrong('There is no such country or service'),
          ...PROBLEMS,
        },
      },
    },
    '/events': {
      get: {
        operationId: 'streamChanges',
        summary: 'Server-sent events: each change of an incident as it happens, as JSON',
        parameters: [
          query('country', 'Only of this country', { type: 'string', pattern: '^[A-Za-z]{2}$' }),
          query('service', 'Only of this service', { type: 'string' }),
          {
            name: 'Last-Event-ID',
            in: 'header',
            required: false,
            description: 'What came since this event is told first',
            schema: { type: 'string' },
          },
        ],
        responses: {
          200: {
            description: 'A stream that does not end',
            content: { 'text/event-stream': { schema: { type: 'string' } } },
          },
          400: wrong('A parameter is wrong'),
          503: wrong('Too many listen, in all or from your address'),
          429: PROBLEMS[429],
        },
      },
    },
  },
  components: { schemas: SCHEMAS },
});
