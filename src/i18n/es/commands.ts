import type { CommandPhrases } from '../../core/phrases/commands.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const commands: TextsOf<CommandPhrases> = {
  'what.everything': 'todo, en todas partes',
  'what.country': '{country}: todo',
  'what.service': '{service} en todas partes',
  'what.pair': '{country}: {service}',

  'error.unknown': 'No conozco «{word}».',
  'error.meant': '¿Quería decir {command}?',
  'error.help': 'Todo lo que sé hacer: {command}',
  'error.admins': 'Solo los administradores cambian lo que recibe este grupo. Preguntar puede cualquiera: {command}',
  'error.readers': 'Lo que llega aquí lo deciden los administradores. Para sus propios avisos, escríbame en privado.',
  'error.operators': 'Eso solo pueden hacerlo quienes operan este bot.',
  'error.slow':
    'Fue mucho de golpe: no ejecuté sus últimos comandos. Envíelos otra vez dentro de medio minuto, por favor.',
  'error.unanswered':
    'No pude responder a todo lo que se preguntó aquí. Si falta algo, pregunte de nuevo dentro de un minuto.',
  'error.failed': 'Algo salió mal por mi parte. Ha quedado registrado; inténtelo otra vez dentro de un minuto.',
  'error.word': 'No conozco «{word}».',
  'error.nearest': 'No conozco «{word}». ¿Quería decir alguno de estos? {options}',
  'error.ambiguous': '«{word}» puede ser varias cosas: {options}. ¿Cuál?',
  'error.nothing': 'No ha cambiado nada.',
  'error.targets': 'Nombre países y servicios, por ejemplo {command}',

  'ask.hello': '¡Hola! Sé dónde están bloqueados los servicios de internet, y le escribo en cuanto eso cambia.',
  'ask.try': 'Pregunte sin más, por ejemplo: {example}',
  'ask.example': '«¿Está bloqueado WhatsApp en Rusia?»',
  'ask.none': 'De eso no sé nada: solo sé qué está bloqueado en internet, y dónde.',
  'ask.host': 'No conozco {host}: nadie me informa de ese sitio, así que no puedo decir si está abierto.',
  'ask.where': '¿En qué país? Por ejemplo {command}',

  'help.head': 'Lo que sé hacer',
  'help.more': 'Más sobre uno de ellos: {command}',
  'help.forms': 'También: {forms}',

  'about.what':
    'Tocsin lee noticias, registros oficiales y mediciones, y le avisa cuando cambia el acceso a un servicio o a una red en un país. No pertenece a nadie más que a quienes lo operan.',
  'about.sure': '¿Cuán seguro es?',
  'about.reported': 'Se informa: lo publica un medio',
  'about.suspected': 'Se sospecha: así lo parecen las mediciones; una anomalía no es un bloqueo',
  'about.corroborated':
    'Contrastado: dos medios independientes, un aviso oficial leído en su fuente, o nuestra propia medición en una red',
  'about.confirmed': 'Confirmado: medido en varias redes o por varias vías, o se vio una página de bloqueo',
  'about.marks':
    '🔴 bloqueado · 🟠 ralentizado o limitado en parte · ⚫ red cortada · 🟡 en peligro · 🟢 funciona · ❔ se desconoce · ⚪ retirado',
  'about.privacy':
    'Guardo qué sigue este chat, su idioma y su zona horaria, y nada de lo que usted escribe. Borrarlo todo: {command}',

  'ping.pong': 'Aquí estoy.',
  'ping.chat': 'Ahora es {time} ({zone}).',
  'ping.you': 'En la configuración, usted es {id}.',
};
