import type { AlertPhrases } from '../../core/phrases/alerts.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const alerts: TextsOf<AlertPhrases> = {
  'method.dns': 'por DNS (el nombre del sitio no se encuentra o lleva a otra parte)',
  'method.ip': 'por dirección IP',
  'method.sni': 'por el nombre del sitio en la conexión (SNI)',
  'method.http': 'una página de bloqueo en lugar del sitio',
  'method.throttle': 'bajan la velocidad',
  'method.app-store': 'retirado de las tiendas de aplicaciones',
  'method.legal': 'por orden oficial',
  'method.bgp': 'por el enrutamiento (BGP)',

  'confidence.reported': 'se informa',
  'confidence.suspected': 'se sospecha',
  'confidence.corroborated': 'contrastado',
  'confidence.confirmed': 'confirmado con mediciones',

  'sure.reported': 'Se informa, aún sin confirmar: {why}',
  'sure.suspected': 'Se sospecha, sin confirmar: {why}',
  'sure.corroborated': 'Contrastado: {why}',
  'sure.confirmed': 'Confirmado: {why}',

  'why.outlets': millions('lo publica {n} medio', 'lo publican {n} medios'),
  'why.authority': 'aviso oficial ({name})',
  'why.networks': millions('medido en {n} red', 'medido en {n} redes'),
  'why.anomalies': millions('así lo parecen las mediciones en {n} red', 'así lo parecen las mediciones en {n} redes'),
  'why.blockpage': 'se vio una página de bloqueo',
  'why.sign': '{name} ve señales de ello',
  'why.silence': 'han dejado de llegar mediciones de allí ({name})',
  'why.each': '{sure} – como mínimo, para cada uno',

  'count.measurements': millions('{n} medición', '{n} mediciones'),
  'count.networks': millions('{n} red', '{n} redes'),
  'count.signals': millions('{n} señal: {names}', '{n} señales: {names}'),

  'alert.since': 'Desde {when}',
  'alert.earlier': 'Antes: {label}, desde {when}',
  'alert.sinceEarliest': 'Como pronto, desde {when}',
  'alert.warnedAt': 'Anunciado {when}',
  'alert.lasted': 'Duró {duration}: desde {from} hasta {to}',
  'alert.backAt': 'De vuelta desde {when}',
  'alert.was': 'Antes: {what}',
  'alert.how': 'Cómo: {method}',
  'alert.where': 'Dónde: {regions}',
  'alert.backIn': 'Vuelve a funcionar en: {regions}',
  'alert.part': 'Afectado: {parts}',
  'alert.sources': 'Fuentes: {sources}',
  'alert.worse.throttle': millions(
    '{n} medio dice que todo el servicio va lento; aún no es seguro',
    '{n} medios dicen que todo el servicio va lento; aún no es seguro',
  ),
  'alert.worse.block': millions(
    '{n} medio dice que el bloqueo es total; aún no es seguro',
    '{n} medios dicen que el bloqueo es total; aún no es seguro',
  ),
  'alert.worse.shutdown': millions(
    '{n} medio dice que el corte es total; aún no es seguro',
    '{n} medios dicen que el corte es total; aún no es seguro',
  ),
  'alert.disagree': millions(
    '{name} lo ve en {n} red; nuestra propia medición en {ours} no',
    '{name} lo ve en {n} redes; nuestra propia medición en {ours} no',
  ),
  'alert.disagreeAll': '{name} lo ve; nuestra propia medición en {ours} no',
  'alert.easing': millions(
    '{n} medio dice que ha vuelto; aún no es seguro',
    '{n} medios dicen que ha vuelto; aún no es seguro',
  ),
  'alert.easingMeasured': 'Según las mediciones puede que haya vuelto; aún no es seguro',
  'alert.because': 'Motivo: {why}',
  'alert.withdrawn': 'Nos equivocamos: lo que le dijimos no era cierto. Lo sentimos.',
  'alert.linked': 'Véase también {id}',
  'alert.cameTrue': 'Ya se había anunciado: {id}',

  'reply.escalated': 'Ha empeorado.',
  'reply.widened': 'Afecta a más que antes.',
  'reply.resumed': 'Al final no ha terminado.',
  'reply.surer': 'Ahora es más seguro.',
  'reply.partly': 'Una parte vuelve a funcionar.',
  'reply.easing': 'Puede que esté mejorando.',

  'test.head': 'Esto es una alerta de prueba.',
  'test.what': 'No ha pasado nada. Así es una alerta, y aquí le llega:',
  'test.country': 'País de ejemplo',
};
