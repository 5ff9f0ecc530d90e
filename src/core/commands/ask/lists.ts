/** Words of plain sentences in ten languages: what a person wants, and what says nothing. Read as folded words (`keyOf`), "|" between them. */
import type { CommandName } from '../../phrases/commands.ts';
import { TWINS } from '../target-names.ts';

/** A request begins with one of these (in Turkish and Persian it may end with one); the longest counts. */
export const VERBS: Partial<Record<CommandName, string>> = {
  subscribe:
    'subscribe|sub|follow|watch|track|monitor|notify me|alert me|warn me|let me know|keep me posted|tell me when|tell me if|tell me once|tell me as soon as|ping me when|ping me if|write me when|sign me up' +
    '|подпиши|подпишите|подпиши меня|подписать|подписаться|следи|следите|следить|уведомляй|уведоми|уведомляйте|сообщай|сообщи|сообщайте|скажи когда|скажи если|напиши когда|напиши если|маякни|предупреди|предупреждай|оповещай|дай знать' +
    '|підпиши|підпишіть|підписати|підписатися|стеж|стежити|слідкуй|повідомляй|повідом|повідом коли|повідом якщо|скажи коли|напиши коли|сповіщай|попередь|дай знати' +
    '|abonniere|abonnieren|folge|folgen|beobachte|benachrichtige|benachrichtige mich|informiere mich|warne mich|sag mir bescheid|sag bescheid|gib bescheid|gib mir bescheid|melde dich' +
    '|suscríbeme|suscribirme|suscribir|suscribe|sigue a|seguir|seguir a|avísame|avisa|notifícame|alértame' +
    '|abonne moi|abonner|abonne|surveille|préviens moi|prévenez moi|avertis moi|alerte moi|notifie moi|tiens moi au courant|inscris moi' +
    '|abone et|abone ol|takip et|haber ver|bildir|uyar|مشترک کن|دنبال کن|خبر بده|خبرم کن|خبرم کن اگر|اطلاع بده|اشترک|اشترك|تابع|نبهنی|اخبرنی|اعلمنی' +
    '|订阅|关注|通知我|提醒我|帮我订阅|的时候告诉我|时告诉我|后告诉我|就告诉我|的话告诉我',
  unsubscribe:
    'stop|unsubscribe|unsub|unfollow|do not tell me|do not write me|do not send|don t tell me|don t write me|don t send|no more' +
    '|отпиши|отпишите|отписаться|отписать|хватит|перестань|не пиши|не присылай|не надо больше|отмени подписку|убери|убери уведомления|убрать' +
    '|відпиши|відпишіть|відписатися|досить|припини|перестань|не пиши|не надсилай|скасуй підписку' +
    '|stopp|stoppe|hör auf|abbestellen|bestelle ab|keine nachrichten mehr|keine meldungen mehr|schreib nicht mehr' +
    '|para de|deja de|dejar de|cancela|cancelar|anula|no me avises|no me escribas|désabonne moi|désabonner|arrête|arrêtez|stoppe|cesse de|ne m écris plus' +
    '|durdur|aboneliği iptal et|takibi bırak|takip etme|iptal et|لغو کن|لغو اشتراک|دنبال نکن|دیگر|دیگه|نفرست|توقف|اوقف|الغ|الغاء الاشتراک|لا ترسل' +
    '|取消订阅|取消关注|停止|别再|不要再',
  mute:
    'be quiet|quiet|mute|silence|hush|shut up|тихо|тише|заглуши|помолчи|замолчи|молчи|помовч|замовкни|мовчи|тихіше|sei still|ruhe|still|stumm|schweig|sei ruhig' +
    '|silencio|silencia|calla|cállate|silence|tais toi|taisez vous|sessiz ol|sus|sessize al|ساکت باش|ساکت|سکوت|بی صدا کن|اصمت|اسکت|اکتم|安静|静音|别吵',
  forget:
    'forget me|forget us|forget this chat|forget everything|delete my data|delete everything|erase me|забудь меня|забудь нас|забудь всё|удали мои данные|удали меня|забудь мене|забудь нас|видали мої дані' +
    '|vergiss mich|vergiss uns|lösche meine daten|olvídame|olvídanos|borra mis datos|oublie moi|oubliez moi|efface mes données|supprime mes données|beni unut|bizi unut|verilerimi sil' +
    '|من را فراموش کن|منو فراموش کن|فراموشم کن|داده های من را پاک کن|انسنی|احذف بیاناتی|امسح بیاناتی|忘记我|忘了我|删除我的数据',
  help:
    'help me|help|what can you do|how do you work|how does this work|что ты умеешь|что ты можешь|как ты работаешь|помоги|помощь|що ти вмієш|допоможи|допомога|was kannst du|hilfe|hilf mir' +
    '|qué puedes hacer|ayuda|ayúdame|que sais tu faire|que peux tu faire|aide|aide moi|ne yapabilirsin|yardım|yardım et|چه کار می توانی بکنی|کمک|راهنما|ماذا تستطیع|مساعده|ساعدنی|帮助|你能做什么|怎么用',
};

export const GREETINGS =
  'hi|hello|hey|hi there|hello there|good morning|good evening|good day|thanks|thank you|thx|привет|здравствуйте|здравствуй|добрый день|добрый вечер|доброе утро|спасибо|привіт|вітаю|добрий день|дякую' +
  '|hallo|guten tag|guten morgen|guten abend|servus|danke|hola|buenos días|buenas tardes|gracias|bonjour|salut|bonsoir|merci|merhaba|selam|günaydın|teşekkürler' +
  '|سلام|درود|ممنون|مرسی|مرحبا|السلام علیکم|اهلا|شکرا|你好|您好|谢谢|嗨';

/** Words that ask about access (beginnings of them): without one a country alone, in a sentence about something else, is none of our business. */
export const STATE_WORDS =
  'block|ban|work|down|open|access|cens|restrict|throttl|slow|shut|outage|reach|availab|cut|online|offline|load|status|news|unblock|disrupt|filter|blackout|vpn' +
  '|блок|заблок|разблок|розблок|работ|прац|доступ|запре|забор|огранич|обмеж|замедл|сповільн|уповільн|отключ|відключ|вимк|увімк|ввімк|откры|відкри|недоступ|ценз|глуш|лага|тормоз|гальм|лежит|лежить|упал|впав|сбо|збі|статус|новост|новин|шатдаун|глюч|закры|закри|связ|груз|включ' +
  '|gesperr|sperr|funktion|erreich|verfügb|offen|gedrossel|drossel|langsam|zensur|zensier|abgeschalt|ausfall|gestört|störung|geht|läuft|verbot|zugang|zugäng' +
  '|bloque|funcion|caíd|dispon|acces|abiert|abre|restring|lent|cort|prohib|apag|bloqu|marche|fonction|ouvert|restrei|ralenti|coup|interdi|panne|dispo' +
  '|engel|çalış|yasak|erişim|erişil|açık|açıl|kapal|kapat|kapan|yavaş|sansür|kesin|kesil|kesik|çök' +
  '|فیلتر|مسدود|قطع|وصل|باز|کار|دسترس|کند|بسته|اختلال|محدود|وضعیت|محجوب|حجب|تحجب|یعمل|تعمل|مقطوع|انقطع|مفتوح|بطی|متاح|محظور|حظر|شغال|یشتغل|معطل|وصول';

export const STATE_SIGNS = /[封禁断墙挂]|屏蔽|有网|没网|能上|打不开|能用|打开|限速|访问|上不了|正常|可用|恢复|状态/u;
/** "断网" names no network, and means it. */
export const OFFLINE_SIGNS =
  /断网|停网|断了网|[有没]网|没有网|上不了网|连不上网|(?:нет|нема|немає|без|пропала|пропал|зник|зникла|отключили|отрубили) (?:мобильн\p{L}+ |мобільн\p{L}+ )?(?:связи|связь|зв.?язку|зв.?язок|сети|мережі)/iu;

/** Words that say nothing: they are no codes of countries, no typing errors, and may stand in a request without making it doubtful. */
export const NOISE =
  'a an the is it its in at on to for from of off and or with about if when as me my i we us our you your he she they them this that these those there here so no not now right please can could would should will do does did done be been being am are was were has have had any some still already again yet just what whats which who why where how s t re ll d m ok okay hey hi hello thanks people someone somebody everyone there by up get gets got give send sending tell telling write writing news alerts alert messages updates notifications everything anything say speak talk switch want need like soon about over there today tonight currently really also too then than bot tocsin sir dear one more less all anybody comes come back returns return goes go rn bro yo pls plz wtf hell going happening use using it into' +
  ' а и но или не да же ли бы ещё еще уже тут там вот это эта этот то того тот что чего как где когда почему зачем кто у с со в во на за по из от до о об про для к ко мы вы я ты он она они мне меня мной нам нас вам вас ему ей её ее его их мой моя моё мои наш наша у неё нее сейчас теперь опять снова пожалуйста плиз можно можешь будет был была были есть нет все всё всем если или так такое вообще сегодня почему-то больше новости новостей уведомления сообщения сообщениями оповещения писать слать присылать говори давай хочу бот эй привет дела' +
  ' та й і або чи ні так вже ще тут там ось це цей ця те що чого як де коли чому навіщо хто у в з із зі на за по від до про для ми ви я ти він вона вони мені мене нам нас вам моя мій мої наш зараз тепер знову будь ласка можна можеш буде був була були є немає усі все якщо сьогодні більше новини повідомлення хочу бот привіт мали' +
  ' der die das den dem des ein eine einen einer ist sind hat haben wird werden kann können in im am an auf aus bei mit nach von vom zu zum zur über und oder nicht kein keine noch schon mal jetzt gerade da dort hier was wer wie wo wann warum wieso wenn ob ich mir mich du dir er sie es wir uns ihr man mein meine gibt bitte heute wieder auch mehr nachrichten meldungen bescheid auf für' +
  ' va mal bien el la los las un una unos de del al en y o u no si sí es está están hay que qué cómo como dónde donde cuándo cuando por para con se me mi mis te tu le lo su sus ya aún ahora sigue puede pueden favor quiero noticias avisos mensajes hoy más avisarme escribirme enviarme mandarme de ser fue' +
  ' le les des du de la l d un une et ou ne pas plus en au aux à a y il elle est es sont était ont que qu quoi qui où quand comment pourquoi pour avec sur dans par ce cet cette ça se s me m moi mon ma mes te t toi tu vous nous on là bas ici si encore toujours maintenant plait plaît écrire envoyer messages nouvelles alertes aujourd hui est-ce' +
  ' mi mı mu mü da de ta te ve ya bir bu şu o ne neden niye nasıl nerede kim var yok için ile mı hâlâ hala şimdi lütfen bana beni biz siz ben sen haber haberleri bildirim bildirimlerini bildirimleri mesaj mesajları bugün artık daha et ol' +
  ' در اگه اگر وقتی از به با و یا که را رو تو توی برای این آن ما من شما او چه چی چیه چرا کجا کی آیا است هست شد شده نیست می کند کنه میکنه میکند الان لطفا هنوز درباره خبر اخبار پیام کن نکن بده دیگر دیگه هم نفرست کنید' +
  ' هل فی من الی عن على مع هذا هذه ما ماذا لماذا لیش کیف متى این أو لا نعم هناک هنا انا انت لی عند اذا الان لو سمحت من فضلک بعد لم لن قد کل اخبار رسائل ارسال الکتابه شی';
export const NOISE_SIGNS =
  /^[的了吗呢吧啊在是我你他们请能不还有和现上在怎么样时候为什么再给发送消息新闻说用讲一下帮]+$/u;

/** Names in a sentence that are asked about, whatever the catalogue says: two Koreas, two Congos, the country and the state. */
export const DOUBTFUL: readonly (readonly [words: string, codes: readonly string[]])[] = [
  ...TWINS,
  ['georgia georgie', ['GE', 'US']],
];
