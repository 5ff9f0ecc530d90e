/** The one guarded fetch (`platform/http.ts`). Everything it returns is hostile text of bounded size. */
export interface HttpRequest {
  /** `http:` or `https:`; a name and a password in it are sent as a header, and shown nowhere. */
  url: string;
  /** Default GET. GET and HEAD may be sent twice where a kept connection turns out to be closed. */
  method?: 'GET' | 'POST' | 'PUT' | 'HEAD';
  /** Names in any case. Credentials and cookies do not follow a redirect to another origin. */
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Whole exchange, redirects included; default 20,000 ms. */
  timeoutMs?: number;
  /** After inflation; default 5 MB. */
  maxBytes?: number;
  /**
   * For bodies too large to be held: called with each piece as it comes, inflated, one after another; `body` is empty then. Only for a status
   * of 200 to 299: what another one says is no document. What it throws ends the request.
   */
  onChunk?: (chunk: Uint8Array) => void;
  /** Status and headers are all that is wanted: `body` is empty, and what the server sends there, however long or slow, is left. */
  statusOnly?: true;
  /** Default 5; each hop is checked anew. */
  maxRedirects?: number;
  /** Awaited before a redirect is followed to that host (with its port): who has manners waits there. Its time is the request's. */
  onHop?: (host: string, signal: AbortSignal) => Promise<void>;
  /** Aborts with the code `canceled`. */
  signal?: AbortSignal;
}

/** One redirect: where it led (without credentials), and whether the server called it permanent (301, 308). */
export interface Redirect {
  url: string;
  permanent: boolean;
}

export interface HttpResponse {
  status: number;
  /** Where it ended after redirects. */
  url: string;
  /** True when every redirect on the way was permanent (301, 308). */
  movedPermanently: boolean;
  /** Every redirect on the way, in order; absent or empty where the asked address answered itself. */
  redirects?: readonly Redirect[];
  /** Names in lower case; several of one name are joined. */
  headers: Record<string, string>;
  /** Inflated, never longer than `maxBytes`: what is longer is an error (`fetch_too_large`), not cut. */
  body: Uint8Array;
}

/**
 * Resolves with any status that the server gave; throws `TocsinError` with a `fetch_*` code otherwise. Refuses private and reserved
 * addresses (also after redirects and at connect time) unless the operator allows them. Never retries.
 */
export type Http = (request: HttpRequest) => Promise<HttpResponse>;
