/** No placeholders: the phrase is said as it stands. */
export type Plain = Record<never, never>;
