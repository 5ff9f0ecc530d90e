import type { Plain } from './plain.ts';

/** Messages that come at their time: the summary of quiet hours, digests, reminders, the report of a quiet week. */
export interface RegularPhrases {
  /** `n`: what changed, in loud changes. */
  'summary.head': { n: number };
  /** One thing that waited, told in full. */
  'summary.lead': Plain;

  'digest.head.day': Plain;
  'digest.head.week': Plain;
  'digest.new': Plain;
  'digest.over': Plain;
  'digest.open': Plain;
  'digest.nothing': Plain;

  'remind.head': { n: number };
  'remind.for': { duration: string };
  'remind.stop': { command: string };

  'report.head': Plain;
  'report.what': Plain;
  'report.open': { n: number; command: string };
  /** `ok` of them answer. */
  'report.sources': { n: number; ok: number };
  'report.often': { age: string };
  'report.vantages': { n: number };
  'report.dates': Plain;
  'report.date': { when: string; what: string };
  'report.stop': { command: string };
}
