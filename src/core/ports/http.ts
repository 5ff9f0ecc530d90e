/** The one guarded fetch (`platform/http.ts`). Everything it returns is hostile text of bounded size. */
export interface HttpRequest {
  url: string;
  method?: 'GET' | 'POST' | 'PUT' | 'HEAD';
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Whole exchange, redirects included; default 20,000 ms. */
  timeoutMs?: number;
  /** After inflation; default 5 MB. */
  maxBytes?: number;
  /** Default 5; each hop is checked anew. */
  maxRedirects?: number;
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
  headers: Record<string, string>;
  body: Uint8Array;
}

/**
 * Resolves with any status that the server gave; throws `TocsinError` with a `fetch_*` code otherwise. Refuses private and reserved
 * addresses (also after redirects and at connect time) unless the operator allows them. Never retries.
 */
export type Http = (request: HttpRequest) => Promise<HttpResponse>;
