import type { FirstPhrases } from '../../core/phrases/first.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { arabic } from '../plural.ts';

export const first: TextsOf<FirstPhrases> = {
  'first.zone': 'كم الساعة عندكم؟ عندئذ أكتب الأوقات كما تظهر على ساعتكم.',
  'first.zoneOther': 'مكان آخر: {command}',
  'first.heard': 'ما كنتم ستسمعونه في آخر 30 يومًا:',
  'first.messages': arabic('لا رسائل', 'رسالة واحدة', 'رسالتان', '{n} رسائل', '{n} رسالة', '{n} رسالة'),
  'first.nothing': 'لا شيء',
  'first.choose': 'ما درجة التأكد المطلوبة قبل أن أكتب؟',
  'first.none': 'في آخر 30 يومًا لا أعلم بشيء حدث هنا.',
};
