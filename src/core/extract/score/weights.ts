/** The learned weights as they are stored: whole numbers of one byte each, with one scale a model. Made by `npm run train:reader`. */
export interface StoredWeights {
  /** Hash of everything that they were made from: sentences, labelled sets, lexicon, and the code that reads. */
  inputs: string;
  relevance: StoredModel;
  triple: StoredModel;
  event: EventModel;
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
}

export function decodeWeights(stored: StoredWeights): Weights {
  const model = (one: StoredModel): Model => ({
    ...one,
    weights: Int8Array.from(atob(one.weights), (byte) => byte.charCodeAt(0)),
  });
  return { relevance: model(stored.relevance), triple: model(stored.triple), event: stored.event };
}

/** From log-odds to a probability. */
export const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
