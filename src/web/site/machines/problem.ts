/** What was wrong with a request, as RFC 9457 has it: what, where, and what to do. */
export class Problem extends Error {
  readonly status: number;
  /** The parameter that is wrong; null = none. */
  readonly field: string | null;

  constructor(status: number, field: string | null, detail: string) {
    super(detail);
    this.status = status;
    this.field = field;
  }
}

const TITLES: Record<number, string> = { 400: 'A parameter is wrong', 404: 'There is nothing of that name' };

export function problemBody({ status, field, message }: Problem): string {
  const title = TITLES[status] ?? 'This cannot be answered';
  const body = { type: 'about:blank', title, status, detail: message, ...(field === null ? {} : { parameter: field }) };
  return `${JSON.stringify(body)}\n`;
}

export const PROBLEM_TYPE = 'application/problem+json';
