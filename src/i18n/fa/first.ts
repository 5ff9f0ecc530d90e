import type { FirstPhrases } from '../../core/phrases/first.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const first: TextsOf<FirstPhrases> = {
  'first.zone': 'آن‌جا که هستید ساعت چند است؟ آن وقت زمان‌ها را به ساعت شما می‌نویسم.',
  'first.zoneOther': 'جای دیگر: {command}',
  'first.heard': 'آنچه در ۳۰ روز گذشته می‌شنیدید:',
  'first.messages': unchanged('{n} پیام'),
  'first.nothing': 'هیچ',
  'first.choose': 'پیش از نوشتن چقدر مطمئن باشم؟',
  'first.none': 'در ۳۰ روز گذشته از چیزی که این‌جا رخ داده باشد خبر ندارم.',
};
