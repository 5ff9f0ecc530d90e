import type { Plain } from './plain.ts';

/** The evidence card: what newsrooms keep and cite. */
export interface EvidencePhrases {
  'evidence.title': { id: string };
  /** Heads of its sections. */
  'evidence.times': { zone: string };
  'evidence.since': Plain;
  'evidence.ended': Plain;
  'evidence.last': Plain;
  'evidence.wording': Plain;
  'evidence.vantages': Plain;
  'evidence.cite': Plain;
  /** What stands under somebody's text; `hash` is the beginning of the digest, times are in UTC. */
  'evidence.citation': { id: string; headline: string; since: string; made: string; hash: string };
  'evidence.hash': { hash: string };
  'evidence.made': { when: string };
  'evidence.usage': { command: string };
  /** The same card in the other form. */
  'evidence.other': { command: string };
  /** Beside the files. */
  'evidence.files': Plain;
  'button.card': Plain;
  'button.text': Plain;
}
