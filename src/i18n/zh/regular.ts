import type { RegularPhrases } from '../../core/phrases/regular.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { always } from '../plural.ts';

export const regular: TextsOf<RegularPhrases> = {
  'summary.head': always('安静时段内：{n} 项变化。现在的情况如下。'),
  'summary.lead': '这发生在您的安静时段内。',
  'digest.head.day': '最近一天，您在这里关注的内容',
  'digest.head.week': '最近一周，您在这里关注的内容',
  'digest.new': '新发生：',
  'digest.over': '已结束：',
  'digest.open': '之前开始，仍在持续：',
  'digest.nothing': '没有变化，我也不知道有新的封锁。',
  'remind.head': always('仍在持续，{n} 起事件：'),
  'remind.for': '已 {duration}',
  'remind.stop': '不再提醒：{command}',
  'report.head': '平静的一周',
  'report.what': '就我所见，您在这里关注的内容没有变化。',
  'report.open': always('之前的 {n} 起事件仍未结束：{command}'),
  'report.sources': always('我读取 {n} 个来源；其中 {ok} 个有响应。'),
  'report.often': '其中一半至少每 {age} 读取一次。',
  'report.vantages': always('我有 {n} 个测量点在网络内部测量。'),
  'report.dates': '已知的日期：',
  'report.date': '{when}：{what}',
  'report.stop': '不再发送这种报告：{command}',
};
