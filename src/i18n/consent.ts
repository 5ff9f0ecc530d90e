/** Shown before the first packet, in the language of the machine where we have it, else in English. */
const TEXTS: Record<string, string> = {
  en: `This machine will visit sites and services that may be forbidden where it stands, every few minutes, day and night. To whoever watches the
line it looks as if its owner did. Depending on the country that may have consequences for the owner of the machine and of the line.

- Run it only where the owners of the machine and of the line know of it and agree. Better a rented server than a home.
- It measures only; it never circumvents a block. It fetches front pages and a few hundred kilobytes an hour for each target.
- The centre gets verdicts with their observations. Published are country, network and hour, never the address of this machine.
- To stop: end this program, or make a file named STOP in its folder. The operator of the centre can stop it from outside, too.`,
  ru: `Эта машина будет каждые несколько минут, днём и ночью, обращаться к сайтам и сервисам, которые там, где она стоит, могут быть запрещены.
Для того, кто наблюдает за линией, это выглядит так, будто их посещает её владелец. В некоторых странах это может иметь последствия.

- Запускайте только там, где владельцы машины и линии знают об этом и согласны. Лучше арендованный сервер, чем домашний компьютер.
- Программа только измеряет и никогда не обходит блокировки. Она загружает главные страницы и несколько сотен килобайт в час на цель.
- Центр получает вердикты с наблюдениями. Публикуются страна, сеть и час, но никогда не адрес этой машины.
- Остановить: завершить программу или создать файл STOP в её папке. Оператор центра тоже может остановить её извне.`,
  fa: `این دستگاه هر چند دقیقه، شب و روز، به سایت‌ها و سرویس‌هایی سر می‌زند که شاید در محل آن ممنوع باشند. برای کسی که خط را زیر نظر دارد چنان است که
مالک آن چنین کرده باشد. در برخی کشورها این کار برای مالک دستگاه و خط پیامد دارد.

- تنها در جایی اجرا کنید که مالکان دستگاه و خط آگاه و موافق‌اند. سرور اجاره‌ای بهتر از خانه است.
- فقط اندازه می‌گیرد و هرگز فیلتر را دور نمی‌زند. صفحه‌های نخست و چند صد کیلوبایت در ساعت برای هر هدف دریافت می‌کند.
- مرکز نتیجه‌ها را همراه مشاهده‌ها می‌گیرد. آنچه منتشر می‌شود کشور، شبکه و ساعت است، هرگز نشانی این دستگاه.
- برای توقف: برنامه را ببندید یا پرونده‌ای به نام STOP در پوشهٔ آن بسازید. گردانندهٔ مرکز هم می‌تواند از بیرون آن را متوقف کند.`,
  tr: `Bu makine birkaç dakikada bir, gece gündüz, bulunduğu yerde yasak olabilecek sitelere ve hizmetlere bağlanacak. Hattı izleyen biri için
bunları sahibi ziyaret ediyor gibi görünür. Ülkeye göre bunun makinenin ve hattın sahibi için sonuçları olabilir.

- Yalnızca makinenin ve hattın sahipleri biliyor ve onaylıyorsa çalıştırın. Kiralık bir sunucu evden iyidir.
- Yalnızca ölçer; hiçbir engeli aşmaz. Her hedef için saatte birkaç yüz kilobayt ve ana sayfaları indirir.
- Merkez, gözlemleriyle birlikte sonuçları alır. Yayımlanan ülke, ağ ve saattir; bu makinenin adresi asla.
- Durdurmak için: programı kapatın ya da klasöründe STOP adlı bir dosya oluşturun. Merkezi işleten de dışarıdan durdurabilir.`,
  uk: `Ця машина кожні кілька хвилин, удень і вночі, звертатиметься до сайтів і сервісів, які там, де вона стоїть, можуть бути заборонені.
Для того, хто спостерігає за лінією, це виглядає так, ніби їх відвідує її власник. У деяких країнах це може мати наслідки.

- Запускайте лише там, де власники машини й лінії знають про це і згодні. Краще орендований сервер, ніж домашній компʼютер.
- Програма лише вимірює і ніколи не обходить блокувань. Вона завантажує головні сторінки й кілька сотень кілобайтів на годину на ціль.
- Центр отримує висновки зі спостереженнями. Оприлюднюються країна, мережа й година, але ніколи не адреса цієї машини.
- Зупинити: завершити програму або створити файл STOP у її теці. Оператор центру теж може зупинити її ззовні.`,
  de: `Dieser Rechner wird alle paar Minuten, Tag und Nacht, Seiten und Dienste aufrufen, die dort, wo er steht, verboten sein können. Wer die Leitung
beobachtet, für den sieht es aus, als täte es ihr Inhaber. Je nach Land kann das Folgen haben.

- Nur dort starten, wo die Inhaber von Rechner und Leitung davon wissen und einverstanden sind. Lieber ein gemieteter Server als zu Hause.
- Es wird nur gemessen, nie eine Sperre umgangen. Geladen werden Startseiten und einige hundert Kilobyte je Stunde und Ziel.
- Die Zentrale bekommt Urteile mit ihren Beobachtungen. Veröffentlicht werden Land, Netz und Stunde, nie die Adresse dieses Rechners.
- Anhalten: dieses Programm beenden oder in seinem Ordner eine Datei namens STOP anlegen. Auch der Betreiber der Zentrale kann es von außen anhalten.`,
  es: `Este equipo visitará cada pocos minutos, de día y de noche, sitios y servicios que pueden estar prohibidos donde se encuentra. A quien vigile la
línea le parecerá que lo hace su titular. Según el país, eso puede tener consecuencias.

- Ejecútelo solo donde los titulares del equipo y de la línea lo sepan y estén de acuerdo. Mejor un servidor alquilado que una casa.
- Solo mide; nunca elude un bloqueo. Descarga portadas y unos cientos de kilobytes por hora y objetivo.
- La central recibe veredictos con sus observaciones. Se publican país, red y hora, nunca la dirección de este equipo.
- Para pararlo: cierre este programa o cree un archivo llamado STOP en su carpeta. El operador de la central también puede pararlo desde fuera.`,
  fr: `Cette machine visitera toutes les quelques minutes, jour et nuit, des sites et des services qui peuvent être interdits là où elle se trouve.
Pour qui surveille la ligne, c’est comme si son titulaire le faisait. Selon le pays, cela peut avoir des conséquences.

- Ne la lancez que là où les propriétaires de la machine et de la ligne le savent et sont d’accord. Plutôt un serveur loué qu’un domicile.
- Elle ne fait que mesurer et ne contourne jamais un blocage. Elle charge des pages d’accueil et quelques centaines de kilo-octets par heure et par cible.
- Le centre reçoit des verdicts avec leurs observations. On publie le pays, le réseau et l’heure, jamais l’adresse de cette machine.
- Pour arrêter : fermez ce programme ou créez un fichier nommé STOP dans son dossier. L’opérateur du centre peut aussi l’arrêter de l’extérieur.`,
  ar: `سيزور هذا الجهاز كل بضع دقائق، ليلًا ونهارًا، مواقع وخدمات قد تكون ممنوعة حيث يوجد. ومن يراقب الخط يبدو له أن صاحبه هو من يفعل ذلك.
وقد تكون لذلك عواقب على صاحب الجهاز والخط بحسب البلد.

- شغّلوه فقط حيث يعلم أصحاب الجهاز والخط بذلك ويوافقون. خادم مستأجر أفضل من البيت.
- هو يقيس فقط ولا يتجاوز الحجب أبدًا. يحمّل صفحات رئيسية وبضع مئات من الكيلوبايت في الساعة لكل هدف.
- يتلقى المركز الأحكام مع مشاهداتها. ما يُنشر هو البلد والشبكة والساعة، ولا يُنشر عنوان هذا الجهاز أبدًا.
- للإيقاف: أنهوا هذا البرنامج أو أنشئوا ملفًا باسم STOP في مجلده. ويمكن لمشغّل المركز إيقافه من الخارج أيضًا.`,
  zh: `这台机器将每隔几分钟、不分昼夜地访问在其所在地可能被禁止的网站和服务。在监视线路的人看来，就像是线路的主人在访问。
在某些国家，这可能给机器和线路的主人带来后果。

- 只有在机器和线路的主人都知情并同意时才运行。租用的服务器比家里更合适。
- 它只做测量，从不绕过封锁。每个目标每小时下载首页和几百 KB 数据。
- 中心收到的是判断及其观测数据。公布的只有国家、网络和小时，绝不公布这台机器的地址。
- 要停止：结束本程序，或在其文件夹中创建名为 STOP 的文件。中心的运营者也可以从外部停止它。`,
};

/** `lang`: as in LANG ("ru_RU.UTF-8"). */
export const consentText = (lang: string): string => TEXTS[lang.slice(0, 2).toLowerCase()] ?? TEXTS.en!;
