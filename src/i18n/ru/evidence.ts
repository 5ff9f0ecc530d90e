import type { EvidencePhrases } from '../../core/phrases/evidence.ts';
import type { Texts } from '../../core/ports/translate.ts';

export const evidence: Pick<Texts, keyof EvidencePhrases> = {
  'evidence.title': 'Карточка события {id}',
  'evidence.times': 'Время, UTC ({zone})',
  'evidence.since': 'Началось',
  'evidence.ended': 'Закончилось',
  'evidence.last': 'Последнее сообщение',
  'evidence.wording': 'Как менялась формулировка',
  'evidence.vantages': 'Где измерено',
  'evidence.cite': 'Как сослаться:',
  'evidence.citation': 'Tocsin, событие {id}: «{headline}», с {since}; по состоянию на {made}, SHA-256 {hash}…',
  'evidence.hash': 'SHA-256 от JSON без madeAt и sha256: {hash}',
  'evidence.made': 'Составлено {when}',
  'evidence.usage': 'Карточку какого события? Его номер стоит в конце каждого сообщения: {command}',
  'evidence.other': 'То же для программ или для людей: {command}',
  'evidence.files': 'Карточка, чтобы сохранить: текстом и в JSON. По JSON можно проверить контрольную сумму.',
  'button.card': 'Карточка',
  'button.text': 'Текстом',
};
