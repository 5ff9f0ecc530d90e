import type { MenuPhrases } from '../../core/ports/phrases/menu.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const menu: TextsOf<MenuPhrases> = {
  'command.start': 'почніть звідси',
  'command.subscribe': 'стежити за країною, сервісом або за обома',
  'command.unsubscribe': 'більше не стежити',
  'command.subscriptions': 'за чим стежить цей чат',
  'command.status': 'що зараз закрито і чи все гаразд із ботом',
  'command.incident': 'історія та джерела однієї події',
  'command.history': 'що закривали раніше і чи надовго',
  'command.mute': 'побути в тиші',
  'command.unmute': 'закінчити тишу',
  'command.settings': 'усі налаштування цього чату',
  'command.language': 'мова цього чату',
  'command.timezone': 'часовий пояс цього чату',
  'command.level': 'наскільки певно має бути, щоб я написав',
  'command.help': 'усі команди',
  'command.about': 'що це таке, що значать слова й позначки',
  'command.ping': 'є хтось живий?',
  'command.channel': 'налаштувати канал з особистого чату',
  'command.export': 'усе, що я зберігаю про цей чат',
  'command.forget': 'видалити все про цей чат',
  'command.sources': 'джерела та їхній стан (для операторів)',
  'command.retract': 'відкликати подію (для операторів)',
};
