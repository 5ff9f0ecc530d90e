import type { EvidencePhrases } from '../../core/phrases/evidence.ts';
import type { Texts } from '../../core/ports/translate.ts';

export const evidence: Pick<Texts, keyof EvidencePhrases> = {
  'evidence.title': 'Картка події {id}',
  'evidence.times': 'Час, UTC ({zone})',
  'evidence.since': 'Почалося',
  'evidence.ended': 'Закінчилося',
  'evidence.last': 'Останнє повідомлення',
  'evidence.wording': 'Як змінювалося формулювання',
  'evidence.vantages': 'Де виміряно',
  'evidence.cite': 'Як послатися:',
  'evidence.citation': 'Tocsin, подія {id}: «{headline}», з {since}; станом на {made}, SHA-256 {hash}…',
  'evidence.hash': 'SHA-256 від JSON без madeAt і sha256: {hash}',
  'evidence.made': 'Складено {when}',
  'evidence.usage': 'Картку якої події? Її номер стоїть наприкінці кожного сповіщення: {command}',
  'evidence.other': 'Те саме для програм або для людей: {command}',
  'evidence.files': 'Картка, щоб зберегти: текстом і в JSON. За JSON можна перевірити контрольну суму.',
  'button.card': 'Картка',
  'button.text': 'Текстом',
};
