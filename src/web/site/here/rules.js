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
var SLOW_MS = 3000;
var SLOW_TIMES = 10;
/** Of the controls' tries; where more are lost, a lost try says nothing. */
var MOST_LOST = 0.25;
/** A blocker inside the browser refuses before anything leaves the machine. */
var AT_ONCE_MS = 50;

/** @param {Try[]} tries */
function opened(tries) {
  return tries.filter(function (one) {
    return one.ok;
  });
}

/** @param {Try[]} tries */
function median(tries) {
  var all = tries
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
  var services = [];
  seen.services.forEach(function (one) {
    services = services.concat(one.tries);
  });
  var any = opened(services).length > 0;
  var abroad = opened(seen.abroad);
  var home = opened(seen.home);
  if (seen.echo === 'other') return 'portal';
  if (!any && abroad.length === 0 && home.length === 0) {
    if (!seen.online) return 'offline';
    // This server alone answers: a list of what may be opened, a border that is shut, or a portal that knows us.
    return seen.echo === 'same' ? 'unclear' : 'line';
  }
  if (abroad.length === 0) return any ? 'controls' : 'border';
  var controls = seen.abroad.concat(seen.home);
  // One host that is blocked loses all of its tries, a bad line some of several.
  var hosts = new Map();
  controls.forEach(function (one) {
    var own = hosts.get(one.host) || [];
    own.push(one);
    hosts.set(one.host, own);
  });
  var lost = 0;
  var of = 0;
  hosts.forEach(function (own) {
    var good = opened(own).length;
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
  var hosts = new Map();
  tries.forEach(function (one) {
    var own = hosts.get(one.host) || [];
    own.push(one);
    hosts.set(one.host, own);
  });
  var shut = 0;
  var open = 0;
  hosts.forEach(function (own) {
    if (opened(own).length === 0) shut++;
    else if (opened(own).length * 2 > own.length) open++;
  });
  if (hosts.size === 0) return 'unclear';
  if (shut > 0) {
    if (line === 'shaky') return 'unclear';
    // The browser itself may have refused.
    var blocker =
      !seen.bait &&
      tries.some(function (one) {
        return !one.ok && one.ms < AT_ONCE_MS;
      });
    if (blocker) return 'unclear';
    if (shut === hosts.size) return tries.length > 1 ? 'fails' : 'unclear';
    return open > 0 ? 'partly' : 'unclear';
  }
  if (open < hosts.size) return 'unclear';
  var good = opened(tries);
  var usual = median(opened(seen.abroad));
  var slow = good.length > 1 && usual > 0 && median(good) >= SLOW_MS && median(good) >= SLOW_TIMES * usual;
  return slow ? 'slow' : 'works';
}

/**
 * The line first: where that is at fault, or nothing can be told, `services` is empty.
 *
 * @param {Seen} seen
 * @returns {{ line: LineVerdict, blocker: boolean, services: { id: string, verdict: Verdict }[] }}
 */
export function judge(seen) {
  var line = lineOf(seen);
  var blocker = seen.echo === 'same' && !seen.bait;
  if (line !== 'fine' && line !== 'shaky' && line !== 'controls') return { line: line, blocker: blocker, services: [] };
  var services = seen.services.map(function (one) {
    return { id: one.id, verdict: serviceOf(one.tries, seen, line) };
  });
  return { line: line, blocker: blocker, services: services };
}
