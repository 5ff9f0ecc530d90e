// @ts-check
/**
 * What a round of tries from a reader's browser means: a pure function, sent to the browser as it stands here and held by the tests. Written in ES2019, for
 * old phones. A browser sees only whether something answered and when, so a service that does not open is never said to be blocked by somebody: only that
 * it alone does not open. Where the line, the border or the browser explains what is seen, no service is named.
 *
 * @typedef {{ host: string, ok: boolean, ms: number, large?: boolean }} Try Opened or not, and after how long; `ok` of an opaque answer: something with a
 *   valid certificate answered. `large`: a picture of some 100 kB was asked for; where it is `ok`, until its end, or until nobody waited any longer.
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
const SLOW_MS = 2500;
const SLOW_TIMES = 10;
/** Of the controls' tries; where more are lost, a lost try says nothing. */
const MOST_LOST = 0.25;
/** A packet that is lost is sent again after a second; some of that may be the host's own distance. */
const AGAIN_MS = 900;
/** Its name, its connection, its keys and its answer: so many ways there and back has a host that is asked for the first time, where one is enough later. */
const WAYS = 4;
/** Where a blocker inside the browser is at work, a try that failed before this may never have left the machine: silence alone is the line's. */
const SILENT_MS = 2000;

/** @param {Try[]} tries */
function opened(tries) {
  return tries.filter(function (one) {
    return one.ok;
  });
}

/** @param {Try[]} tries */
function large(tries) {
  return opened(tries).filter(function (one) {
    return one.large;
  });
}

/**
 * False: of those controls that answered, or might have, no picture came. Such a line lets go of what is large, and of all that shares its connection.
 *
 * @param {Seen} seen
 */
function picturesCome(seen) {
  const asked = seen.abroad.filter(function (one) {
    return one.large;
  });
  return asked.length === 0 || opened(asked).length > 0 || opened(seen.abroad).length === 0;
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

/** @param {Try[]} tries */
function byHost(tries) {
  /** @type {Map<string, Try[]>} */
  const hosts = new Map();
  tries.forEach(function (one) {
    const own = hosts.get(one.host) || [];
    own.push(one);
    hosts.set(one.host, own);
  });
  return hosts;
}

/** @param {Seen} seen */
function mostOpen(seen) {
  const open = seen.services.filter(function (one) {
    return opened(one.tries).length > 0;
  });
  return open.length * 2 > seen.services.length;
}

/**
 * More than a third of the hosts that answered did so late once, or not once: a first packet that is lost is sent again after a second. Connections that stand, as those of the
 * controls soon do, hide it. Where the first to each host were all late, what the line can do is seen by the later ones.
 *
 * @param {Seen} seen
 */
function isUneven(seen) {
  /** @type {{ late: number, lost: boolean }[]} */
  const hosts = [];
  let quickest = Infinity;
  const all = seen.services.reduce(function (tries, one) {
    return tries.concat(one.tries);
  }, seen.abroad.concat(seen.home));
  byHost(all).forEach(function (own) {
    const good = opened(own).filter(function (one) {
      return !one.large;
    });
    const late = Math.max.apply(
      null,
      good.map(function (one) {
        return one.ms;
      }),
    );
    quickest = good.reduce(function (least, one) {
      return Math.min(least, one.ms);
    }, quickest);
    if (good.length > 0) hosts.push({ late: late, lost: opened(own).length < own.length });
  });
  const best = Math.min.apply(
    null,
    hosts
      .map(function (one) {
        return one.late;
      })
      .concat(WAYS * quickest),
  );
  const uneven = hosts.filter(function (one) {
    return one.lost || one.late > best + AGAIN_MS;
  });
  return uneven.length * 3 > hosts.length;
}

/**
 * @param {Seen} seen
 * @returns {LineVerdict}
 */
function lineOf(seen) {
  const any = seen.services.some(function (one) {
    return opened(one.tries).length > 0;
  });
  const abroad = opened(seen.abroad);
  const home = opened(seen.home);
  if (seen.echo === 'other') return 'portal';
  if (!any && abroad.length === 0 && home.length === 0) {
    if (!seen.online) return 'offline';
    // This server alone answers: a list of what may be opened, a border that is shut, or a portal that knows us.
    return seen.echo === 'same' ? 'unclear' : 'line';
  }
  // Services of the country itself open behind a border that is shut, and so do those on a list of what may be opened.
  if (abroad.length === 0 && !mostOpen(seen)) return home.length > 0 ? 'border' : 'unclear';
  if (isUneven(seen)) return 'shaky';
  if (abroad.length === 0) return 'controls';
  // One host that is blocked loses all of its tries, a bad line some of several.
  let lost = 0;
  let of = 0;
  byHost(seen.abroad.concat(seen.home)).forEach(function (own) {
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
  const hosts = byHost(tries);
  const come = picturesCome(seen);
  let shut = 0;
  let open = 0;
  let deaf = 0;
  hosts.forEach(function (own) {
    const picture = own.some(function (one) {
      return one.large;
    });
    if (opened(own).length === 0 && picture && !come) deaf++;
    else if (opened(own).length === 0) shut++;
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
    if (shut === hosts.size - deaf) return tries.length > hosts.size ? 'fails' : 'unclear';
    return open > 0 ? 'partly' : 'unclear';
  }
  const pictures = tries.filter(function (one) {
    return one.large;
  });
  const own = large(tries);
  // What is small opens, and nothing large ever comes, where it does from elsewhere.
  const usual = median(large(seen.abroad));
  if (line === 'fine' && usual > 0 && pictures.length > 1 && own.length === 0) return 'slow';
  if (open < hosts.size) return 'unclear';
  const least = Math.max(SLOW_MS, SLOW_TIMES * usual);
  const slow =
    own.length > 1 &&
    usual > 0 &&
    own.every(function (one) {
      return one.ms >= least;
    });
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
