import type { Translator } from '../ports/translate.ts';

/** What people call a component of `service-components.yaml`; one that an operator added is shown by its id. */
const NAMES = {
  web: 'component.web',
  calls: 'component.calls',
  media: 'component.media',
  pictures: 'component.media',
  video: 'component.media',
  registration: 'component.registration',
  bridges: 'component.bridges',
  persian: 'component.persian',
  russian: 'component.russian',
  api: 'component.servers',
  app: 'component.servers',
  endpoints: 'component.servers',
  gateway: 'component.servers',
  servers: 'component.servers',
  'data-centres': 'component.servers',
} as const;

export const componentName = (id: string, words: Translator): string =>
  Object.hasOwn(NAMES, id) ? words.say(NAMES[id as keyof typeof NAMES]) : id;
