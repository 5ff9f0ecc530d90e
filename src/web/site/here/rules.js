// @ts-check
/**
 * What a round of tries from a reader's browser means: a pure function, sent to the browser as it stands here and held by the tests. Written in ES2018, for
 * old phones. A browser sees only whether something answered and when, so a service that does not open is never said to be blocked by somebody: only that
 * it alone does not open. Where the line, the border or the browser explains what is seen, no service is named.
 *
 * @typedef {{ host: string, ok: boolean, ms: number }} Try Opened or not, and after how long; `ok` of an opaque answer: something with a valid certificate answered.
 * @typedef {{
 *   online: boolean,
 *   echo: 'same' | 'other' | 'none',
 *   bait: boolean,
 *   abroad: Try[],
 *   home: Try[],
 *   services: { id: string, tries: Try[] }[],
 * }} Seen `echo`: what this server sent back of a fresh number. `bait`: an address of this server that only blockers of advertisements stop was opened.
 * @typedef {'fails' | 'partly' | 'slow' | 'works' | 'unclear'} Verdict
 * @typedef {'fine' | 'offline' | 'portal' | 'line' | 'border' | 'shaky' | 'controls' | 'unclear'} LineVerdict
 */

/** So slow, and so many times slower than what is never slowed down, is more than a busy line. */
const SLOW_MS = 3000;
const SLOW_TIMES = 10;
/** Of the controls' tries; where more are lost, a lost try says nothing. */
const MOST_LOST = 0.25;
/** Where a blocker inside the browser is at work, a try that failed before this may never have left the machine: silence alone is the line's. */
const SILENT_MS = 2500;

/** @param {Try[]} tries */
function opened(tries) {
  return tries.filter(function (one) {
    return one.ok;
  });
}

/** @param {Try[]} tries */
function median(tries) {
  const all = tries
    .map(function (one) {
      return one.ms;
    })
    .sort(function (a, b) {
      return a - b;
    });
  return all.length === 0 ? 0 : all[Math.floor(all.length / 2)] || 0;
}

/**
 * @param {Seen} seen
 * @returns {LineVerdict}
 */
function lineOf(seen) {
  /** @type {Try[]} */
  let services = [];
  seen.services.forEach(function (one) {
    services = services.concat(one.tries);
  });
  const any = opened(services).length > 0;
  const abroad = opened(seen.abroad);
  const home = opened(seen.home);
  if (seen.echo === 'other') return 'portal';
  if (!any && abroad.length === 0 && home.length === 0) {
    if (!seen.online) return 'offline';
    // This server alone answers: a list of what may be opened, a border that is shut, or a portal that knows us.
    return seen.echo === 'same' ? 'unclear' : 'line';
  }
  if (abroad.length === 0) return any ? 'controls' : 'border';
  const controls = seen.abroad.concat(seen.home);
  // One host that is blocked loses all of its tries, a bad line some of several.
  const hosts = new Map();
  controls.forEach(function (one) {
    const own = hosts.get(one.host) || [];
    own.push(one);
    hosts.set(one.host, own);
  });
  let lost = 0;
  let of = 0;
  hosts.forEach(function (own) {
    const good = opened(own).length;
    if (good === 0) return;
    of += own.length;
    lost += own.length - good;
  });
  return of > 0 && lost / of > MOST_LOST ? 'shaky' : 'fine';
}

/**
 * @param {Try[]} tries
 * @param {Seen} seen
 * @param {LineVerdict} line
 * @returns {Verdict}
 */
function serviceOf(tries, seen, line) {
  const hosts = new Map();
  tries.forEach(function (one) {
    const own = hosts.get(one.host) || [];
    own.push(one);
    hosts.set(one.host, own);
  });
  let shut = 0;
  let open = 0;
  hosts.forEach(function (own) {
    if (opened(own).length === 0) shut++;
    else if (opened(own).length * 2 > own.length) open++;
  });
  if (hosts.size === 0) return 'unclear';
  if (shut > 0) {
    if (line === 'shaky') return 'unclear';
    // The browser itself may have refused.
    const blocker =
      !seen.bait &&
      tries.some(function (one) {
        return !one.ok && one.ms < SILENT_MS;
      });
    if (blocker) return 'unclear';
    if (shut === hosts.size) return tries.length > 1 ? 'fails' : 'unclear';
    return open > 0 ? 'partly' : 'unclear';
  }
  if (open < hosts.size) return 'unclear';
  const good = opened(tries);
  const usual = median(opened(seen.abroad));
  const slow = good.length > 1 && usual > 0 && median(good) >= SLOW_MS && median(good) >= SLOW_TIMES * usual;
  return slow ? 'slow' : 'works';
}

/**
 * The line first: where that is at fault, or nothing can be told, `services` is empty.
 *
 * @param {Seen} seen
 * @returns {{ line: LineVerdict, blocker: boolean, services: { id: string, verdict: Verdict }[] }}
 */
export function judge(seen) {
  const line = lineOf(seen);
  const blocker = seen.echo === 'same' && !seen.bait;
  if (line !== 'fine' && line !== 'shaky' && line !== 'controls') return { line: line, blocker: blocker, services: [] };
  const services = seen.services.map(function (one) {
    return { id: one.id, verdict: serviceOf(one.tries, seen, line) };
  });
  return { line: line, blocker: blocker, services: services };
}
