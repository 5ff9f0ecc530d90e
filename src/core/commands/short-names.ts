/**
 * What people type for services, for short and by ear, in ten languages; "|" between names. Too ambiguous for reading news, and so not in the
 * catalogue. The first that are codes of countries ("tg", "yt") mean the service in small letters.
 */
export const SHORT_NAMES: Readonly<Record<string, string>> = {
  whatsapp:
    'wa|wapp|whapp|whats app|wats app|what app|whatsup|вотс|вацап|ватцап|ватс ап|вотс ап|ватс апп|вотсапчик|зеленый мессенджер|wasap|wasapp|wassap|wazzap|guasap|wp|whatsapptan|واتس|واتزاپ|واتس آپ|واتسب|واتزاب|瓦次普',
  telegram:
    'tg|тг|телега|телегу|телеге|телегой|телеги|тележка|телеграмчик|тлг|telgraf uygulaması|tele gram|telega|телєга|تلگ|تلگرم|纸飞机',
  signal: 'сігнал|signalapp|پیامرسان سیگنال|signal 应用',
  viber: 'вібер|вайбор|viberi',
  facetime: 'фейс тайм|фэйс тайм|face time',
  messenger:
    'facebook messenger|fb messenger|мессенджер фейсбука|мессенджер фейсбук|месенджер фейсбук|месенджер facebook|مسنجر|مسنجر فیسبوک|فيسبوك ماسنجر|ماسنجر فيسبوك|messenger de facebook',
  skype: 'skayp',
  wechat: 'وی چت|we chat|вайчат|微 信',
  kakaotalk: 'какао ток|کاکائو تاک|كاكاو توك',
  zalo: 'зало',
  max: 'max messenger|messenger max|мессенджер макс|мессенджере макс|мессенджера макс|месенджер макс|мессенджер мах|месенджері макс|مکس|پیام رسان مکس|مسنجر مکس|ماكس|تطبيق ماكس|ماسنجر ماكس|max uygulaması|app max|max app|макс мессенджер',
  snapchat: 'اسنپ چت|اسنپ|سناب|снэп|色拉布|snap chat',
  facebook: 'fb|фб|фэйсбук|feis|feisbuk|face book|الفيس|فیس بوک|面书|фейсбучик',
  instagram: 'ig|insta|инста|инсте|инстик|інста|инстаграмм|اینستا|انستا|الانستا|انستقرام|الانستقرام|ins|instegram',
  odnoklassniki: 'ok|ок|ок ру|ok ru|одноклы',
  x: 'twtr|экс твиттер|x twitter|twitter x|икс твиттер',
  tiktok: 'tik tok|тик ток|тік ток|тикток|тікток|تیک تاک|تيك توك|tik tak|tiktoc',
  threads: 'тредс|тредсы|تردز|ثريدز|سردز',
  reddit: '红迪',
  vk: 'вк|вкашка|вконтакт|вконтакте|вконтакті|вк видео|vk video|فكونتاكتي|ویکی کنتاکت',
  clubhouse: 'کلاب هاوس|كلوب هاوس|club house|клаб хаус|клабхаус',
  mastodon: 'мастодон|ماستودون|长毛象',
  bluesky: 'blue sky|блюскай|блускай|بلواسکای|بلوسكاي|蓝天社交',
  pinterest: 'пінтерест|پینترست|بنترست|بينتريست',
  youtube: 'yt|you tube|ютуб|ютюб|утуб|ютубчик|youtub|yutub|yutup|یوتوب|يوتوب|优兔',
  netflix: 'нетфлікс|奈飞|netfliks',
  soundcloud: 'саунд клауд|ساند کلاود|ساوند كلاود',
  spotify: 'اسپاتیفای|声田|spoti|спотик',
  roblox: 'robloks',
  steam: 'стім|蒸汽',
  'epic-games': 'фортнайт|اپیک گیمز|ايبك قيمز|فورتنايت|堡垒之夜',
  pubg: 'пубг|吃鸡|绝地求生',
  wikipedia: 'wiki|вики|вікі|ویکی پدیا|维基|wikipedi',
  github: 'گیت هاب|جيتهاب|git hub|гит хаб',
  google: 'ґуґл|قوقل|gugl',
  'google-play':
    'гугл плэй|плей маркет|плеймаркет|play market|play store|متجر جوجل|متجر جوجل بلاي|بلاي ستور|谷歌商店|谷歌应用商店|谷歌商店应用',
  'app-store':
    'апстор|эпстор|аппстор|эпп стор|ап стор|آب ستور|اب ستور|متجر ابل|متجر آبل|苹果商店|苹果应用商店|apple store',
  gmail: 'гмейл|гмаил|谷歌邮箱|g mail',
  'google-meet': 'گوگل میت|جوجل ميت|meet google',
  vpn: 'впна|впне|впном|впны|впнов|впнка|вепеэн|випиэн|وی پی ان|في بي ان|فيبيان|梯子|v p n|vpn app',
  psiphon: 'сайфон',
  chatgpt: 'gpt|гпт|чат гпт|чат жпт|чат джипити|چت جی پی تی|چت جی‌پی‌تی|شات جبت|شات جي بي تي|chat gtp|chatgtp',
  deepseek: 'діпсік|دیپ سیک',
  zoom: 'зуме|зумом|зума|瞩目',
  teams: 'تیمز|تيمز|тимз',
  bbc: 'бибиси|би би си|бі бі сі|bbc persian|bbc russian|bbc world|bbc türkçe|bbc arabic|bbc mundo',
  dw: 'دویچه وله|دويتشه فيله|дойчевелле|немецкая волна|німецька хвиля',
  rferl: 'rfe|radio farda|azattyk|азаттык|радио свободу|радіо свободу|راديو الحرية|自由欧洲电台',
  themoscowtimes: 'москов таймс|莫斯科时报|مسکو تایمز|موسكو تايمز',
  meduza: 'مدوزا|ميدوزا|медузе',
  aljazeera: '半岛电视台|el cezire|el jazeera|aljazira',
  rt: 'روسیا الیوم|روسيا اليوم|راشا تودی|今日俄罗斯',
  sputnik: 'اسپوتنیک|سبوتنيك|卫星通讯社',
  nytimes: 'nyt|нью йорк таймс|نیویورک تایمز|نيويورك تايمز',
  pornhub: 'پورن هاب',
  tinder: 'تندر|探探国际',
  grindr: 'گریندر',
  onlyfans: 'اونلی فنز|اونلي فانز|онли фанс',
  paypal: 'پی پل|باي بال|贝宝|пай пал',
  yandex: 'yandeks|яндекса',
  'mail-ru': 'мейл ру|майл ру|мэйл ру',
};

/** The network itself, which is in no catalogue. */
export const NETWORK_NAMES =
  'internet|the internet|internet access|mobile internet|mobile data|cellular data|wifi|wi-fi|net|the net|web access|broadband' +
  '|интернет|инет|инэт|нет интернет|тырнет|мобильный интернет|мобильный инет|вайфай|вай фай|мобильная связь|интернетик' +
  '|інтернет|інет|мобільний інтернет|мобільний інет|мобільний зв’язок' +
  '|اینترنت|اینترنت همراه|اینترنت موبایل|دیتای موبایل|وای فای|إنترنت|الإنترنت|انترنت|النت|نت|إنترنت الهاتف|واي فاي|الواي فاي' +
  '|互联网|因特网|网络|移动网络|移动数据|手机网络|宽带|外网' +
  '|mobiles internet|netz|internetausfall|internetsperre|wlan|mobile daten|datennetz|handynetz|mobilfunknetz|internetzugang|internetverbindung' +
  '|internet móvil|datos móviles|conexión a internet|internet mobile|données mobiles|connexion internet|le net|mobil internet|mobil veri|internete|internetin';

/** Names that are ordinary words in one of the languages: meant only where no other service is named. */
export const WEAK_NAMES: Readonly<Record<string, string>> = {
  facebook: 'face|el face|le face|فيس|فیس',
  vk: 'контакт|контакте',
  discord: 'дис',
  rferl: 'свобода|свободу',
};
