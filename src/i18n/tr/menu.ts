import type { MenuPhrases } from '../../core/ports/phrases/menu.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const menu: TextsOf<MenuPhrases> = {
  'command.start': 'buradan başlayın',
  'command.subscribe': 'bir ülkeyi, bir hizmeti ya da ikisini takip edin',
  'command.unsubscribe': 'takibi bırakın',
  'command.subscriptions': 'bu sohbetin takip ettikleri',
  'command.status': 'şu an neler kesik, bot iyi mi',
  'command.incident': 'bir olayın öyküsü ve kaynakları',
  'command.history': 'önceden neler kesildi, ne kadar sürdü',
  'command.mute': 'bir süre uyarı almayın',
  'command.unmute': 'sessizliği bitirin',
  'command.settings': 'bu sohbetin bütün ayarları',
  'command.language': 'bu sohbetin dili',
  'command.timezone': 'bu sohbetin saat dilimi',
  'command.level': 'size yazmam için ne kadar kesin olmalı',
  'command.help': 'bütün komutlar',
  'command.about': 'bu nedir, sözler ve işaretler ne demek',
  'command.ping': 'orada kimse var mı?',
  'command.channel': 'özel sohbetten bir kanalı ayarlayın',
  'command.export': 'bu sohbet hakkında sakladığım her şey',
  'command.forget': 'bu sohbetle ilgili her şeyi silin',
  'command.sources': 'kaynaklar ve durumları (işletenler için)',
  'command.retract': 'bir olayı geri alın (işletenler için)',
};
