import type { Plain } from './plain.ts';

/** What a frightened reader needs first: where, which part, and what to do. */
export interface TellingPhrases {
  /** The network in a headline: "Iran: internet off", "Dagestan, Russia: mobile internet off". */
  'noun.internet': Plain;
  'noun.mobile': Plain;

  /** Place first: one region; two or three; so many. */
  'place.one': { regions: string; country: string };
  'place.several': { regions: string; country: string };
  'place.many': { country: string; n: number };

  /** To a question about a region of which nothing is known by itself; the whole country follows. */
  'place.unknown': { region: string; country: string };
  /** To a question about one network. */
  'network.seen': Plain;
  'network.none': Plain;
  'network.country': { command: string };

  /** In the place of a headline's action, where only that part of the service is cut. */
  'part.calls': { service: string };
  'part.media': { service: string };
  'part.registration': { service: string };
  'part.web': { service: string };
  /** Calls alone are cut, so messages are not. */
  'part.messages': { what: string };

  /** Parts of a service that probes look at. */
  'component.web': Plain;
  'component.calls': Plain;
  'component.media': Plain;
  'component.registration': Plain;
  'component.bridges': Plain;
  'component.persian': Plain;
  'component.russian': Plain;
  'component.servers': Plain;

  /**
   * What the reader can do, by what is cut. Safe for whoever reads it, wherever: no way around a block, no tool, nothing that may be forbidden
   * somewhere; `core/render/advice.ts` tells which is said when.
   */
  'advice.works': { services: string };
  /** Not measured: nobody has said that they are blocked. */
  'advice.unblocked': { services: string };
  'advice.calls': Plain;
  'advice.media': Plain;
  'advice.slow': Plain;
  'advice.messenger': Plain;
  'advice.shutdown': Plain;
  'advice.mobile': Plain;
  'advice.site': Plain;
  'advice.store': Plain;
  'advice.warn': Plain;

  /** In a reply of one line. */
  'reply.lasted': { duration: string };

  /** A measurement's source. */
  'probe.own': { network: string };
  'probe.agent': { network: string };
}
