/** What strangers write to do harm, or write without meaning any: the pieces that every fuzz target is fed with. */
import fc from 'fast-check';
import { anyCharacter } from '../fakes/any-text.ts';

/** A name of each script that people write in; some are long, some join, some turn the line around. */
export const SCRIPTS = [
  'WhatsApp',
  'Заблокирован',
  'واتس‌اپ مسدود شد',
  'تم حظر واتساب',
  'וואטסאפ חסום',
  '微信被封锁',
  'ワッツアップ',
  '왓츠앱 차단',
  'व्हाट्सएप',
  'வாட்ஸ்அப்',
  'วอทส์แอพ',
  'ვოთსაპი',
  'Ουάτσαπ',
  'ዋትስአፕ',
  'ᠮᠣᠩᠭᠣᠯ',
  'ꦮꦠ꧀ꦱꦥ꧀',
  '𐤀𐤁𐤂',
  '👨‍👩‍👧‍👦🇷🇺🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  'Z̷̢͉a̸͓͝l̵̨̛g̶̱̈o̴̗͐',
  'ﷺ',
];

/** Look-alikes of known names in other scripts, and in widths and styles of their own. */
export const HOMOGLYPHS = [
  'WhаtsАpp',
  'Τelegram',
  'Ѕignal',
  'Ｗｈａｔｓａｐｐ',
  '𝐖𝐡𝐚𝐭𝐬𝐀𝐩𝐩',
  'Whats\u200bApp',
  'ＷｈａｔｓA\u0301pp',
  'rnax',
  'Faceb00k',
  'Іnstagram',
];

export const TRAPS = [
  '@room',
  '@ROOM',
  '@everyone',
  '@channel',
  '@durov',
  '@tocsin_bot',
  '@ann:example.org',
  '<b>bold</b>',
  '<script>alert(1)</script>',
  '<a href="javascript:alert(1)">x</a>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  '</p></code></pre>',
  '&lt;b&gt;',
  '&#60;b&#62;',
  '&amp;amp;lt;',
  '*bold* _it_ `code` [x](tg://user?id=1)',
  '[x](https://evil.example)',
  '<mx-reply>',
  'https://matrix.to/#/@ann:example.org',
  'tg://user?id=1',
  'tg://resolve?domain=durov',
  'javascript:alert(1)',
  'data:text/html,<b>',
  'https://user:pass@evil.example/',
  'https://xn--80ak6aa92e.com/',
  'http://2130706433/',
  '\u202eevil\u202c',
  '\u2066\u2067\u2068\u2069',
  '\u202a\u202b\u202d',
  '\u200e\u200f\u061c',
  '\ud800',
  '\udc00\ud800',
  '\u0000',
  '\u001b[2J\u001b[31m',
  '\r\n\r\n',
  '\u2028\u2029\u0085',
  '\ufeff',
  '\u0300'.repeat(60),
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  '$'.concat('{7*7}'),
  '{{7*7}}',
  '%s%n%x',
  "'; DROP TABLE chats; --",
  '../../../../etc/passwd',
  'RU-whatsapp-3f9k',
  '/start@other_bot',
  '!tocsin status',
];

/** Words of the trade, so that what is made reaches the deeper parts. */
export const NEWS = [
  'Russia blocks WhatsApp',
  'blocked',
  'unblocked',
  'Roskomnadzor',
  'Роскомнадзор заблокировал Telegram и Signal',
  'ограничил звонки в WhatsApp',
  'throttled',
  'internet shutdown in Iran',
  'قطع اینترنت در ایران',
  'по данным ТАСС',
  'said Reuters',
  'VPN',
  'Instagram, Facebook, X, YouTube, TikTok, Signal, Telegram and MAX',
  'court ordered',
  'may block',
  'a year ago',
  'did not block',
  '“',
  '”',
  '«',
  '»',
  '.',
  ', ',
  ' and ',
];

const piece: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NEWS) },
  { weight: 3, arbitrary: fc.constantFrom(...TRAPS) },
  { weight: 2, arbitrary: fc.constantFrom(...SCRIPTS) },
  { weight: 1, arbitrary: fc.constantFrom(...HOMOGLYPHS) },
  { weight: 1, arbitrary: fc.string({ unit: anyCharacter, maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
);

/** A text of such pieces; now and then one of them many times over, which is what finds what is not linear. */
export const hostileText = (maxLength = 2_000): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.array(piece, { maxLength: 12 }),
      fc.constantFrom('', ' ', '\n'),
      fc.option(fc.tuple(piece, fc.nat(4_000)), { freq: 6 }),
    )
    .map(([pieces, glue, flood]) =>
      (pieces.join(glue) + (flood ? flood[0].repeat(1 + flood[1]) : '')).slice(0, maxLength),
    );

export const hostileLink: fc.Arbitrary<string> = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.constantFrom(...TRAPS),
  hostileText(300).map((text) => `https://evil.example/${text}`),
  hostileText(3_000),
);

/** Any JSON, with some of the keys that the reader looks for. */
export const jsonWith = (
  keys: readonly string[],
  leaf: fc.Arbitrary<unknown> = fc.jsonValue(),
): fc.Arbitrary<unknown> =>
  fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(leaf, hostileText(200), fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...keys) }, { weight: 1, arbitrary: hostileText(30) }),
        tie('value'),
        { maxKeys: 8 },
      ),
    ),
  })).value;
