import { describe, expect, test } from 'vitest';
import { read } from './extractor.ts';

/** Sentences of our own, one a family of the Russian news. */
describe('Russian: what stands around an act', () => {
  test.each([
    [
      'put on the list of banned sites: the name is the object',
      'РКН внёс в реестр запрещённых сайтов форум Steam',
      'RU/steam/block',
    ],
    ['taken off the register: back', 'Steam исключили из реестра запрещённых сайтов', 'RU/steam/unblock'],
    ['a name in quotes that the catalogue lacks', 'Суд ограничил доступ к сайту «Белый кит»', 'RU/-/block'],
    ['a denied lift: the ban stays', 'Роскомнадзор опроверг планы разблокировать Instagram', 'RU/instagram/block'],
    ['no plans: nothing', 'В Минцифры сообщили об отсутствии планов блокировать Zoom', 'NO'],
    ['not on the table: nothing', 'Вопрос о блокировке Viber в Кремле не стоит', 'NO'],
    [
      'the site of a station: no programme',
      'РКН закрыл доступ к сайту телеканала «Дождь», радиостанция пока вещает',
      'RU/dozhd/block',
    ],
    ['chats of officials: nothing', 'Чиновникам Тулы запретили Viber для служебной переписки', 'NO'],
    ['VPNs before a colon: the object', 'Новый удар по VPN: под блокировку попали три протокола', 'RU/vpn/block'],
    [
      'information "in the internet": no network',
      'Суд в Омске запретил сайт с информацией в интернете о взятках',
      'RU/-/block',
    ],
    ['said why: in force', 'В РКН объяснили, почему замедляют Viber', 'RU/viber/throttle'],
    ['a part of Ukraine that is held by others', 'В Мелитополе оккупанты заблокировали Viber', 'UA/viber/block'],
    ['a claim in court: not yet', 'РКН подал иск о блокировке Zello', 'RU/zello/warn'],
    [
      'a danger in the air is no threat of a ban',
      'Из-за угрозы дронов в Твери ограничили мобильный интернет',
      'RU/internet/shutdown',
    ],
    [
      'no internet and no app: both',
      'В Грозном не работает интернет и Telegram, мэрия ссылается на протест',
      'RU/internet/shutdown RU/telegram/block',
    ],
    ['a store clears its shelves: nothing', 'Из App Store удалили приложение банка «Заря»', 'NO'],
    ['an address alone tells that it is a site', 'Kogda.org заблокирован навсегда', 'RU/-/block'],
    ['paid back for: nothing', 'Омичам обещали компенсацию за отключения интернета', 'NO'],
    ['will not be: nothing', 'Отключать интернет в Перми не будут', 'NO'],
    ['not ruled out: ahead', 'В Думе не исключили запрета Zello', 'RU/zello/warn'],
  ])('%s', (_name, title, want) => expect(read(title, '', 'ru')).toBe(want));

  test('no ban for now, the slow-down goes on: the slow-down', () =>
    expect(
      read('РКН отказался от блокировки Viber до лета', 'Ведомство продлило замедление трафика Viber.', 'ru'),
    ).toBe('RU/viber/throttle'));

  test('the same words without a definition: news', () =>
    expect(read('Блокировка Viber в России', 'Блокировка Viber в России началась утром.', 'ru')).toBe(
      'RU/viber/block',
    ));

  test.each([
    ['opens with "the day before"', 'Накануне Роскомнадзор ограничил доступ к Viber.'],
    ['opens with "earlier"', 'Ранее в стране заблокировали Zoom и Signal.'],
    ['an address of the outlet', 'Читайте нас в Viber и ВКонтакте.'],
    ['the same measures elsewhere', 'Ранее такие же меры приняли в Чаде и Мали.'],
    ['how it is got round', 'Жители обходят ограничения с помощью VPN.'],
    ['statistics by the way', 'С начала года ведомство закрыло 20 тыс. сайтов.'],
  ])('what stands beside the news, %s: adds nothing', (_name, summary) => {
    expect(read('РКН ограничил доступ к Zello', summary, 'ru')).toBe('RU/zello/block');
    expect(read('В Туле ограничили доступ к мессенджерам', summary, 'ru')).toBe('RU/-/block');
  });

  test.each([
    ' – DW – 12.03.2022',
    ' — BBC News Русская служба',
    ' - РИА Новости, 10.02.2026',
    ' - Газета.Ru',
    '. Видео',
  ])('what a page puts behind its title, "%s": adds nothing', (tail) => {
    expect(read(`В Гане ограничили доступ к «Вайберу»${tail}`, '', 'ru')).toBe('GH/viber/block');
    expect(read(`Гана отключила мобильный интернет${tail}`, '', 'ru')).toBe('GH/internet/shutdown');
    expect(read(`Zello заблокировали в Гане${tail}`, '', 'ru')).toBe('GH/zello/block');
  });

  const WAYS: [string, string, string][] = [
    ['заблокировать', 'заблокировал', 'block'],
    ['закрыть доступ к', 'закрыл доступ к', 'block'],
    ['приостановить работу', 'приостановил работу', 'block'],
    ['замедлить работу', 'замедлил работу', 'throttle'],
    ['снизить скорость', 'снизил скорость', 'throttle'],
    ['запретить звонки через', 'запретил звонки через', 'restrict'],
  ];
  test.each(WAYS)('%s: done, ahead, and not at all', (infinitive, past, action) => {
    expect(read(`Роскомнадзор ${past} Viber`, '', 'ru')).toBe(`RU/viber/${action}`);
    expect(read(`Провайдеры начали ${infinitive} Viber`, '', 'ru')).toBe(`RU/viber/${action}`);
    for (const head of ['Роскомнадзор намерен', 'В Думе предложили', 'Власти пригрозили'])
      expect(read(`${head} ${infinitive} Viber`, '', 'ru')).toBe('RU/viber/warn');
    for (const head of ['Роскомнадзор не будет', 'В Минцифры не планируют', 'Власти передумали'])
      expect(read(`${head} ${infinitive} Viber`, '', 'ru')).toBe('NO');
  });

  test.each(['снять запрет с', 'открыть доступ к', 'вернуть доступ к'])(
    '%s, and not yet: still blocked',
    (infinitive) => {
      for (const head of ['Роскомнадзор может', 'Власти обещали', 'Роскомнадзор отказался'])
        expect(read(`${head} ${infinitive} Viber`, '', 'ru')).toBe('RU/viber/block');
    },
  );

  test('a channel that its platform took down: nothing', () =>
    expect(read('Канал блогера исчез из Telegram', 'Причины неизвестны.', 'ru')).toBe('NO'));
});
