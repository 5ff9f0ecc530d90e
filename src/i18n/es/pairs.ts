import type { PairPhrases } from '../../core/phrases/pairs.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { millions } from '../plural.ts';

export const pairs: TextsOf<PairPhrases> = {
  'pair.private': 'un chat privado en {platform}',
  'pair.group': 'un grupo en {platform}',
  'pair.channel': 'un canal en {platform}',

  'link.what':
    'Un segundo chat en otra plataforma recibe sus alertas cuando no pueden llegar aquí: si {platform} no acepta mensajes durante cinco minutos o si este chat ya no existe. Y si esa plataforma empieza a estar bloqueada o ralentizada en un país que usted sigue, o empeora, llegan a los dos.',
  'link.how': 'Escríbame esto allí, antes de que pasen {time}. Sirve una vez:',
  'link.alone': 'No estoy en ninguna otra plataforma, así que no hay con qué conectar este chat.',
  'link.spare': 'Este es un segundo chat. El primero: {other}. Lo que no puede llegar allí, llega aquí.',
  'link.now': 'Ahora las alertas llegan a los dos, porque {platform} está bloqueado o ralentizado ({country}).',
  'link.bothOff': 'Solo cuando este falle, nunca a los dos: {command}',
  'link.bothOn': 'A los dos si esta plataforma empieza a estar bloqueada en un país que usted sigue: {command}',
  'link.long':
    '{platform} lleva mucho tiempo bloqueado o ralentizado ({country}), así que las alertas llegan a los dos solo si empeora. Siempre a los dos: {command}',
  'link.always':
    'Mientras esta plataforma esté bloqueada o ralentizada, dure lo que dure, todas las alertas llegan a los dos. Solo si empeora: {command}',
  'link.monthlyOff': 'Una vez al mes envío allí una prueba. Para dejarlo: {command}',
  'link.monthlyOn': 'Una prueba inofensiva una vez al mes: {command}',
  'link.end': 'Para separarlos: {command}',
  'link.joined':
    'Conectados. Ahora este es un segundo chat. El primero: {other}. Lo que no puede llegar allí, llega aquí; y si aquella plataforma empieza a estar bloqueada en un país que sigue, todo llega a los dos.',
  'link.asked':
    'He preguntado allí: en cuanto un administrador acepte ({other}), este será el segundo chat. La pregunta de allí lleva la marca {mark}: no acepte otra.',
  'link.wrong':
    'No conozco este código. Un código sirve una vez y por poco tiempo: {time}. Para uno nuevo, escriba {command} en el primer chat.',
  'link.tries': 'Demasiados códigos incorrectos. Inténtelo de nuevo dentro de un cuarto de hora.',
  'link.same': 'Este código es para su otro chat: escríbalo allí, no aquí.',
  'link.account': 'El segundo chat tiene que estar en otra plataforma: aquí fallaría junto con el primero.',
  'link.taken': 'Uno de los dos ya está conectado con otro. Para separarlos, escriba allí {command}',
  'link.tested': 'Va una prueba en camino. Destino: {other}.',
  'link.onlyMain': 'Eso se decide en el primero de los dos chats, no aquí.',
  'unlink.done': 'Hecho. Este chat ya no está conectado ({other}).',
  'unlink.none': 'Este chat no está conectado con ningún otro. Para cambiarlo: {command}',

  'notice.joined': 'Conectados. El segundo chat: {other}.',
  'notice.notYou': 'Si no ha sido usted, desconéctelo: {command}',
  'notice.asks':
    'Alguien escribió el código de este grupo en otro chat ({other}). Allí llegaría lo que no pueda llegar aquí. ¿Es correcto? Solo puede aceptar un administrador. Acepte solo si allí aparece la marca {mark}.',
  'notice.agree': 'Para aceptar: {command}',
  'notice.parted': 'Este chat ya no está conectado ({other}): así se decidió allí.',
  'notice.lost': 'Ya no puedo llegar a su segundo chat ({other}), así que no tiene ninguno. Para uno nuevo: {command}',
  'notice.heir':
    'Ya no puedo llegar a su primer chat ({other}). Lo que seguía, lo sigue ahora este chat. Para cambiarlo: {command}',
  'notice.test':
    'Esto es solo una prueba: no ha pasado nada. Si no pudiera llegar al primer chat ({other}), su alerta llegaría aquí.',
  'notice.announce': 'Unas palabras de quienes llevan este bot',

  'via.failing': 'Lo aviso aquí porque {platform} no aceptaba mensajes.',
  'via.gone': 'Lo aviso aquí porque su chat en {platform} ya no existe.',
  'via.country': 'Lo aviso también aquí porque {platform} está bloqueado o ralentizado ({country}).',

  'board.head': 'Cortado ahora, de lo que aquí se sigue',
  'board.none': 'No sé de nada nuevo que esté cortado ahora.',
  'board.as': 'Actualizado: {when}. Mantengo al día este mensaje.',
  'board.days': 'Día a día, {from} – {to}:',
  'board.unpinned':
    'Aquí no puedo fijar mensajes. Fije usted el tablero, o deme ese permiso y escriba otra vez {command}.',
  'board.off':
    'Aquí no hay tablero. Un tablero es un mensaje fijado que muestra siempre qué está cortado ahora. Para tenerlo: {command}',
  'board.on': 'El tablero de aquí se mantiene al día. Para dejarlo: {command}',
  'board.made':
    'El tablero llega enseguida y se mantiene al día. Si no queda fijado, es que no tengo permiso: fíjelo usted.',
  'board.ended': 'El tablero ya no se mantiene al día.',

  'error.adminsAs':
    'Usted escribe como canal, así que no veo si es administrador aquí. Escriba en su nombre o en el de este grupo, y funcionará.',

  'announce.usage': '¿Qué deben leer todos? Escríbalo detrás de la orden: {command}',
  'announce.ask': 'Esto sale después de todas las alertas, a {chats}:',
  'announce.confirm': 'Para enviarlo, escriba antes de un cuarto de hora {command}',
  'announce.long': 'Es demasiado largo: {most} caracteres como máximo. No se envió nada.',
  'announce.sent': 'En camino a {chats}.',
  'announce.gone': 'Esto ya se envió, o esperó demasiado. Ahora no se envía nada.',

  'stats.chats': millions('{n} conversación', '{n} conversaciones'),
  'stats.gone': 'Terminados: {chats}',
  'stats.pairs': 'Parejas de chats en dos plataformas: {count}',
  'stats.countries': 'Suscripciones: {count}. Por país:',

  'settings.pair': 'Segundo chat',
  'settings.noPair': 'ninguno',
  'button.bothAlways': 'Siempre a los dos',
  'button.test': 'Enviar prueba',
  'button.unlink': 'Separar',
  'button.boardOn': 'Poner tablero',
  'button.boardOff': 'Quitar tablero',
  'button.agree': 'Aceptar',
  'button.yesSend': 'Sí, enviar',
};
