import type { CommandName } from '../../ports/translate.ts';
import type { ParsedTargets } from '../targets.ts';

/**
 * - command: as if this had been typed; `open`: a service without a country, so the chat's own countries are meant; `sure`: every word is understood
 * - which: a word that means more than one thing, to be asked about
 * - host: a host name that is no service's
 * - hello: a greeting, or thanks
 * - none: nothing that this bot knows of
 */
export type Asked =
  | { kind: 'command'; name: CommandName; args: string; open: boolean; sure: boolean }
  | { kind: 'which'; name: CommandName; parsed: ParsedTargets }
  | { kind: 'host'; host: string }
  | { kind: 'hello' }
  | { kind: 'none' };
