/** The learned weights as they are stored: whole numbers of one byte each, with one scale a model. Made by `npm run train:reader`. */
export interface StoredWeights {
  /** Hash of everything that they were made from: sentences, labelled sets, lexicon, and the code that reads. */
  inputs: string;
  relevance: StoredModel;
  triple: StoredModel;
  event: EventModel;
  /** Absent: the encoder is not asked. */
  encoder?: EncoderMix;
}

/** Languages of which much is known, and the others: what is read how well differs between them. */
export type Group = 'en' | 'ru' | 'ten' | 'rest';

const TEN = new Set(['ar', 'de', 'es', 'fr', 'id', 'it', 'pl', 'pt', 'tr', 'uk']);

export const groupOf = (lang: string): Group =>
  lang === 'en' || lang === 'ru' ? lang : TEN.has(lang) ? 'ten' : 'rest';

/** How the encoder's word is weighed with that of the models, by group: offset, then what a unit of log-odds of each counts. */
export interface EncoderMix {
  /** That a text is news: the model's, the encoder's. */
  relevance: Record<Group, number[]>;
  /** That a triple is right: the model's, the encoder's. */
  triple: Record<Group, number[]>;
  /** In place of the other where the encoder was heard. */
  event: Record<Group, EventModel>;
}

export function mixed([offset = 0, ...shares]: readonly number[], ...odds: number[]): number {
  return shares.reduce((sum, share, i) => sum + share * odds[i]!, offset);
}

/** What tells how likely a triple is right; the order is that of the numbers of `evidenceOf` (choose.ts). */
export const EVIDENCE = ['relevant', 'triple', 'rival', 'behind', 'claimed', 'billed', 'dated'] as const;
export type Evidence = (typeof EVIDENCE)[number];

/** Log-odds that a reported triple is right: an offset, and what each piece of evidence adds. */
export interface EventModel extends Record<Evidence, number> {
  offset: number;
}

export interface StoredModel {
  /** It holds 2^bits weights. */
  bits: number;
  /** What a weight of 1 stands for. */
  scale: number;
  /** Signed bytes in base64. */
  weights: string;
  /** Calibration: the log-odds of being right are a × score + b. */
  slope: number;
  offset: number;
}

export interface Model extends Omit<StoredModel, 'weights'> {
  /** Whole numbers; `scale` is what 1 stands for. A quarter of the memory of fractions, and so more of it is near. */
  weights: Int8Array;
}

export interface Weights {
  relevance: Model;
  triple: Model;
  event: EventModel;
  encoder: EncoderMix | null;
}

export function decodeWeights(stored: StoredWeights): Weights {
  const model = (one: StoredModel): Model => ({
    ...one,
    weights: Int8Array.from(atob(one.weights), (byte) => byte.charCodeAt(0)),
  });
  return {
    relevance: model(stored.relevance),
    triple: model(stored.triple),
    event: stored.event,
    encoder: stored.encoder ?? null,
  };
}

/** From log-odds to a probability. */
export const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
