import type { IncidentPhrases } from '../../core/phrases/incidents.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const incidents: TextsOf<IncidentPhrases> = {
  'change.opened': 'primer aviso: {what}',
  'change.confidence-up': 'más seguro: {what}',
  'change.escalated': 'ha empeorado: {what}',
  'change.method-revealed': 'cómo se hace: {what}',
  'change.widened': 'afecta a más',
  'change.named': 'ya se sabe qué servicio es',
  'change.claimed': 'una fuente dice que es peor; aún no es seguro',
  'change.easing': 'señales de que ha terminado',
  'change.partly-lifted': 'una parte vuelve a funcionar',
  'change.lifted': 'terminado: vuelve a funcionar',
  'change.lift-confidence-up': 'más seguro que ha terminado: {what}',
  'change.resumed': 'al final no ha terminado',
  'change.withdrawn': 'retirado',
  'change.expired': 'sin noticias desde hace mucho',

  'incident.none': 'No conozco ningún incidente {id}. Su número está al final de cada aviso.',
  'incident.usage': '¿Qué incidente? Su número está al final de cada aviso: {command}',
  'incident.log': 'Qué pasó',
  'incident.evidence': millions('Fuentes: {n} informe', 'Fuentes: {n} informes'),
  'incident.report': '{title} ({when})',
  'incident.measured': 'Medido en {networks}: {verdict} ({when})',
  'incident.anomaly': 'Una anomalía por sí sola no demuestra un bloqueo.',
  'incident.copies': 'Las copias de un mismo texto cuentan una vez.',
  'incident.open': 'Incidentes sobre esto:',

  'history.head': millions('{what}, último día', '{what}, últimos {n} días'),
  'history.none': millions(
    'No sé de ningún incidente en el último día. Eso no es lo mismo que «no pasó nada».',
    'No sé de ningún incidente en los últimos {n} días. Eso no es lo mismo que «no pasó nada».',
  ),
  'history.span': 'desde {from} hasta {to}',
  'history.longer': 'Para mirar más atrás: {command}',
};
