/**
 * What an outlet is. `external`: media of a state, made for other countries. `unknown`: nobody has written down whose it is. What an aggregator prints is
 * nobody's word.
 */
export type OutletKind =
  | 'national'
  | 'regional'
  | 'public'
  | 'state'
  | 'external'
  | 'exile'
  | 'agency'
  | 'tech'
  | 'rights'
  | 'aggregator'
  | 'unknown';

/** Whose word it is. */
export interface Outlet {
  /** As its feeds and texts that credit it call it; else its domain. */
  id: string;
  /** As people know it. */
  name: string;
  /** Two outlets of one owner are one voice. */
  owner: string;
  /** ISO 3166-1; null = of the whole world, or unknown. */
  country: string | null;
  kind: OutletKind;
}
