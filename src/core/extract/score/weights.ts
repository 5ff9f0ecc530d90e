/** The learned weights as they are stored: whole numbers of one byte each, with one scale a model. Made by `npm run train:reader`. */
export interface StoredWeights {
  /** Hash of everything that they were made from: sentences, labelled sets, lexicon, and the code that reads. */
  inputs: string;
  relevance: StoredModel;
  triple: StoredModel;
  event: EventModel;
}

/** Log-odds that a reported triple is right, from those of the text and of the triple; `claimed` is added where the rules say it, too, `billed` where the text speaks of a bill and the triple is no threat. */
export interface EventModel {
  offset: number;
  relevant: number;
  triple: number;
  claimed: number;
  billed: number;
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

export interface Model {
  bits: number;
  /** Whole numbers; `scale` is what 1 stands for. A quarter of the memory of fractions, and so more of it is near. */
  weights: Int8Array;
  scale: number;
  slope: number;
  offset: number;
}

export interface Weights {
  relevance: Model;
  triple: Model;
  event: EventModel;
}

export function decodeWeights(stored: StoredWeights): Weights {
  const model = ({ bits, scale, weights, slope, offset }: StoredModel): Model => {
    const text = atob(weights);
    const bytes = new Int8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return { bits, weights: bytes, scale, slope, offset };
  };
  return { relevance: model(stored.relevance), triple: model(stored.triple), event: stored.event };
}
