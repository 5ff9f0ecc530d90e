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
- فقط اندازه می‌گیرد و هرگز فیلتر را دور نمی‌زند.
- آنچه منتشر می‌شود کشور، شبکه و ساعت است، هرگز نشانی این دستگاه.
- برای توقف: برنامه را ببندید یا پرونده‌ای به نام STOP در پوشهٔ آن بسازید.`,
};

/** `lang`: as in LANG ("ru_RU.UTF-8"). */
export const consentText = (lang: string): string => TEXTS[lang.slice(0, 2).toLowerCase()] ?? TEXTS.en!;
