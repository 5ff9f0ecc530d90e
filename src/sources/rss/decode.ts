/** Which old encoding bytes are in that say nothing of it: how likely their letters are in the languages that use it. */

/** Letters with their share of running text, percent; what is missing is rare. */
const RUSSIAN =
  'о10.97е8.45а8.01и7.35н6.7т6.26с5.47р4.73в4.54л4.4к3.49м3.21д2.98п2.81у2.62я2.01ы1.9ь1.74г1.7з1.65б1.59ч1.44й1.21х.97ж.94ш.73ю.64ц.48щ.36э.32ф.26ъ.04ё.04і1ї.2є.2ў.05';
const HEBREW =
  'י11ה10.9ו10.4ל7.4א6.3ר5.6ת5ב4.7ש4.4מ4.6נ2.9ם3.2כ2.7ד2.6ע3.2ח2.5פ1.7ק2.1ט1.2צ1.2ג1.2ז1.3ס1.5ן1.3ך.8ף.3ץ.1';
const GREEK =
  'α9.5ά2ο8ό1.8ι6.5ί2.6ε6.5έ1.6τ8σ5ς4.9ν7η3.5ή1.5υ3.2ύ1.1ρ4.8π4.7κ4.6μ4λ3.4ω1.8ώ1δ1.8γ1.6χ1.3θ1.2φ1β.7ξ.5ζ.4ψ.2';
const ARABIC =
  'ا12.5ل11ي7م6.5و6ن6ر5ت4.6ب4ع3.7د3.2س3ه3ف2.7ة2.5ق2.4أ2.3ك2.2ح2ج1.5ش1.3ص1.1ى1إ1ط1خ.9پ.8گ.8ض.7ز.6ث.6ذ.5غ.4ئ.3ء.3ظ.2چ.2ؤ.1آ.1ژ.1';
const LATIN = 'é22à8è8ä8ü7ö7á6ó6í5ç4ã4ê4ß3ñ3å3ú3ô2â2ø2î1û1õ1æ1ë.5ï.5ò1ù1ì.5œ.3š.5ž.5';
const MARKS = '«»–—…“”„‘’№· €£°§©®\u00a0';

interface Candidate {
  label: string;
  /** ln of the chance of one character, given whether letters stand around it. */
  cost(char: string, before: string, after: string): number;
}

const NEVER = Math.log(1e-6);
const MARK = Math.log(0.003);
const HIGH = /[^\u0000-\u007f]/;
const ASCII_LETTER = /[a-z]/i;

/** Scripts whose words are written in high bytes throughout, or (Latin) with single ones among ASCII letters. */
function oneByte(label: string, letters: string, latin = false): Candidate {
  const chances = new Map<string, number>();
  for (const [, letter, share] of letters.matchAll(/(\P{N})(\d*\.?\d+)/gu))
    chances.set(letter!, Math.log(Number(share) / 100));
  return {
    label,
    cost(char, before, after) {
      const lower = char.toLowerCase();
      const chance = chances.get(lower);
      if (chance === undefined) return MARKS.includes(char) ? MARK : NEVER;
      let cost = chance;
      if (lower !== char) cost += HIGH.test(before) || ASCII_LETTER.test(before) ? -4.5 : -2.5;
      const among = ASCII_LETTER.test(before) || ASCII_LETTER.test(after);
      if (latin) return HIGH.test(before) || !among ? cost - 2.5 : cost;
      return among ? cost - 3 : cost;
    },
  };
}

/** Two bytes a character: a chance for each range, the best first; per byte, so that it compares. */
function twoByte(label: string, ranges: readonly (readonly [RegExp, number])[]): Candidate {
  const known = ranges.map(([range, share]) => [range, Math.log(share)] as const);
  return { label, cost: (char) => known.find(([range]) => range.test(char))?.[1] ?? Math.log(1e-5) };
}

/** The most frequent characters of running Chinese, simplified and traditional: a few dozen tell one table from another. */
const CHINESE =
  /[的一是不了人我在有他这中大来上国和说们为到个要以时地年会生出就可发对成家行民经进工过方部多学作现法业动分同用自理全实新后日长本区]/;
const TRADITIONAL =
  /[的一是不了人我在有他這中大來上國和說們為到個要以時地年會生出就可發對成家行民經進工過方部多學作現法業動分同用自理全實新後日長本區]/;
const HANGUL =
  /[이다는의에을를고가하한지로사도기은해자어아서인정시대나수있일스리전그부보라제국원상만과동주들면장여성공방했된것으까요니습러접속차단]/;
const HANZI = /[\u4e00-\u9fff]/;
const WIDE = /[\u3000-\u303f\uff00-\uffef]/;
const KANA = /[\u3041-\u30ff]/;

const CANDIDATES: readonly Candidate[] = [
  oneByte('windows-1251', RUSSIAN),
  oneByte('koi8-u', RUSSIAN),
  oneByte('iso-8859-5', RUSSIAN),
  oneByte('ibm866', RUSSIAN),
  oneByte('windows-1255', HEBREW),
  oneByte('windows-1253', GREEK),
  oneByte('windows-1256', ARABIC),
  oneByte('windows-1252', LATIN, true),
  oneByte('windows-1250', 'ą8ę8ó6ł10ś6ż6ć4ń3ź1č6ě8ř7š7ž7ý6á9í9é8ů4ú2ď1ť1ň1ő4ö5ü4ű1ă5ş3ţ3â3î3ä2ß1đ2', true),
  oneByte('windows-1254', 'ı20ş12ğ8ç8ö7ü14İ3â1', true),
  twoByte('gb18030', [
    [CHINESE, 1 / 300],
    [KANA, 1e-4],
    [HANZI, 1 / 3_000],
    [WIDE, 1 / 100],
  ]),
  twoByte('big5', [
    [TRADITIONAL, 1 / 300],
    [KANA, 1e-4],
    [HANZI, 1 / 4_000],
    [WIDE, 1 / 100],
  ]),
  twoByte('euc-kr', [
    [HANGUL, 1 / 100],
    [/[\uac00-\ud7a3]/, 1 / 8_000],
    [WIDE, 1 / 100],
  ]),
  twoByte('euc-jp', [
    [KANA, 1 / 60],
    [HANZI, 1 / 4_000],
    [WIDE, 1 / 100],
  ]),
  twoByte('shift_jis', [
    [KANA, 1 / 60],
    [/[\uff61-\uff9f]/, 1e-4],
    [HANZI, 1 / 4_000],
    [WIDE, 1 / 100],
  ]),
];

/** High bytes that are looked at; more tell nothing new. */
const SAMPLE = 4_000;

/** The label of the likeliest encoding of bytes that are not UTF-8; windows-1252 where nothing speaks for another. */
function guessCharset(bytes: Uint8Array): string {
  const sample = samplePart(bytes);
  let best = 'windows-1252';
  let bestCost = Number.NEGATIVE_INFINITY;
  for (const candidate of CANDIDATES) {
    const cost = costOf(candidate, sample);
    if (cost > bestCost) {
      bestCost = cost;
      best = candidate.label;
    }
  }
  return best;
}

function costOf(candidate: Candidate, sample: Uint8Array): number {
  // Fatal decoding would fail on the cut ends of the sample; a replacement character costs dear instead.
  const text = new TextDecoder(candidate.label).decode(sample);
  let sum = 0;
  let before = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '\ufffd' || (char >= '\u0080' && char <= '\u009f')) sum += 3 * NEVER;
    else if (char > '\u007f') sum += candidate.cost(char, before, text[i + 1] ?? '');
    before = char;
  }
  return sum;
}

/** From shortly before the first high byte, as far as the sample of them reaches. */
function samplePart(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte > 0x7f);
  let high = 0;
  let end = Math.max(0, first);
  while (end < bytes.length && high < SAMPLE) if (bytes[end++]! > 0x7f) high++;
  return bytes.subarray(Math.max(0, first - 8), end);
}

/** Bytes of a feed → text: byte order mark, then what HTTP says, then the XML declaration, then UTF-8, then a guess. */

/** How far into a document its declaration is looked for, bytes. */
const HEAD = 1_024;

/** Labels that real feeds use and the Encoding Standard does not know. */
const ALIASES: Record<string, string> = {
  cp1251: 'windows-1251',
  cp1252: 'windows-1252',
  'win-1251': 'windows-1251',
  win1251: 'windows-1251',
  windows1251: 'windows-1251',
  'iso-8859-8-i': 'windows-1255',
  utf8mb4: 'utf-8',
  utf_8: 'utf-8',
  koi8r: 'koi8-r',
  koi8u: 'koi8-u',
  'x-sjis': 'shift_jis',
  'iso8859-1': 'windows-1252',
};

interface Decoded {
  text: string;
  encoding: string;
}

/**
 * Never throws. Where a named encoding makes bad characters and the bytes are clean UTF-8, UTF-8 wins: feeds are re-saved more often than
 * their declarations. Where nothing that was named fits, the letters decide.
 */
export function decodeFeed(bytes: Uint8Array, contentType: string): Decoded {
  const marked = byMark(bytes);
  if (marked) return marked;
  const silent = byShape(bytes);
  if (silent) return silent;
  const fromHttp = labelOf(/charset\s*=\s*["']?([^\s"';]+)/i.exec(contentType)?.[1]);
  const head = latin1(bytes.subarray(0, HEAD));
  const fromXml = labelOf(/<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{1,40})["']/i.exec(head)?.[1]);
  const isUtf8 = fits(bytes, 'utf-8');
  for (const label of [fromHttp, fromXml]) {
    if (!label) continue;
    // A declaration that was read as bytes of one byte each cannot be of UTF-16.
    if (label.startsWith('utf-16') || label.startsWith('utf-32')) continue;
    if (label === 'utf-8') {
      if (isUtf8) return { text: read(bytes, 'utf-8'), encoding: 'utf-8' };
      continue;
    }
    if (isUtf8 && hasHighBytes(bytes)) return { text: read(bytes, 'utf-8'), encoding: 'utf-8' };
    if (fits(bytes, label) || isUtf8) return { text: read(bytes, label), encoding: label };
  }
  if (isUtf8) return { text: read(bytes, 'utf-8'), encoding: 'utf-8' };
  const named = [fromHttp, fromXml].find((label) => label && label !== 'utf-8' && !/^utf-(?:16|32)/.test(label));
  const encoding = named ?? (fewBad(bytes) ? 'utf-8' : guessCharset(bytes));
  return { text: read(bytes, encoding), encoding };
}

function byMark(bytes: Uint8Array): Decoded | null {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe && c === 0 && d === 0)
    return { text: utf32(bytes.subarray(4), true), encoding: 'utf-32le' };
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff)
    return { text: utf32(bytes.subarray(4), false), encoding: 'utf-32be' };
  if (a === 0xff && b === 0xfe) return { text: read(bytes, 'utf-16le'), encoding: 'utf-16le' };
  if (a === 0xfe && b === 0xff) return { text: read(bytes, 'utf-16be'), encoding: 'utf-16be' };
  // A mark in front of bytes that are not UTF-8 is a saved-over file: the declaration knows better.
  if (a === 0xef && b === 0xbb && c === 0xbf && fewBad(bytes)) return { text: read(bytes, 'utf-8'), encoding: 'utf-8' };
  return null;
}

/** UTF-16 and UTF-32 without a mark: the zeros around the first `<` tell. */
function byShape(bytes: Uint8Array): Decoded | null {
  const [a, b, c, d] = bytes;
  if (a === 0x3c && b === 0 && c === 0 && d === 0) return { text: utf32(bytes, true), encoding: 'utf-32le' };
  if (a === 0 && b === 0 && c === 0 && d === 0x3c) return { text: utf32(bytes, false), encoding: 'utf-32be' };
  if (a === 0x3c && b === 0 && d === 0) return { text: read(bytes, 'utf-16le'), encoding: 'utf-16le' };
  if (a === 0 && b === 0x3c && c === 0) return { text: read(bytes, 'utf-16be'), encoding: 'utf-16be' };
  return null;
}

function labelOf(name: string | undefined): string | null {
  if (!name) return null;
  const key = name.trim().toLowerCase();
  try {
    return new TextDecoder(ALIASES[key] ?? key).encoding;
  } catch {
    return null;
  }
}

const read = (bytes: Uint8Array, label: string) => new TextDecoder(label).decode(bytes);

function fits(bytes: Uint8Array, label: string): boolean {
  try {
    new TextDecoder(label, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** A few broken characters in a UTF-8 text (a cut headline) are no reason to read all of it as something else. */
function fewBad(bytes: Uint8Array): boolean {
  const text = read(bytes, 'utf-8');
  let bad = 0;
  let good = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0xfffd) bad++;
    else if (code > 0x7f) good++;
  }
  return bad <= good / 10;
}

function hasHighBytes(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte > 0x7f) return true;
  return false;
}

const latin1 = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes);

/** TextDecoder knows no UTF-32. */
function utf32(bytes: Uint8Array, littleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = view.getUint32(at, littleEndian);
    parts.push(code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? '\ufffd' : String.fromCodePoint(code));
  }
  return parts.join('');
}
