import type { MenuPhrases } from '../../core/ports/phrases/menu.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const menu: TextsOf<MenuPhrases> = {
  'command.start': 'начните отсюда',
  'command.subscribe': 'следить за страной, сервисом или тем и другим',
  'command.unsubscribe': 'перестать следить',
  'command.subscriptions': 'за чем следит этот чат',
  'command.status': 'что сейчас закрыто и всё ли в порядке с ботом',
  'command.incident': 'история и источники одного события',
  'command.history': 'что закрывали раньше и надолго ли',
  'command.mute': 'побыть в тишине',
  'command.unmute': 'закончить тишину',
  'command.settings': 'все настройки этого чата',
  'command.language': 'язык этого чата',
  'command.timezone': 'часовой пояс этого чата',
  'command.level': 'порог точности: с какой уверенностью писать',
  'command.help': 'все команды',
  'command.about': 'что это такое, что значат слова и значки',
  'command.ping': 'есть кто живой?',
  'command.channel': 'настроить канал из личного чата',
  'command.export': 'всё, что я храню об этом чате',
  'command.forget': 'удалить всё об этом чате',
  'command.sources': 'источники и их состояние (для операторов)',
  'command.retract': 'отозвать событие (для операторов)',
};
