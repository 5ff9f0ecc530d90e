/** What people read before they begin, by ISO 639-1. Telegram takes 512 characters of a description and 120 of a short one. */
export const PROFILE: Record<string, { description: string; short: string }> = {
  en: {
    description: `An alarm bell for the internet.

I write as soon as access to a service or a network changes in a country: blocked, slowed down, shut down, back again. And I always say how sure that is, and who says so.

Follow a country, a service, or both: here, in a group or in a channel. Or just ask: /status ru whatsapp

I keep what this chat follows and its settings, and nothing you write. /forget deletes all of it.`,
    short:
      'Tells you when a country blocks, slows down or shuts down a service or the internet – and how sure that is.',
  },
  ru: {
    description: `Предупреждаю о блокировках в интернете.

Пишу сразу, как только в какой-то стране меняется доступ к сервису или сети: заблокировали, замедлили, отключили, вернули. И всегда говорю, насколько это точно и кто об этом сообщает.

Следить можно за страной, за сервисом или за тем и другим: здесь, в группе или в канале. А можно просто спросить: /status ru whatsapp

Храню подписки и настройки этого чата и ничего из написанного вами. Удалить всё: /forget`,
    short:
      'Предупреждаю о блокировках в интернете: что закрыли, замедлили, отключили или вернули — и насколько это точно.',
  },
  fa: {
    description: `از مسدود شدن‌های اینترنت خبرتان می‌کنم.

همین که دسترسی به یک سرویس یا شبکه در کشوری عوض شود می‌نویسم: مسدود شد، کُند شد، قطع شد، برگشت. و همیشه می‌گویم چقدر قطعی است و چه کسی گفته است.

یک کشور، یک سرویس یا هر دو را دنبال کنید: این‌جا، در گروه یا در کانال. یا فقط بپرسید: /status ir whatsapp

فقط نگه می‌دارم که این گفتگو چه چیزهایی را دنبال می‌کند و تنظیماتش را؛ هیچ‌یک از نوشته‌هایتان را نه. پاک کردن همه: /forget`,
    short: 'خبر می‌دهم کجا سرویسی یا اینترنت مسدود، کُند یا قطع شده یا برگشته، و چقدر قطعی است.',
  },
  tr: {
    description: `İnternetteki engelleri haber veririm.

Bir ülkede bir hizmete ya da ağa erişim değişir değişmez yazarım: engellendi, yavaşladı, kesildi, geri geldi. Ne kadar kesin olduğunu ve kimin söylediğini her seferinde belirtirim.

Bir ülkeyi, bir hizmeti ya da ikisini takip edin: burada, grupta ya da kanalda. Ya da sorun: /status tr instagram

Bu sohbetin takip ettiklerini ve ayarlarını saklarım, yazdıklarınızı saklamam. Hepsini silmek için: /forget`,
    short: 'Bir ülke bir hizmeti ya da interneti engelleyince, yavaşlatınca, kesince haber veririm; ne kadar kesinse.',
  },
  uk: {
    description: `Попереджаю про блокування в інтернеті.

Пишу одразу, щойно в якійсь країні змінюється доступ до сервісу чи мережі: заблокували, сповільнили, вимкнули, повернули. І завжди кажу, наскільки це точно і хто про це повідомляє.

Стежити можна за країною, за сервісом або за обома: тут, у групі чи в каналі. А можна просто запитати: /status ru whatsapp

Зберігаю підписки й налаштування цього чату і нічого з написаного вами. Видалити все: /forget`,
    short:
      'Попереджаю про блокування в інтернеті: що закрили, сповільнили, вимкнули чи повернули — і наскільки це точно.',
  },
  de: {
    description: `Ich warne vor Sperren im Internet.

Ich schreibe, sobald sich in einem Land der Zugang zu einem Dienst oder Netz ändert: gesperrt, gedrosselt, abgeschaltet, wieder da. Und ich sage immer, wie sicher das ist und wer es sagt.

Folgen Sie einem Land, einem Dienst oder beidem: hier, in einer Gruppe oder in einem Kanal. Oder fragen Sie: /status ru whatsapp

Ich speichere, wem dieser Chat folgt, und seine Einstellungen, nichts von dem, was Sie schreiben. /forget löscht alles.`,
    short:
      'Sagt Ihnen, wo ein Dienst oder das Internet gesperrt, gedrosselt oder abgeschaltet wird – und wie sicher es ist.',
  },
  es: {
    description: `Aviso de los bloqueos de internet.

Escribo en cuanto cambia el acceso a un servicio o a una red en un país: bloqueado, ralentizado, cortado, de vuelta. Y siempre digo cuán seguro es y quién lo dice.

Siga un país, un servicio o ambos: aquí, en un grupo o en un canal. O pregunte: /status ve whatsapp

Guardo qué sigue este chat y sus ajustes, y nada de lo que usted escribe. /forget lo borra todo.`,
    short: 'Aviso cuando un país bloquea, ralentiza o corta un servicio o internet, y digo cuán seguro es.',
  },
  fr: {
    description: `Je préviens des blocages d’internet.

J’écris dès que l’accès à un service ou à un réseau change dans un pays : bloqué, ralenti, coupé, rétabli. Et je dis toujours à quel point c’est certain, et qui le dit.

Suivez un pays, un service ou les deux : ici, dans un groupe ou dans un canal. Ou demandez : /status ru whatsapp

Je garde ce que suit cette discussion et ses réglages, rien de ce que vous écrivez. /forget efface tout.`,
    short: 'Je préviens quand un pays bloque, ralentit ou coupe un service ou internet, et je dis si c’est certain.',
  },
  ar: {
    description: `أنبّه إلى حجب الإنترنت.

أكتب فور أن يتغير الوصول إلى خدمة أو شبكة في بلد ما: حُجبت، أُبطئت، قُطعت، عادت. وأقول دائمًا ما مدى التأكد ومن قال ذلك.

تابعوا بلدًا أو خدمة أو كليهما: هنا أو في مجموعة أو في قناة. أو اسألوا فقط: /status eg telegram

أحتفظ بما تتابعه هذه المحادثة وبإعداداتها، ولا شيء مما تكتبون. /forget يحذف كل ذلك.`,
    short: 'أخبركم أين حُجبت خدمة أو الإنترنت أو أُبطئت أو قُطعت أو عادت، وما مدى التأكد.',
  },
  zh: {
    description: `我专门提醒网络封锁。

某个国家对某项服务或网络的访问一有变化，我就告诉您：被封、限速、中断、恢复。而且总会说明有多确定，是谁说的。

可以关注国家、服务或两者：在这里、群组或频道里。也可以直接问：/status ru whatsapp

我只保存本聊天关注的内容和设置，不保存您写的任何内容。/forget 全部删除。`,
    short: '哪个国家封锁、限速或切断了某项服务或互联网，我会告诉您，并说明有多确定。',
  },
};
