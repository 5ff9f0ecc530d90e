import type { IncidentPhrases } from '../../core/phrases/incidents.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { always } from '../plural.ts';

export const incidents: TextsOf<IncidentPhrases> = {
  'change.opened': '首次消息：{what}',
  'change.confidence-up': '更确定：{what}',
  'change.escalated': '恶化：{what}',
  'change.method-revealed': '得知方式：{what}',
  'change.widened': '影响范围扩大',
  'change.named': '已知是哪项服务',
  'change.claimed': '有一个来源称情况更严重，尚不确定',
  'change.easing': '有结束的迹象',
  'change.partly-lifted': '一部分已恢复',
  'change.lifted': '结束：已恢复',
  'change.lift-confidence-up': '更确定已结束：{what}',
  'change.resumed': '其实还没有结束',
  'change.withdrawn': '已撤回',
  'change.expired': '很久没有消息',

  'incident.none': '我不知道事件 {id}。编号在每条警报的末尾。',
  'incident.usage': '哪个事件？编号在每条警报的末尾：{command}',
  'incident.log': '经过',
  'incident.evidence': always('来源：{n} 份报告'),
  'incident.report': '{title}（{when}）',
  'incident.measured': '在 {networks} 测得：{verdict}（{when}）',
  'incident.anomaly': '单凭异常不能证明封锁。',
  'incident.copies': '同一文本的转载只算一次。',
  'incident.open': '相关事件：',

  'history.head': always('{what}，最近 {n} 天'),
  'history.none': always('最近 {n} 天我不知道有什么事件。这不等于“什么都没发生”。'),
  'history.span': '{from} – {to}',
  'history.longer': '查看更早的：{command}',
};
