import { MAX_WAIT_MS, retryAfterMs } from '../../core/answers.ts';
import { TocsinError } from '../../core/errors.ts';

/**
 * A status that brings no feed → the named error, with what to do about it. `facts.retryAfterMs`: how long the
 * server wants us to stay away; `facts.backOffMs`: how long it makes no sense to come. */
export function statusError(status: number, headers: Record<string, string>, host: string, now: number): TocsinError {
  const facts: Record<string, string | number> = { host, status };
  const wait = retryAfterMs(headers['retry-after'], now);
  if (wait !== null) facts.retryAfterMs = wait;
  if (status === 410) facts.backOffMs = MAX_WAIT_MS;
  return new TocsinError('fetch_status', `${host} answered ${status}: ${remedy(status)}`, facts);
}

function remedy(status: number): string {
  if (status === 410) return 'the feed is gone for good; remove it or find its new address.';
  if (status === 404) return 'there is no such feed; check the address.';
  if (status === 401 || status === 403 || status === 451)
    return 'access is refused; the site may block this network or want a log-in.';
  if (status === 429) return 'we ask too often; a slower cron helps.';
  if (status >= 500) return 'the server has trouble.';
  return 'that is not a feed.';
}
