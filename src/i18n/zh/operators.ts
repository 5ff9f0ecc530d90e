import type { OperatorPhrases } from '../../core/phrases/operators.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { always } from '../plural.ts';

export const operators: TextsOf<OperatorPhrases> = {
  'sources.head': always('{n} 个来源'),
  'sources.ok': '{age}前已读取',
  'sources.failing': '已 {age}没有响应：{problem}',
  'sources.waiting': '还没有读取',
  'sources.off': '已关闭：没有令牌',
  'sources.leftOut': '关注的内容超过了可向观测机构查询的数量。最少人要的被略去：{what}',
  'sources.leftOutMore': '关注的内容超过了可向观测机构查询的数量。最少人要的被略去：至少 {what}',
  'sources.leftOutCountries': always('{n} 个国家'),
  'sources.leftOutServices': always('{n} 项服务'),

  'agents.head': always('{n} 个测量点'),
  'agents.at': '{country}，{asn}：{state}',
  'agents.heard': '{age}前有消息',
  'agents.missing': '已 {age}没有动静',
  'agents.never': '还没有消息',
  'agents.stopping': '已停止；{state}',

  'sources.held': '已暂扣：一次的数量超过了真实事件',
  'sources.heldSince': always('{n} 份报告，已 {age}'),
  'sources.heldDropped': always('{state}；丢弃了 {n} 份更早的'),
  'sources.heldUsage': '这些没有通知任何人。如果属实，请让它们算数：{command}',
  'sources.released': always('{id} 的 {n} 份报告现在算数了。'),
  'sources.notHeld': '“{id}”没有被暂扣的内容。列表：{command}',

  'agents.dropped': always('{state}；缓存已满，丢失 {n} 批'),
  'agents.refused': always('{state}；{n} 次测量被拒（原因见日志）'),
  'agents.usage': '停止测量点：{stop}。继续：{start}',
  'agents.none': '我不知道测量点“{id}”。列表：{command}',
  'agents.stopped': '测量点 {id} 将在下次联系时（几分钟内）停止测量。继续：{command}',
  'agents.started': '测量点 {id} 将在下次联系时（几分钟内）恢复测量。',

  'retract.usage': '哪个事件，为什么？{command}',
  'retract.done': '{id} 已撤回。所有收到过的人都会得知，并看到您的理由。',
};
