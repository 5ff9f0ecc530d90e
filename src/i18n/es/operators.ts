import type { OperatorPhrases } from '../../core/phrases/operators.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const operators: TextsOf<OperatorPhrases> = {
  'sources.head': millions('{n} fuente', '{n} fuentes'),
  'sources.ok': 'leída hace {age}',
  'sources.failing': 'no responde desde hace {age}: {problem}',
  'sources.waiting': 'aún sin leer',
  'sources.off': 'apagada: sin token',
  'sources.leftOut': 'Se sigue más de lo que se pregunta a los observatorios. Queda fuera lo menos pedido: {what}',
  'sources.leftOutMore':
    'Se sigue más de lo que se pregunta a los observatorios. Queda fuera lo menos pedido: al menos {what}',
  'sources.leftOutCountries': millions('{n} país', '{n} países'),
  'sources.leftOutServices': millions('{n} servicio', '{n} servicios'),

  'agents.head': millions('{n} sonda', '{n} sondas'),
  'agents.at': '{country}, {asn}: {state}',
  'agents.heard': 'última señal hace {age}',
  'agents.missing': 'callada desde hace {age}',
  'agents.never': 'aún sin señal',
  'agents.stopping': 'detenida; {state}',

  'sources.held': 'Retenido: más a la vez de lo que ocurre de verdad',
  'sources.heldSince': millions('{n} informe, desde hace {age}', '{n} informes, desde hace {age}'),
  'sources.heldDropped': millions(
    '{state}; {n} más antiguo descartado',
    '{state}; {n} más antiguos descartados',
    '{state}; {n} más antiguos descartados',
  ),
  'sources.heldUsage': 'De esto no se avisó a nadie. Si es cierto, haga que cuente: {command}',
  'sources.released': millions('{n} informe de {id} cuenta ahora.', '{n} informes de {id} cuentan ahora.'),
  'sources.notHeld': 'No hay nada retenido de «{id}». La lista: {command}',

  'agents.dropped': millions(
    '{state}; se llenó su memoria, {n} lote se ha perdido',
    '{state}; se llenó su memoria, {n} lotes se han perdido',
  ),
  'agents.refused': millions(
    '{state}; {n} medición rechazada (el registro dice por qué)',
    '{state}; {n} mediciones rechazadas (el registro dice por qué)',
  ),
  'agents.usage': 'Para detener una sonda: {stop}. Para que siga: {start}',
  'agents.none': 'No conozco ninguna sonda «{id}». La lista: {command}',
  'agents.stopped': 'La sonda {id} dejará de medir en su próximo envío, en unos minutos. Para que siga: {command}',
  'agents.started': 'La sonda {id} volverá a medir en su próximo envío, en unos minutos.',

  'retract.usage': '¿Qué incidente, y por qué? {command}',
  'retract.done': '{id} está retirado. Todos los que supieron de él lo sabrán, con su motivo.',
};
