import { describe, expect, test } from 'vitest';
import { extractor, read } from './extractor.ts';

describe('what stands around an act decides', () => {
  test.each([
    ['asserted: block', 'Kenya blocks Telegram', 'KE/telegram/block'],
    ['negated: nothing', 'Kenya has not blocked Telegram', 'NO'],
    ['planned: warn', 'Kenya plans to block Telegram', 'KE/telegram/warn'],
    ['threatened: warn', 'Kenya threatens to block Telegram', 'KE/telegram/warn'],
    ['denied: nothing', 'Kenya denies it blocked Telegram', 'NO'],
    ['asked: nothing', 'Has Kenya blocked Telegram?', 'NO'],
    ['ordered, not yet in effect: block', 'Kenya orders providers to block Telegram', 'KE/telegram/block'],
    ['attempted: block', 'Kenya attempts to block Telegram', 'KE/telegram/block'],
    ['a lift without a date: still blocked', 'Kenya plans to lift its ban on Telegram', 'KE/telegram/block'],
    ['a court orders the lift: still blocked', 'Court orders Kenya to restore Telegram', 'KE/telegram/block'],
    ['a lift: unblock', 'Kenya lifts ban on Telegram', 'KE/telegram/unblock'],
    ['one function: restrict', 'Kenya blocks voice calls on Telegram', 'KE/telegram/restrict'],
    ['access limited: block', 'Kenya restricts access to Telegram', 'KE/telegram/block'],
    ['the network: shutdown', 'Kenya blocks the internet', 'KE/internet/shutdown'],
    ['a question of when: still blocked', 'When will Kenya unblock Telegram?', 'KE/telegram/block'],
    ['an appeal: nothing', 'Activists urge Kenya to lift Telegram ban', 'NO'],
    ['a failure everywhere: nothing', 'Telegram down worldwide, users in Kenya complain', 'NO'],
    ['devices of the state: nothing', 'Kenya bans Telegram on government phones', 'NO'],
    [
      'two states at once: both',
      'Internet returns to Kenya but Telegram remains blocked',
      'KE/internet/unblock KE/telegram/block',
    ],
  ])('%s', (_name, title, want) => expect(read(title)).toBe(want));
});

describe('background is no news', () => {
  test.each([
    ['previously', 'Kenya blocks Telegram', 'The country previously blocked Facebook.', 'KE/telegram/block'],
    ['ранее', 'Кения заблокировала Telegram', 'Ранее власти заблокировали Facebook.', 'KE/telegram/block'],
    ['напомним', 'Кения заблокировала Telegram', 'Напомним, Facebook там заблокирован.', 'KE/telegram/block'],
    ['auch … sind blockiert', 'Kenia sperrt Telegram', 'Auch Facebook und X sind blockiert.', 'KE/telegram/block'],
    [
      'in a month without a day',
      'Kenya blocks Telegram',
      'In December, officials blocked Facebook.',
      'KE/telegram/block',
    ],
  ])('%s: left out', (_name, title, summary, want) => expect(read(title, summary)).toBe(want));
});

describe('where it happens', () => {
  test.each([
    ['the owner of an app: not the scene', 'Nepal bans Chinese app TikTok', 'NP/tiktok/block'],
    [
      'a dateline: not the scene',
      'Ethiopia blocks Telegram',
      'ET/telegram/block',
      'NAIROBI — Telegram was blocked on Monday.',
    ],
    ['an outlet in brackets: not the scene', 'Nepal blocks Telegram, Times of India reports', 'NP/telegram/block'],
    ['a regulator: its country', 'Roskomnadzor blocks Viber', 'RU/viber/block'],
    ['a region: its country', 'Mobile internet suspended in Manipur', 'IN/internet/shutdown'],
    ['a demonym with an authority: its country', 'Iraqi government blocks Telegram', 'IQ/telegram/block'],
    ['a neighbour: not the scene', 'Azerbaijan blocks TikTok during clashes with Armenia', 'AZ/tiktok/block'],
    ['two in a list: both', 'Iraq and Algeria cut internet', 'DZ/internet/shutdown IQ/internet/shutdown'],
    ['sanctions on another: not the scene', 'Ukraine blocks VK as part of sanctions on Russia', 'UA/vk/block'],
  ])('%s', (_name, title, want, summary = '') => expect(read(title, summary)).toBe(want));
});

describe('which service', () => {
  test.each([
    ['an everyday word alone: none', 'Signal failure blocks trains in Germany', 'NO'],
    ['an everyday word called an app: the service', 'Germany blocks messaging app Signal', 'DE/signal/block'],
    [
      'an everyday word in a list: the service',
      'Germany blocks WhatsApp, Signal and X',
      'DE/signal/block DE/whatsapp/block DE/x/block',
    ],
    ['a name with capitals behind it: a person', 'Max Verstappen banned in Brazil', 'NO'],
    ['the channel of the news: not hit', 'Kenya blocks WhatsApp, minister wrote on Telegram', 'KE/whatsapp/block'],
    ['the rival that is pushed: not hit', 'Kenya blocks WhatsApp, pushes state-backed rival Max', 'KE/whatsapp/block'],
    ['what people turn to: not hit', 'Kenya blocks WhatsApp, users turn to VPN', 'KE/whatsapp/block'],
    ['VPNs themselves: hit', 'Kenya blocks VPN services', 'KE/vpn/block'],
    ['lookalike letters: read through', 'Kenya blocks Теlegram', 'KE/telegram/block'],
    ['what stays open: not hit', 'Kenya blocks WhatsApp; Telegram remains available', 'KE/whatsapp/block'],
    ['the store it is taken from: not hit', 'Kenya orders WhatsApp removed from Google Play', 'KE/whatsapp/block'],
  ])('%s', (_name, title, want) => expect(read(title)).toBe(want));
});

describe('details', () => {
  const first = (title: string) => extractor.extract({ title, summary: '' }).events[0];
  test('taken out of the national DNS: method dns', () => {
    expect(first('Russia removes WhatsApp from national DNS')?.method).toBe('dns');
  });
  test('taken from the app store on orders: method app-store', () => {
    expect(first('Kenya orders Telegram removed from the App Store')?.method).toBe('app-store');
  });
  test('slowed: method throttle', () => expect(first('Kenya throttles Telegram')?.method).toBe('throttle'));
  test('a region: as the text names it', () => {
    expect(first('Mobile internet suspended in Manipur')?.region).toBe('Manipur');
  });
  test('nation-wide: no region', () => expect(first('Kenya cuts internet nationwide')?.region).toBeUndefined());
});

describe('Slavic turns of phrase', () => {
  const uk = (title: string, summary = ''): string => read(title, summary, 'uk');
  test('an apostrophe that is a letter: the same word', () =>
    expect(uk('В Ірані відключили звʼязок')).toBe('IR/internet/shutdown'));
  test('partly limited, says the lead: a limit', () =>
    expect(uk('У Росії почалося блокування Viber', 'Роскомнагляд частково обмежує роботу Viber.')).toBe(
      'RU/viber/restrict',
    ));
  test('the ban is to be extended: it holds', () =>
    expect(uk('Уряд Молдови планує продовжити заборону Viber')).toBe('MD/viber/block'));
  test('limits are to be extended to another: a plan', () =>
    expect(read('Kenya plans to extend its restrictions to Viber')).toBe('KE/viber/warn'));
  test('they stay blocked: that is said, no quality of theirs', () =>
    expect(uk('Соцмережі в Уганді залишаються заблокованими')).toBe('UG/-/block'));
  test('removed or blocked by the platform itself: nothing', () =>
    expect(uk('YouTube видалив або заблокував низку каналів партії')).toBe('NO'));
  test('and what else the platform took down: nothing', () =>
    expect(uk('YouTube заблокував канали партії', 'Заблоковано ресурси її прибічників.')).toBe('NO'));
  test('the search engine beside a video site: a target of its own', () =>
    expect(uk('В Уганді заблокували YouTube', 'Влада також заблокувала пошукову систему Google.')).toBe(
      'UG/google/block UG/youtube/block',
    ));
  test('back in the stores: what is back, not the stores', () =>
    expect(read('TikTok available again in Nepal on App Store and Google Play')).toBe('NP/tiktok/unblock'));
  test('a store in the list of what is back: it is back', () =>
    expect(read('Iran unblocks WhatsApp and Google Play')).toBe('IR/google-play/unblock IR/whatsapp/unblock'));
  test('an ending behind a hyphen: part of the name, no word that parts', () =>
    expect(read('Kenija blokirala stranice RT-a i Sputnika', '', 'hr')).toBe('KE/rt/block KE/sputnik/block'));
});

describe('explained', () => {
  test('a decision: spans hold the very words, rejections their reason', () => {
    const title = 'Kenya blocks Telegram, previously banned Facebook';
    const why = extractor.extract({ title, summary: '' }, { explain: true }).why!;
    for (const span of why.spans) expect(title.slice(span.start, span.end)).toBe(span.text);
    expect(why.spans.map((s) => s.text)).toContain('Telegram');
    expect(why.rejected).toContainEqual({ text: 'banned', as: 'block', why: 'background' });
  });
  test('not asked for: absent', () => expect(extractor.extract({ title: 'x', summary: '' }).why).toBeUndefined());
});

describe('news of the body', () => {
  test('beyond title and lead: second rank', () => {
    const { events } = extractor.extract({
      title: 'Kenya blocks Telegram',
      summary: 'The order takes effect at once.',
      body: 'The order takes effect at once. Officials also imposed limits on access to Facebook.',
    });
    expect(events.find((e) => e.services.includes('telegram'))?.secondary).toBeUndefined();
    expect(events.find((e) => e.services.includes('facebook'))?.secondary).toBe(true);
  });
});
