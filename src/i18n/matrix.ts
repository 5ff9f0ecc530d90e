/** Why the bot leaves or declines a Matrix room, as the homeserver shows it to whoever is in it. English: a room has no language before the bot is in it. */
export const ENCRYPTED_REASON =
  'I cannot read or write in encrypted rooms here: my operator has not turned that on (e2ee: true). Please invite me to a room without encryption (or open a direct chat with encryption off).';
export const UNWELCOME_REASON = 'My operator has not allowed invitations from this account.';
export const SPACE_REASON = 'I speak in rooms, not in spaces. Please invite me to a room.';
export const FULL_REASON = 'I am in as many rooms as my operator allows.';
export const UNREACHABLE_REASON = 'I could not join this room. Please invite me again.';
export const STRANGE_REASON = 'This room does not continue the one that I was in.';
export const ALONE_REASON = 'Everybody else has left.';
export const ELSEWHERE_REASON = 'This room goes on elsewhere.';

const CUT: Record<string, (lines: number) => string> = {
  en: (lines) => `[… too long for one message: ${lines} more not shown]`,
  ru: (lines) => `[… не поместилось в сообщение: ещё ${lines}]`,
  fa: (lines) => `[… در یک پیام جا نشد: ${lines} سطر دیگر]`,
  tr: (lines) => `[… bir iletiye sığmadı: ${lines} satır daha]`,
  uk: (lines) => `[… не вмістилося в повідомлення: ще ${lines}]`,
  de: (lines) => `[… zu lang für eine Nachricht: ${lines} weitere nicht gezeigt]`,
  es: (lines) => `[… demasiado largo para un mensaje: ${lines} más sin mostrar]`,
  fr: (lines) => `[… trop long pour un message : ${lines} de plus non montrés]`,
  ar: (lines) => `[… لم تتسع لها رسالة واحدة: ${lines} أخرى]`,
  zh: (lines) => `[… 一条消息放不下：还有 ${lines} 行]`,
};

const REACT_OR_TYPE: Record<string, string> = {
  en: 'React with a number, or type:',
  ru: 'Поставьте реакцию с цифрой или напишите:',
  fa: 'با یک عدد واکنش نشان دهید یا بنویسید:',
  tr: 'Bir rakamla tepki verin ya da yazın:',
  uk: 'Поставте реакцію з цифрою або напишіть:',
  de: 'Mit einer Ziffer reagieren oder schreiben:',
  es: 'Reaccione con un número o escriba:',
  fr: 'Réagissez avec un chiffre ou écrivez :',
  ar: 'تفاعلوا برقم أو اكتبوا:',
  zh: '用数字回应，或输入：',
};

const REACT: Record<string, string> = {
  en: 'React with:',
  ru: 'Реакцией:',
  fa: 'با واکنش:',
  tr: 'Tepkiyle:',
  uk: 'Реакцією:',
  de: 'Reagieren Sie mit:',
  es: 'Reaccione con:',
  fr: 'Réagissez avec :',
  ar: 'تفاعلوا بـ:',
  zh: '用表情回应：',
};

const UNREADABLE: Record<string, (sender: string) => string> = {
  en: (sender) =>
    `I cannot read what ${sender} wrote here: their app has not given me the key. I answer when it comes; else please send it again.`,
  ru: (sender) =>
    `Не могу прочитать, что написал(а) ${sender}: приложение не передало мне ключ. Отвечу, когда он придёт; иначе, пожалуйста, отправьте ещё раз.`,
  fa: (sender) =>
    `نمی‌توانم آنچه ${sender} اینجا نوشته است بخوانم: برنامهٔ او کلید را به من نداده است. هر وقت برسد پاسخ می‌دهم؛ وگرنه لطفاً دوباره بفرستید.`,
  tr: (sender) =>
    `${sender} tarafından burada yazılanı okuyamıyorum: uygulaması bana anahtarı vermedi. Anahtar gelince yanıtlarım; gelmezse lütfen yeniden gönderin.`,
  uk: (sender) =>
    `Не можу прочитати, що написав(ла) ${sender}: застосунок не передав мені ключ. Відповім, коли він надійде; інакше, будь ласка, надішліть ще раз.`,
  de: (sender) =>
    `Ich kann nicht lesen, was ${sender} hier geschrieben hat: Die App hat mir den Schlüssel nicht gegeben. Ich antworte, sobald er kommt; sonst senden Sie es bitte noch einmal.`,
  es: (sender) =>
    `No puedo leer lo que ${sender} escribió aquí: su aplicación no me ha dado la clave. Responderé cuando llegue; si no, envíelo de nuevo, por favor.`,
  fr: (sender) =>
    `Je ne peux pas lire ce que ${sender} a écrit ici : son application ne m’a pas donné la clé. Je répondrai quand elle arrivera ; sinon, veuillez l’envoyer de nouveau.`,
  ar: (sender) =>
    `لا أستطيع قراءة ما كتبه ${sender} هنا: لم يعطني تطبيقه المفتاح. سأجيب عندما يصل؛ وإلا فأعيدوا الإرسال من فضلكم.`,
  zh: (sender) => `我无法阅读 ${sender} 在此发送的内容：对方的应用没有把密钥给我。密钥到达后我会回答；否则请重新发送。`,
};

/** Said once in an encrypted room about somebody whose messages cannot be decrypted. */
export const unreadableText = (sender: string, lang: string): string => (UNREADABLE[lang] ?? UNREADABLE.en!)(sender);

const VERIFY: Record<string, string> = {
  en: 'I am verified from my operator’s terminal, while I am stopped. If that is you, run there and ask again: tocsin matrix verify --with anybody',
  ru: 'Меня подтверждают из терминала моего оператора, пока я остановлен. Если это вы, запустите там и спросите снова: tocsin matrix verify --with anybody',
  fa: 'تأیید من از پایانهٔ گرداننده‌ام انجام می‌شود، وقتی متوقفم. اگر شما هستید، آنجا اجرا کنید و دوباره درخواست دهید: tocsin matrix verify --with anybody',
  tr: 'Beni, durdurulmuşken, işletmecim uçbiriminden doğrular. O sizseniz orada çalıştırıp yeniden isteyin: tocsin matrix verify --with anybody',
  uk: 'Мене підтверджують із термінала мого оператора, поки мене зупинено. Якщо це ви, запустіть там і спитайте знову: tocsin matrix verify --with anybody',
  de: 'Ich werde vom Terminal meines Betreibers aus verifiziert, während ich stehe. Sind Sie das, dann starten Sie dort und fragen Sie noch einmal: tocsin matrix verify --with anybody',
  es: 'Me verifican desde la terminal de mi operador, mientras estoy detenido. Si es usted, ejecute allí y pida de nuevo: tocsin matrix verify --with anybody',
  fr: 'On me vérifie depuis le terminal de mon opérateur, pendant que je suis arrêté. Si c’est vous, lancez-y et redemandez : tocsin matrix verify --with anybody',
  ar: 'يجري التحقق مني من طرفية مشغّلي وأنا متوقف. إن كنتم أنتم، فشغّلوا هناك ثم اطلبوا من جديد: tocsin matrix verify --with anybody',
  zh: '验证在我的运营者的终端里进行，期间我须停止运行。如果是您，请在那里运行后再次发起：tocsin matrix verify --with anybody',
};

/** To somebody who asks to verify the running bot. */
export const verifyText = (lang: string): string => VERIFY[lang] ?? VERIFY.en!;

/** Above numbered commands, each to be asked for by a reaction or by typing it. */
export const reactOrTypeText = (lang: string): string => REACT_OR_TYPE[lang] ?? REACT_OR_TYPE.en!;
/** Before numbers and what they stand for. */
export const reactText = (lang: string): string => REACT[lang] ?? REACT.en!;

/** At the end of a message that was cut, by ISO 639-1; English where it is missing. */
export const cutText = (lines: number, lang: string): string => (CUT[lang] ?? CUT.en!)(lines);
