import type { TellingPhrases } from '../../core/phrases/telling.ts';
import type { Texts } from '../../core/ports/translate.ts';
import { slavic } from '../plural.ts';

export const telling: Pick<Texts, keyof TellingPhrases> = {
  'noun.internet': 'інтернет',
  'noun.mobile': 'мобільний інтернет',

  'place.one': '{regions}, {country}',
  'place.several': '{regions} ({country})',
  'place.many': slavic('{country}, {n} регіон', '{country}, {n} регіони', '{country}, {n} регіонів'),

  'place.unknown': 'Окремо про цей регіон ({region}) нічого не знаю. {country} загалом:',
  'network.seen': 'З того, що зараз заблоковано, у цій мережі виміряно:',
  'network.none':
    'У цій мережі, наскільки я знаю, блокувань давно ніхто не вимірював. Це не означає, що там усе працює.',
  'network.country': 'Уся країна: {command}',

  'part.calls': 'у {service} не працюють дзвінки',
  'part.media': 'у {service} не вантажаться фото й відео',
  'part.registration': 'у {service} не виходить зареєструватися',
  'part.web': '{service} не відкривається в браузері',
  'part.messages': '{what}, повідомлення доходять',

  'component.web': 'сайт або вебверсія',
  'component.calls': 'дзвінки',
  'component.media': 'фото й відео',
  'component.registration': 'реєстрація',
  'component.bridges': 'мости',
  'component.persian': 'перська редакція',
  'component.russian': 'російська редакція',
  'component.servers': 'сервери застосунку',

  'advice.works': 'Там поки працює: {services}.',
  'advice.unblocked': 'Наскільки мені відомо, там не блокують: {services}.',
  'advice.calls': 'Замість дзвінка можна написати. Звичайний телефон теж працює, але його можуть слухати.',
  'advice.media': 'Текст доходить: опишіть словами те, що хотіли показати.',
  'advice.slow': 'Текст доходить швидше за фото й відео. Спробуйте пізніше або через Wi-Fi замість мобільного звʼязку.',
  'advice.messenger':
    'Домовтеся з близькими вже зараз, де ще вас шукати: інший застосунок, пошта, телефон. Звичайні дзвінки й СМС можуть слухати й читати.',
  'advice.shutdown':
    'Звичайні дзвінки й СМС можуть ще працювати, але їх можуть слухати й читати. Бережіть заряд і домовтеся, коли спробувати знову.',
  'advice.mobile': 'Wi-Fi вдома чи на роботі може ще працювати. Дзвінки й СМС — теж, але їх можуть слухати й читати.',
  'advice.site': 'Через іншого провайдера може ще відкриватися: блокують не всі одразу й не всі однаково.',
  'advice.store': 'Якщо застосунок уже встановлено, не видаляйте його: він здебільшого працює далі.',
  'advice.warn': 'Поки нічого не вимкнено. Саме час домовитися з близькими про запасний спосіб звʼязку.',

  'reply.lasted': 'тривало {duration}',

  'probe.own': 'наше вимірювання ({network})',
  'probe.agent': 'вимірювач ({network})',
};
