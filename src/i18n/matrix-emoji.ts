/**
 * The 64 emoji of an interactive verification and what they are called, in their order. From the table of the Matrix specification
 * ("SAS method: emoji", sas-emoji of its data; Apache License 2.0, The Matrix.org Foundation), whose words other apps show as well; the
 * Turkish ones are our own, since it has none.
 */
const SIGNS =
  '🐶 🐱 🦁 🐎 🦄 🐷 🐘 🐰 🐼 🐓 🐧 🐢 🐟 🐙 🦋 🌷 🌳 🌵 🍄 🌏 🌙 ☁️ 🔥 🍌 🍎 🍓 🌽 🍕 🎂 ❤️ 😀 🤖 🎩 👓 🔧 🎅 👍 ☂️ ⌛ ⏰ 🎁 💡 📕 ✏️ 📎 ✂️ 🔒 🔑 🔨 ☎️ 🏁 🚂 🚲 ✈️ 🚀 🏆 ⚽ 🎸 🎺 🔔 ⚓ 🎧 📁 📌'.split(
    ' ',
  );

const NAMES: Record<string, string> = {
  en: `Dog|Cat|Lion|Horse|Unicorn|Pig|Elephant|Rabbit|Panda|Rooster|Penguin|Turtle|Fish|Octopus|Butterfly|Flower|
Tree|Cactus|Mushroom|Globe|Moon|Cloud|Fire|Banana|Apple|Strawberry|Corn|Pizza|Cake|Heart|Smiley|Robot|Hat|
Glasses|Spanner|Santa|Thumbs Up|Umbrella|Hourglass|Clock|Gift|Light Bulb|Book|Pencil|Paperclip|Scissors|Lock|
Key|Hammer|Telephone|Flag|Train|Bicycle|Aeroplane|Rocket|Trophy|Ball|Guitar|Trumpet|Bell|Anchor|Headphones|
Folder|Pin`,
  ar: `كلب|هِرَّة|أَسَد|حِصَان|حصان وحيد القرن|خِنزِير|فِيل|أَرنَب|باندَا|دِيك|بطريق|سُلحفاة|سَمَكة|أُخطُبُوط|
فَرَاشَة|زَهرَة|شَجَرَة|صبار|فُطر|كُرَةٌ أرضِيَّة|قَمَر|سَحابَة|نار|مَوزَة|تُفَّاحَة|فَراوِلَة|ذُرَة|بِيتزا|
كَعكَة|قَلب|اِبتِسَامَة|رُوبُوت|قُبَّعَة|نَظَّارَة|مِفتَاحُ رَبط|سانتا|رَفعُ إِبهَام|مِظَلَّة|
سَاعَةٌ رَملِيَّة|سَاعَة|هَدِيَّة|مِصبَاح|كِتَاب|قَلَمُ رَصاص|مِشبَكُ وَرَق|مِقَصّ|قُفل|مِفتَاح|مِطرَقَة|
تِلِفُون|عَلَم|قِطَار|دَرّاجَة|طَائِرة|صَارُوخ|كَأسُ النَّصر|كُرَة|غيتار|بُوق|جَرَس|مِرسَاة|سَمّاعَة رَأس|
مُجَلَّد|دَبُّوس`,
  de: `Hund|Katze|Löwe|Pferd|Einhorn|Schwein|Elefant|Hase|Panda|Hahn|Pinguin|Schildkröte|Fisch|Oktopus|Schmetterling|
Blume|Baum|Kaktus|Pilz|Globus|Mond|Wolke|Feuer|Banane|Apfel|Erdbeere|Mais|Pizza|Kuchen|Herz|Lächeln|Roboter|
Hut|Brille|Schraubenschlüssel|Weihnachtsmann|Daumen Hoch|Regenschirm|Sanduhr|Uhr|Geschenk|Glühbirne|Buch|
Bleistift|Büroklammer|Schere|Schloss|Schlüssel|Hammer|Telefon|Flagge|Zug|Fahrrad|Flugzeug|Rakete|Pokal|Ball|
Gitarre|Trompete|Glocke|Anker|Kopfhörer|Ordner|Stecknadel`,
  es: `Perro|Gato|León|Caballo|Unicornio|Cerdo|Elefante|Conejo|Panda|Gallo|Pingüino|Tortuga|Pez|Pulpo|Mariposa|Flor|
Árbol|Cactus|Seta|Globo|Luna|Nube|Fuego|Plátano|Manzana|Fresa|Maíz|Pizza|Tarta|Corazón|Emoticono|Robot|
Sombrero|Gafas|Llave inglesa|Papá Noel|Pulgar arriba|Paraguas|Reloj de arena|Reloj|Regalo|Bombilla|Libro|
Lápiz|Clip|Tijeras|Candado|Llave|Martillo|Teléfono|Bandera|Tren|Bicicleta|Avión|Cohete|Trofeo|Bola|Guitarra|
Trompeta|Campana|Ancla|Cascos|Carpeta|Alfiler`,
  fa: `سگ|گربه|شیر|اسب|تک شاخ|خوک|فیل|خرگوش|پاندا|خروس|پنگوئن|لاک‌پشت|ماهی|اختاپوس|پروانه|گل|درخت|کاکتوس|قارچ|زمین|
ماه|ابر|آتش|موز|سیب|توت فرنگی|ذرت|پیتزا|کیک|قلب|خنده|ربات|کلاه|عینک|آچار|بابا نوئل|لایک|چتر|ساعت شنی|ساعت|
هدیه|لامپ|کتاب|مداد|گیره کاغذ|قیچی|قفل|کلید|چکش|تلفن|پرچم|قطار|دوچرخه|هواپیما|موشک|جام|توپ|گیتار|شیپور|زنگ|
لنگر|هدفون|پوشه|سنجاق`,
  fr: `Chien|Chat|Lion|Cheval|Licorne|Cochon|Éléphant|Lapin|Panda|Coq|Manchot|Tortue|Poisson|Poulpe|Papillon|Fleur|
Arbre|Cactus|Champignon|Globe|Lune|Nuage|Feu|Banane|Pomme|Fraise|Maïs|Pizza|Gâteau|Cœur|Sourire|Robot|Chapeau|
Lunettes|Clé à molette|Père Noël|Pouce en l’air|Parapluie|Sablier|Réveil|Cadeau|Ampoule|Livre|Crayon|Trombone|
Ciseaux|Cadenas|Clé|Marteau|Téléphone|Drapeau|Train|Vélo|Avion|Fusée|Trophée|Ballon|Guitare|Trompette|Cloche|
Ancre|Casque audio|Dossier|Punaise`,
  ru: `Собака|Кошка|Лев|Лошадь|Единорог|Свинья|Слон|Кролик|Панда|Петух|Пингвин|Черепаха|Рыба|Осьминог|Бабочка|Цветок|
Дерево|Кактус|Гриб|Глобус|Луна|Облако|Огонь|Банан|Яблоко|Клубника|Кукуруза|Пицца|Торт|Сердце|Улыбка|Робот|
Шляпа|Очки|Ключ|Санта|Большой палец вверх|Зонт|Песочные часы|Часы|Подарок|Лампочка|Книга|Карандаш|Скрепка|
Ножницы|Замок|Ключ|Молоток|Телефон|Флаг|Поезд|Велосипед|Самолет|Ракета|Кубок|Мяч|Гитара|Труба|Колокол|Якорь|
Наушники|Папка|Булавка`,
  tr: `Köpek|Kedi|Aslan|At|Tek Boynuzlu At|Domuz|Fil|Tavşan|Panda|Horoz|Penguen|Kaplumbağa|Balık|Ahtapot|Kelebek|
Çiçek|Ağaç|Kaktüs|Mantar|Dünya|Ay|Bulut|Ateş|Muz|Elma|Çilek|Mısır|Pizza|Pasta|Kalp|Gülen Yüz|Robot|Şapka|
Gözlük|İngiliz Anahtarı|Noel Baba|Beğenme|Şemsiye|Kum Saati|Saat|Hediye|Ampul|Kitap|Kurşun Kalem|Ataş|Makas|
Kilit|Anahtar|Çekiç|Telefon|Bayrak|Tren|Bisiklet|Uçak|Roket|Kupa|Top|Gitar|Trompet|Zil|Çapa|Kulaklık|Klasör|
Raptiye`,
  uk: `Пес|Кіт|Лев|Кінь|Єдиноріг|Свиня|Слон|Кріль|Панда|Когут|Пінгвін|Черепаха|Риба|Восьминіг|Метелик|Квітка|Дерево|
Кактус|Гриб|Глобус|Місяць|Хмара|Вогонь|Банан|Яблуко|Полуниця|Кукурудза|Піца|Пиріг|Серце|Посмішка|Робот|
Капелюх|Окуляри|Гайковий ключ|Санта Клаус|Великий палець вгору|Парасолька|Пісковий годинник|Годинник|
Подарунок|Лампочка|Книга|Олівець|Спиначка|Ножиці|Замок|Ключ|Молоток|Телефон|Прапор|Потяг|Велосипед|Літак|
Ракета|Приз|М'яч|Гітара|Труба|Дзвін|Якір|Навушники|Тека|Кнопка`,
  zh: `狗|猫|狮子|马|独角兽|猪|大象|兔子|熊猫|公鸡|企鹅|乌龟|鱼|章鱼|蝴蝶|花|树|仙人掌|蘑菇|地球|月亮|云|火|香蕉|苹果|草莓|玉米|披萨|蛋糕|心|笑脸|机器人|帽子|眼镜|扳手|圣诞老人|赞|伞|沙漏|
时钟|礼物|灯泡|书|铅笔|回形针|剪刀|锁|钥匙|锤子|电话|旗帜|火车|自行车|飞机|火箭|奖杯|球|吉他|喇叭|铃铛|锚|耳机|文件夹|图钉`,
};

const named = (lang: string): string[] => (NAMES[lang] ?? NAMES.en!).replaceAll('\n', '').split('|');

interface Sign {
  emoji: string;
  name: string;
}

/** `index` 0 to 63; names in this language, English where it is not among ours. */
export function signOf(index: number, lang: string): Sign {
  return { emoji: SIGNS[index] ?? '?', name: named(lang)[index] ?? '?' };
}
