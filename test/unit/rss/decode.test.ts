import { describe, expect, test } from 'vitest';
import { decodeFeed } from '../../../src/sources/rss/decode.ts';

const RU = 'Роскомнадзор замедлил WhatsApp: жалобы из десятков регионов';
const feed = (text: string, encoding?: string) =>
  `<?xml version="1.0"${encoding ? ` encoding="${encoding}"` : ''}?><rss><title>${text}</title></rss>`;
const utf8 = (text: string) => new TextEncoder().encode(text);

/** Bytes of a text in an encoding that only the decoder knows: built by turning its table around. */
function encode(text: string, label: string): Uint8Array {
  const decoder = new TextDecoder(label);
  const table = new Map<string, number>();
  for (let byte = 255; byte >= 0; byte--) table.set(decoder.decode(Uint8Array.of(byte)), byte);
  return Uint8Array.from(text, (char) => table.get(char) ?? 63);
}

function wide(text: string, size: 2 | 4, little: boolean, mark: boolean): Uint8Array {
  const codes = [...(mark ? '\ufeff' : ''), ...text].map((char) => char.codePointAt(0)!);
  const view = new DataView(new ArrayBuffer(codes.length * size));
  for (const [i, code] of codes.entries()) {
    if (size === 2) view.setUint16(i * 2, code, little);
    else view.setUint32(i * 4, code, little);
  }
  return new Uint8Array(view.buffer);
}

const titleOf = (bytes: Uint8Array, type = 'text/xml') =>
  /<title>(.*)<\/title>/.exec(decodeFeed(bytes, type).text)?.[1];

describe('what is said of the encoding', () => {
  const cases: [string, Uint8Array, string][] = [
    ['UTF-8, nothing said', utf8(feed(RU)), 'text/xml'],
    ['UTF-8 with a mark', utf8(`\ufeff${feed(RU)}`), 'text/xml; charset=windows-1251'],
    ['windows-1251 by HTTP', encode(feed(RU), 'windows-1251'), 'text/xml; charset=windows-1251'],
    ['windows-1251 by HTTP, quoted', encode(feed(RU), 'windows-1251'), 'text/xml;charset="Windows-1251"'],
    ['windows-1251 by declaration', encode(feed(RU, 'windows-1251'), 'windows-1251'), 'text/xml'],
    ['cp1251, an alias', encode(feed(RU, 'cp1251'), 'windows-1251'), 'text/xml'],
    ['koi8-r by declaration', encode(feed(RU, 'koi8-r'), 'koi8-r'), 'text/xml'],
    ['cp866 by declaration', encode(feed(RU, 'cp866'), 'ibm866'), 'text/xml'],
    ['HTTP against declaration', encode(feed(RU, 'koi8-r'), 'windows-1251'), 'text/xml; charset=windows-1251'],
    ['unknown label at HTTP', encode(feed(RU, 'koi8-r'), 'koi8-r'), 'text/xml; charset=bogus'],
    ['UTF-8 that says windows-1251', utf8(feed(RU, 'windows-1251')), 'text/xml'],
    ['UTF-8 that says ISO-8859-1 at HTTP', utf8(feed(RU)), 'text/xml; charset=ISO-8859-1'],
    ['UTF-16 declared, UTF-8 sent', utf8(feed(RU, 'utf-16')), 'text/xml'],
    ['UTF-16LE with a mark', wide(feed(RU, 'utf-16'), 2, true, true), 'text/xml'],
    ['UTF-16BE with a mark', wide(feed(RU, 'utf-16'), 2, false, true), 'text/xml'],
    ['UTF-16LE without', wide(feed(RU), 2, true, false), 'text/xml'],
    ['UTF-16BE without', wide(feed(RU), 2, false, false), 'text/xml'],
    ['UTF-32LE with a mark', wide(feed(RU, 'utf-32'), 4, true, true), 'text/xml'],
    ['UTF-32BE with a mark', wide(feed(RU, 'utf-32'), 4, false, true), 'text/xml; charset=utf-8'],
    ['UTF-32BE without', wide(feed(RU), 4, false, false), 'text/xml'],
  ];
  test.each(cases)('%s', (_name, bytes, type) => expect(titleOf(bytes, type)).toBe(RU));
});

describe('nothing said, or something wrong: the letters decide', () => {
  const cases: [string, string][] = [
    ['windows-1251', RU],
    ['koi8-r', RU],
    ['ibm866', RU],
    ['iso-8859-5', RU],
    ['windows-1251', 'В Україні заблокували доступ до соціальної мережі'],
    ['windows-1251', 'Суд оштрафовал Google'],
    ['windows-1255', 'משרד התקשורת חסם את הגישה לאתר'],
    ['windows-1253', 'Η κυβέρνηση απέκλεισε την πρόσβαση στο διαδίκτυο'],
    ['windows-1256', 'حجب تطبيق واتساب في البلاد منذ صباح اليوم'],
    ['windows-1252', 'Die Behörde sperrt den Zugang für Nutzer in größeren Städten'],
    ['windows-1252', 'L’accès à internet a été coupé dans la région'],
    ['windows-1254', 'Türkiye’de erişim engeli: sosyal ağlara ulaşım kısıtlandı'],
    ['windows-1250', 'Dostęp do serwisu został zablokowany, kłopoty z łącznością'],
  ];
  test.each(cases)('%s: %s', (label, text) => {
    expect(titleOf(encode(feed(text), label))).toBe(text);
    expect(titleOf(encode(feed(text, 'utf-8'), label))).toBe(text);
  });

  test('gb18030', () => {
    const bytes = [0xb2, 0xbb, 0xb9, 0xe9, 0xd2, 0xc6, 0xc3, 0xf1, 0xc2, 0xfe, 0xbb, 0xad];
    expect(titleOf(Uint8Array.from([...utf8('<rss><title>'), ...bytes, ...utf8('</title></rss>')]))).toBe(
      '不归移民漫画',
    );
  });
});

test('one broken character in a UTF-8 text: the rest stays', () => {
  const bytes = utf8(feed(`${RU}?`));
  bytes[bytes.indexOf(63, 40)] = 0xff;
  expect(titleOf(bytes)).toBe(`${RU}\ufffd`);
});

test('any bytes, any header: text, at once', () => {
  for (let i = 0; i < 200; i++) {
    const bytes = crypto.getRandomValues(new Uint8Array(i * 7));
    expect(typeof decodeFeed(bytes, `text/xml; charset=${String.fromCharCode(...bytes.subarray(0, 5))}`).text).toBe(
      'string',
    );
  }
});
