import type { TellingPhrases } from '../../core/phrases/telling.ts';
import type { Texts } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const telling: Pick<Texts, keyof TellingPhrases> = {
  'noun.internet': 'internet',
  'noun.mobile': 'internet móvil',

  'place.one': '{regions}, {country}',
  'place.several': '{regions} ({country})',
  'place.many': millions('{country}, {n} región', '{country}, {n} regiones'),

  'place.unknown': 'No sé nada de {region} en particular. {country} en su conjunto:',
  'network.seen': 'De lo que está bloqueado ahora, medido en esta red:',
  'network.none':
    'Que yo sepa, nadie ha medido un bloqueo en esta red últimamente. Eso no significa que allí funcione todo.',
  'network.country': 'El país entero: {command}',

  'part.calls': 'en {service} no funcionan las llamadas',
  'part.media': 'en {service} no pasan las fotos ni los vídeos',
  'part.registration': 'no es posible registrarse en {service}',
  'part.web': '{service} no se abre en el navegador',
  'part.messages': '{what}; los mensajes sí',

  'component.web': 'sitio o versión web',
  'component.calls': 'llamadas',
  'component.media': 'fotos y vídeos',
  'component.registration': 'registro',
  'component.bridges': 'puentes',
  'component.persian': 'edición en persa',
  'component.russian': 'edición en ruso',
  'component.servers': 'servidores de la aplicación',

  'advice.works': 'Allí siguen funcionando: {services}.',
  'advice.unblocked': 'Que yo sepa, allí no están bloqueados: {services}.',
  'advice.calls': 'Escriba en vez de llamar; el teléfono normal también funciona, pero otros pueden escuchar.',
  'advice.media': 'El texto aún pasa: describa con palabras lo que mostraría la imagen.',
  'advice.slow':
    'El texto pasa antes que las fotos y los vídeos; pruebe más tarde, o por wifi en lugar de datos móviles.',
  'advice.messenger':
    'Diga ya a los suyos dónde más encontrarle: otra aplicación, correo o teléfono. Las llamadas normales y los SMS los pueden escuchar y leer otros.',
  'advice.shutdown':
    'Quizá las llamadas normales y los SMS aún funcionen, pero otros pueden escuchar y leer. Ahorre batería y acuerde cuándo volver a intentarlo.',
  'advice.mobile':
    'Quizá el wifi de casa o del trabajo aún funcione. Las llamadas y los SMS también, pero otros pueden escuchar y leer.',
  'advice.site': 'Quizá se abra en otra red: no todos los proveedores bloquean igual ni a la vez.',
  'advice.store': 'Si tiene la aplicación, no la borre: lo que ya está instalado suele seguir funcionando.',
  'advice.warn': 'Todavía no se ha cortado nada. Es el momento de acordar con los suyos otra forma de contacto.',

  'reply.lasted': 'duró {duration}',

  'probe.own': 'nuestra propia medición ({network})',
  'probe.agent': 'una sonda de medición ({network})',
};
