import type { MenuPhrases } from '../../core/ports/phrases/menu.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const menu: TextsOf<MenuPhrases> = {
  'command.start': 'empiece aquí',
  'command.subscribe': 'seguir un país, un servicio o ambos',
  'command.unsubscribe': 'dejar de seguir',
  'command.subscriptions': 'qué sigue este chat',
  'command.status': 'qué está cortado ahora, y si el bot está bien',
  'command.incident': 'la historia y las fuentes de un incidente',
  'command.history': 'qué se cortó antes, y cuánto duró',
  'command.mute': 'sin avisos durante un tiempo',
  'command.unmute': 'terminar el silencio',
  'command.settings': 'todos los ajustes de este chat',
  'command.language': 'idioma de este chat',
  'command.timezone': 'zona horaria de este chat',
  'command.level': 'cuán seguro debe ser para que le escriba',
  'command.help': 'todos los comandos',
  'command.about': 'qué es esto, y qué significan las palabras y los signos',
  'command.ping': '¿hay alguien?',
  'command.channel': 'configurar un canal desde un chat privado',
  'command.export': 'todo lo que guardo de este chat',
  'command.forget': 'borrar todo lo de este chat',
  'command.sources': 'las fuentes y su estado (operadores)',
  'command.retract': 'retirar un incidente (operadores)',
};
