/** From log-odds to a probability. */
export const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
