/**
 * A proof of work over a text, for whoever sends something here without an account: so that a thousand voices cost a thousand times what one does. ES2019
 * without `crypto.subtle`, which is not there on pages without HTTPS, and slower for so short a text. The server asks the same of `node:crypto` (`tell.ts`).
 */

const WORDS = new Int32Array(64);

/** The first bits of the fractional parts of roots of the first primes, as FIPS 180-4 has it. */
function constants() {
  const first = [];
  const round = [];
  for (let n = 2; round.length < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (first.length < 8) first.push(fraction(Math.sqrt(n)));
    round.push(fraction(Math.cbrt(n)));
  }
  return { first, round: new Int32Array(round) };
}

/** @param {number} x */
function fraction(x) {
  return ((x - Math.floor(x)) * 4294967296) | 0;
}

const { first: FIRST, round: ROUND } = constants();

/** @param {number} x @param {number} n */
function turned(x, n) {
  return (x >>> n) | (x << (32 - n));
}

/**
 * SHA-256 of Latin letters and digits alone.
 *
 * @param {string} text
 */
export function sha256(text) {
  const blocks = ((text.length + 8) >> 6) + 1;
  const state = FIRST.slice();
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < 16; i++) {
      let word = 0;
      for (let j = 0; j < 4; j++) {
        const at = block * 64 + i * 4 + j;
        word = (word << 8) | (at < text.length ? text.charCodeAt(at) & 255 : at === text.length ? 128 : 0);
      }
      WORDS[i] = word;
    }
    if (block === blocks - 1) WORDS[15] = text.length * 8;
    for (let i = 16; i < 64; i++) {
      const a = WORDS[i - 15];
      const b = WORDS[i - 2];
      const low = turned(a, 7) ^ turned(a, 18) ^ (a >>> 3);
      const high = turned(b, 17) ^ turned(b, 19) ^ (b >>> 10);
      WORDS[i] = (WORDS[i - 16] + low + WORDS[i - 7] + high) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const one = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[i] + WORDS[i]) | 0;
      const two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach(function (one, i) {
      state[i] = (state[i] + one) | 0;
    });
  }
  return state;
}

/** @param {number[]} state */
function hexOf(state) {
  return state
    .map(function (one) {
      return (one >>> 0).toString(16).padStart(8, '0');
    })
    .join('');
}

/** Ms of work between two breaths of the page. */
const BREATH = 30;

/**
 * A number that, written behind half of the text's own digest, makes a digest that begins with so many bits of nought.
 *
 * @param {string} text
 * @param {number} bits at most 31
 * @returns {Promise<number>}
 */
export async function workFor(text, bits) {
  const head = hexOf(sha256(unescape(encodeURIComponent(text)))).slice(0, 32);
  for (let number = 0; ;) {
    for (const until = performance.now() + BREATH; performance.now() < until;) {
      for (let i = 0; i < 200; i++, number++) if (sha256(head + number)[0] >>> (32 - bits) === 0) return number;
    }
    await new Promise(function (resolve) {
      setTimeout(resolve);
    });
  }
}
