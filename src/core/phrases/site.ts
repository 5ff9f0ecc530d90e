import type { Plain } from './plain.ts';

/** The pages that anybody may read: what is said nowhere in a chat. */
export interface SitePhrases {
  'site.skip': Plain;
  /** Also the heading of the first page. */
  'site.now': Plain;
  'site.sees': Plain;
  'site.search': Plain;
  'site.searchLabel': Plain;
  'site.language': Plain;
  'site.open': { n: number };
  'site.inCountries': { n: number };
  'site.services': Plain;
  /** Heading of what was lifted in the last weeks. */
  'site.ended': Plain;
  'site.days': { n: number };
  'site.legend': Plain;
  'site.earlier': Plain;
  'site.newer': Plain;
  'site.older': Plain;
  'site.permalink': Plain;
  'site.picture': Plain;
  /** `text`: what was typed. */
  'site.noneFound': { text: string };
  'site.missing': Plain;
  'site.missingHelp': Plain;
  'site.sources': Plain;
  'site.source': Plain;
  'site.state': Plain;
  'site.lastLook': Plain;
  'site.network': Plain;
  /** How a source or a vantage point is. */
  'site.look.well': Plain;
  'site.look.waiting': Plain;
  'site.look.failing': Plain;
  'site.look.stale': Plain;
  'site.look.blind': Plain;
  /** In the place of a country: where the bot itself measures from. */
  'site.ownLine': Plain;
  'site.when': Plain;
  'site.what': Plain;
  'site.utc': Plain;
  'site.watched': Plain;
  'site.vantages': Plain;
  /** Where several processes share the work: heading, head of a column, and one of them by its number. */
  'site.processes': Plain;
  'site.since': Plain;
  'site.process': { no: number };
  /** What a process does for all of them; `none`: it waits until another ends. */
  'site.job.ingest': Plain;
  'site.job.fanout': Plain;
  'site.job.receive': Plain;
  'site.job.send': Plain;
  'site.job.none': Plain;
  /** Heading of the evidence card as a file. */
  'site.text': Plain;
}
