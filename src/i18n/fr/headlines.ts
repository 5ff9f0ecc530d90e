import type { HeadlinePhrases } from '../../core/phrases/headlines.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const headlines: TextsOf<HeadlinePhrases> = {
  headline: '{country} : {what}',

  'country.none': 'Pays non précisé',
  'country.inPlaces': '{country}, par endroits',

  'head.block': '{service} est bloqué',
  'head.throttle': '{service} est ralenti',
  'head.restrict': '{service} est partiellement limité',
  'head.shutdown': '{service} est coupé',
  'head.unblock': '{service} fonctionne à nouveau',
  'head.warn': '{service} pourrait bientôt être coupé',
  'head.withdrawn': 'alerte sur {service} retirée',
  'head.warnOver': '{service} n’est plus menacé',

  'net.block': '{service} bloqué',
  'net.throttle': '{service} ralenti',
  'net.restrict': '{service} partiellement limité',
  'net.shutdown': '{service} coupé',
  'net.unblock': '{service} rétabli',
  'net.warn': '{service} pourrait bientôt être coupé',
  'net.withdrawn': 'alerte sur {service} retirée',
  'net.warnOver': '{service} n’est plus menacé de coupure',

  'any.block': 'des services sont bloqués, sans qu’on dise lesquels',
  'any.throttle': 'des services sont ralentis, sans qu’on dise lesquels',
  'any.restrict': 'des services sont partiellement limités, sans qu’on dise lesquels',
  'any.shutdown': 'des services sont coupés, sans qu’on dise lesquels',
  'any.unblock': 'des services fonctionnent à nouveau, sans qu’on dise lesquels',
  'any.warn': 'des services pourraient bientôt être coupés, sans qu’on dise lesquels',
  'any.withdrawn': 'alerte retirée',
  'any.warnOver': 'des services ne sont plus menacés',

  'group.block': millions('{n} service bloqué', '{n} services bloqués'),
  'group.throttle': millions('{n} service ralenti', '{n} services ralentis'),
  'group.restrict': millions('{n} service partiellement limité', '{n} services partiellement limités'),
  'group.shutdown': millions('{n} réseau coupé', '{n} réseaux coupés'),
  'group.unblock': millions('{n} service fonctionne à nouveau', '{n} services fonctionnent à nouveau'),
  'group.warn': millions('{n} service pourrait bientôt être coupé', '{n} services pourraient bientôt être coupés'),
  'group.withdrawn': millions('{n} alerte retirée', '{n} alertes retirées', '{n} d’alertes retirées'),
  'group.warnOver': millions('{n} service n’est plus menacé', '{n} services ne sont plus menacés'),
  'group.mixed': millions('du nouveau pour {n} service', 'du nouveau pour {n} services'),

  'label.block': 'Bloqué',
  'label.throttle': 'Ralenti',
  'label.restrict': 'Partiellement limité',
  'label.shutdown': 'Coupé',
  'label.unblock': 'Fonctionne à nouveau',
  'label.warn': 'Menacé',
  'label.withdrawn': 'Retiré',
  'label.warnOver': 'Menace levée',

  'list.more': millions('{n} autre', '{n} autres', '{n} d’autres'),
};
