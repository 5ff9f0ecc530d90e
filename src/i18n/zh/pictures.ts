import type { PicturePhrases } from '../../core/phrases/pictures.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { always } from '../plural.ts';

export const pictures: TextsOf<PicturePhrases> = {
  'picture.open': '已恢复',
  'picture.throttle': '限速',
  'picture.restrict': '部分受限',
  'picture.stale': '久无消息',
  'picture.none': '无报告',
  'picture.gap': '未观察',
  'picture.unsure': '矮条：尚未确定',
  'picture.period': '{from} – {to}',
  'picture.asOf': '截至{when}',
  'picture.columns': always('每列为 {n} 天'),
  'picture.rest': always('另有 {n} 行未显示'),

  'picture.alt': '时间线：{what}，{from}至{to}。',
  'picture.row': '{name}：{states}。',
  'picture.span': '{from}至{to}{state}',
  'picture.day': '{day}{state}',
  'picture.caption': '{what}：{from}至{to}',
};
