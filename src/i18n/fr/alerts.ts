import type { AlertPhrases } from '../../core/phrases/alerts.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const alerts: TextsOf<AlertPhrases> = {
  'method.dns': 'par le DNS (le nom du site n’est plus trouvé, ou mène ailleurs)',
  'method.ip': 'par adresse IP',
  'method.sni': 'par le nom du site dans la connexion (SNI)',
  'method.http': 'une page de blocage à la place du site',
  'method.throttle': 'le débit est réduit',
  'method.app-store': 'retiré des magasins d’applications',
  'method.legal': 'sur décision officielle',
  'method.bgp': 'par le routage (BGP)',

  'confidence.reported': 'signalé',
  'confidence.suspected': 'soupçonné',
  'confidence.corroborated': 'recoupé',
  'confidence.confirmed': 'confirmé par des mesures',

  'sure.reported': 'Signalé, pas encore confirmé : {why}',
  'sure.suspected': 'Soupçonné, pas confirmé : {why}',
  'sure.corroborated': 'Recoupé : {why}',
  'sure.confirmed': 'Confirmé : {why}',

  'why.outlets': millions('{n} média l’écrit', '{n} médias l’écrivent'),
  'why.authority': 'annonce officielle ({name})',
  'why.networks': millions('mesuré sur {n} réseau', 'mesuré sur {n} réseaux'),
  'why.anomalies': millions('les mesures sur {n} réseau y ressemblent', 'les mesures sur {n} réseaux y ressemblent'),
  'why.blockpage': 'une page de blocage a été vue',
  'why.sign': '{name} en voit des signes',
  'why.silence': 'plus aucune mesure n’arrive de là-bas ({name})',
  'why.each': '{sure} – au moins, pour chacun',

  'count.measurements': millions('{n} mesure', '{n} mesures'),
  'count.networks': millions('{n} réseau', '{n} réseaux'),
  'count.signals': millions('{n} signal : {names}', '{n} signaux : {names}'),

  'alert.since': 'Depuis {when}',
  'alert.earlier': 'Avant : {label}, depuis {when}',
  'alert.sinceEarliest': 'Au plus tôt depuis {when}',
  'alert.warnedAt': 'Annoncé {when}',
  'alert.lasted': 'Durée : {duration} ({from} – {to})',
  'alert.backAt': 'De retour depuis {when}',
  'alert.was': 'Avant : {what}',
  'alert.how': 'Comment : {method}',
  'alert.where': 'Où : {regions}',
  'alert.backIn': 'Fonctionne à nouveau : {regions}',
  'alert.part': 'Touché : {parts}',
  'alert.sources': 'Sources : {sources}',
  'alert.worse.throttle': millions(
    '{n} média écrit que tout le service est ralenti ; pas encore certain',
    '{n} médias écrivent que tout le service est ralenti ; pas encore certain',
  ),
  'alert.worse.block': millions(
    '{n} média écrit que le blocage est total ; pas encore certain',
    '{n} médias écrivent que le blocage est total ; pas encore certain',
  ),
  'alert.worse.shutdown': millions(
    '{n} média écrit que tout est coupé ; pas encore certain',
    '{n} médias écrivent que tout est coupé ; pas encore certain',
  ),
  'alert.disagree': millions(
    '{name} le voit sur {n} réseau ; notre propre mesure sur {ours} ne le voit pas',
    '{name} le voit sur {n} réseaux ; notre propre mesure sur {ours} ne le voit pas',
  ),
  'alert.disagreeAll': '{name} le voit ; notre propre mesure sur {ours} ne le voit pas',
  'alert.easing': millions(
    '{n} média écrit que c’est rétabli ; pas encore certain',
    '{n} médias écrivent que c’est rétabli ; pas encore certain',
  ),
  'alert.easingMeasured': 'D’après les mesures, c’est peut-être rétabli ; pas encore certain',
  'alert.because': 'Pourquoi : {why}',
  'alert.withdrawn': 'Nous nous sommes trompés : ce que nous vous avions dit n’est pas vrai. Toutes nos excuses.',
  'alert.linked': 'Voir aussi {id}',
  'alert.cameTrue': 'C’était annoncé : {id}',

  'reply.escalated': 'La situation s’aggrave.',
  'reply.widened': 'Cela s’étend.',
  'reply.resumed': 'Finalement, ce n’est pas terminé.',
  'reply.surer': 'C’est plus certain maintenant.',
  'reply.partly': 'Une partie fonctionne à nouveau.',
  'reply.easing': 'Cela va peut-être mieux.',

  'test.head': 'Ceci est une alerte d’essai.',
  'test.what': 'Il ne s’est rien passé. Voici à quoi ressemble une alerte, et elle vous parvient ici :',
  'test.country': 'Pays exemple',
};
