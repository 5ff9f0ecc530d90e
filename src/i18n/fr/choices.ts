import type { ChoicePhrases } from '../../core/phrases/choices.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const choices: TextsOf<ChoicePhrases> = {
  'settings.on': 'activé',
  'settings.off': 'désactivé',
  'settings.turnOff': 'Désactiver',
  'settings.unknown': 'Je ne comprends pas « {word} » ici.',
  'settings.other': 'D’autres heures : {command}',
  'settings.utc': 'Votre fuseau horaire n’est pas encore choisi, ce sont donc des heures UTC : {command}',
  'settings.quiet': 'Heures calmes',
  'settings.quiet.what':
    'Pendant les heures calmes, rien ne sonne. Je continue de veiller, et un message à la fin raconte ce qui s’est passé. Si vous le permettez, le plus critique sonne quand même : l’internet de tout un pays coupé, le blocage confirmé d’un service que vous suivez par son nom, ou le blocage de l’application où vous lisez ceci.',
  'settings.quiet.hours': '{from}–{to}',
  'settings.quiet.critical': '{from}–{to} ; le critique sonne quand même',
  'settings.critical.turnOn': 'Laisser sonner le critique',
  'settings.critical.turnOff': 'Le critique attend aussi',
  'settings.critical.none': 'Choisissez d’abord des heures calmes.',
  'settings.digest': 'Résumé',
  'settings.digest.what':
    'Un message régulier sans son : ce qui a changé depuis le dernier et ce qui est coupé maintenant. Les alertes arrivent quand même.',
  'settings.digest.day': 'chaque jour à {time}',
  'settings.digest.week': 'le lundi à {time}',
  'settings.sound': 'Son',
  'settings.sound.what': 'Sans son, les alertes arrivent en silence.',
  'settings.sound.turnOn': 'Activer le son',
  'settings.sound.turnOff': 'Couper le son',
  'settings.pictures': 'Images',
  'settings.pictures.what': 'Certaines réponses viennent avec une image, comme une chronologie.',
  'settings.pictures.turnOn': 'Activer les images',
  'settings.pictures.turnOff': 'Désactiver les images',
  'settings.reminders': 'Rappels',
  'settings.reminders.what': 'Tant que dure ce dont je vous ai parlé, je vous le rappelle à midi, sans son.',
  'settings.reminders.1': 'chaque jour',
  'settings.reminders.3': 'tous les trois jours',
  'settings.reminders.7': 'chaque semaine',
  'settings.report': 'Semaines calmes',
  'settings.report.what':
    'Le lundi après une semaine où je n’avais rien à dire : que tout était calme, et à quel point je vois bien.',
  'settings.report.turnOn': 'Signaler les semaines calmes',
  'settings.report.turnOff': 'Ne pas signaler les semaines calmes',
};
