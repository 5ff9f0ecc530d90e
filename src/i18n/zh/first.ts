import type { FirstPhrases } from '../../core/phrases/first.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { always } from '../plural.ts';

export const first: TextsOf<FirstPhrases> = {
  'first.zone': '您那里现在几点？这样我就按您的钟表写时间。',
  'first.zoneOther': '其他地方：{command}',
  'first.heard': '过去 30 天您会听到：',
  'first.messages': always('{n} 条消息'),
  'first.nothing': '没有',
  'first.choose': '我要有多确定才告诉您？',
  'first.none': '过去 30 天，我不知道这里发生过什么。',
};
