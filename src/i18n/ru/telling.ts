import type { TellingPhrases } from '../../core/phrases/telling.ts';
import type { Texts } from '../../core/ports/translate.ts';

export const telling: Pick<Texts, keyof TellingPhrases> = {
  'noun.internet': 'интернет',
  'noun.mobile': 'мобильный интернет',

  'place.one': '{regions}, {country}',
  'place.several': '{regions} ({country})',
  'place.many': {
    one: '{country}, {n} регион',
    few: '{country}, {n} региона',
    many: '{country}, {n} регионов',
    other: '{country}, {n} региона',
  },

  'place.unknown': 'Отдельно по этому региону ({region}) ничего не знаю. {country} целиком:',
  'network.seen': 'Из того, что сейчас заблокировано, в этой сети измерено:',
  'network.none':
    'В этой сети, насколько я знаю, блокировок давно никто не измерял. Это не значит, что там всё работает.',
  'network.country': 'Вся страна: {command}',

  'part.calls': 'в {service} не работают звонки',
  'part.media': 'в {service} не грузятся фото и видео',
  'part.registration': 'в {service} не получается зарегистрироваться',
  'part.web': '{service} не открывается в браузере',
  'part.messages': '{what}, сообщения доходят',

  'component.web': 'сайт или веб-версия',
  'component.calls': 'звонки',
  'component.media': 'фото и видео',
  'component.registration': 'регистрация',
  'component.bridges': 'мосты',
  'component.persian': 'персидская редакция',
  'component.russian': 'русская редакция',
  'component.servers': 'серверы приложения',

  'advice.works': 'Там пока работает: {services}.',
  'advice.unblocked': 'Насколько мне известно, там не блокируют: {services}.',
  'advice.calls': 'Вместо звонка можно написать. Обычный телефон тоже работает, но его могут слушать.',
  'advice.media': 'Текст доходит: опишите словами то, что хотели показать.',
  'advice.slow': 'Текст доходит быстрее, чем фото и видео. Попробуйте позже или через Wi-Fi вместо мобильной связи.',
  'advice.messenger':
    'Договоритесь с близкими уже сейчас, где ещё вас найти: другое приложение, почта, телефон. Обычные звонки и СМС могут слушать и читать.',
  'advice.shutdown':
    'Обычные звонки и СМС могут ещё работать, но их могут слушать и читать. Берегите заряд и договоритесь, когда попробовать снова.',
  'advice.mobile': 'Wi-Fi дома или на работе может ещё работать. Звонки и СМС — тоже, но их могут слушать и читать.',
  'advice.site': 'Через другого провайдера может ещё открываться: блокируют не все сразу и не все одинаково.',
  'advice.store': 'Если приложение уже стоит, не удаляйте его: установленное обычно продолжает работать.',
  'advice.warn': 'Пока ничего не отключено. Самое время договориться с близкими о запасном способе связи.',

  'reply.lasted': 'длилось {duration}',

  'probe.own': 'наше измерение ({network})',
  'probe.agent': 'измеряющий агент ({network})',
};
