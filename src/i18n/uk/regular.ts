import type { RegularPhrases } from '../../core/phrases/regular.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { slavic } from '../plural.ts';

export const regular: TextsOf<RegularPhrases> = {
  'summary.head': slavic(
    'За тихі години — {n} зміна. Ось як воно зараз.',
    'За тихі години — {n} зміни. Ось як воно зараз.',
    'За тихі години — {n} змін. Ось як воно зараз.',
  ),
  'summary.lead': 'Це сталося в тихі години.',
  'digest.head.day': 'За добу — з того, за чим ви тут стежите',
  'digest.head.week': 'За тиждень — з того, за чим ви тут стежите',
  'digest.new': 'Нове:',
  'digest.over': 'Закінчилося:',
  'digest.open': 'Почалося раніше і триває:',
  'digest.nothing': 'Нічого не змінилося, і про нові блокування нічого не відомо.',
  'remind.head': slavic('Досі триває {n} подія:', 'Досі тривають {n} події:', 'Досі тривають {n} подій:'),
  'remind.for': 'уже {duration}',
  'remind.stop': 'Більше не нагадувати: {command}',
  'report.head': 'Спокійний тиждень',
  'report.what': 'З того, за чим ви тут стежите, нічого не змінилося — наскільки я бачу.',
  'report.open': slavic(
    'Ще з попереднього часу триває {n} подія: {command}',
    'Ще з попереднього часу тривають {n} події: {command}',
    'Ще з попереднього часу тривають {n} подій: {command}',
  ),
  'report.sources': slavic(
    'Читаю {n} джерело; відповідають {ok}.',
    'Читаю {n} джерела; відповідають {ok}.',
    'Читаю {n} джерел; відповідають {ok}.',
  ),
  'report.often': 'Половину з них — не рідше ніж раз на {age}.',
  'report.vantages': slavic('Сам вимірюю з {n} мережі.', 'Сам вимірюю з {n} мереж.', 'Сам вимірюю з {n} мереж.'),
  'report.dates': 'Відомі дати попереду:',
  'report.date': '{when}: {what}',
  'report.stop': 'Більше не надсилати такого: {command}',
};
