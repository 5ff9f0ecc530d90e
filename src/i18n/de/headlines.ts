import type { HeadlinePhrases } from '../../core/phrases/headlines.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { oneOther } from '../plural.ts';

export const headlines: TextsOf<HeadlinePhrases> = {
  headline: '{country}: {what}',

  'country.none': 'Land nicht genannt',
  'country.inPlaces': '{country}, stellenweise',

  'head.block': '{service} gesperrt',
  'head.throttle': '{service} gedrosselt',
  'head.restrict': '{service} teilweise eingeschränkt',
  'head.shutdown': '{service} abgeschaltet',
  'head.unblock': '{service} geht wieder',
  'head.warn': '{service} könnte bald gesperrt werden',
  'head.withdrawn': 'Meldung zu {service} zurückgezogen',
  'head.warnOver': '{service} nicht mehr bedroht',

  'net.block': '{service} gesperrt',
  'net.throttle': '{service} gedrosselt',
  'net.restrict': '{service} teilweise eingeschränkt',
  'net.shutdown': '{service} abgeschaltet',
  'net.unblock': '{service} geht wieder',
  'net.warn': '{service} könnte bald abgeschaltet werden',
  'net.withdrawn': 'Meldung zu {service} zurückgezogen',
  'net.warnOver': '{service}: Abschaltung droht nicht mehr',

  'any.block': 'Dienste gesperrt; welche, wird nicht gesagt',
  'any.throttle': 'Dienste gedrosselt; welche, wird nicht gesagt',
  'any.restrict': 'Dienste teilweise eingeschränkt; welche, wird nicht gesagt',
  'any.shutdown': 'Dienste abgeschaltet; welche, wird nicht gesagt',
  'any.unblock': 'Dienste gehen wieder; welche, wird nicht gesagt',
  'any.warn': 'Dienste könnten bald gesperrt werden; welche, wird nicht gesagt',
  'any.withdrawn': 'Meldung zurückgezogen',
  'any.warnOver': 'Dienste nicht mehr bedroht',

  'group.block': oneOther('{n} Dienst gesperrt', '{n} Dienste gesperrt'),
  'group.throttle': oneOther('{n} Dienst gedrosselt', '{n} Dienste gedrosselt'),
  'group.restrict': oneOther('{n} Dienst teilweise eingeschränkt', '{n} Dienste teilweise eingeschränkt'),
  'group.shutdown': oneOther('{n} Netz abgeschaltet', '{n} Netze abgeschaltet'),
  'group.unblock': oneOther('{n} Dienst geht wieder', '{n} Dienste gehen wieder'),
  'group.warn': oneOther('{n} Dienst könnte bald gesperrt werden', '{n} Dienste könnten bald gesperrt werden'),
  'group.withdrawn': oneOther('{n} Meldung zurückgezogen', '{n} Meldungen zurückgezogen'),
  'group.warnOver': oneOther('{n} Dienst nicht mehr bedroht', '{n} Dienste nicht mehr bedroht'),
  'group.mixed': oneOther('Neues zu {n} Dienst', 'Neues zu {n} Diensten'),

  'label.block': 'Gesperrt',
  'label.throttle': 'Gedrosselt',
  'label.restrict': 'Teilweise eingeschränkt',
  'label.shutdown': 'Abgeschaltet',
  'label.unblock': 'Geht wieder',
  'label.warn': 'Bedroht',
  'label.withdrawn': 'Zurückgezogen',
  'label.warnOver': 'Nicht mehr bedroht',

  'list.more': oneOther('{n} weiterer Eintrag', '{n} weitere'),
};
