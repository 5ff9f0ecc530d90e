import type { EvidencePhrases } from '../../core/phrases/evidence.ts';
import type { Texts } from '../../core/ports/translate.ts';

export const evidence: Pick<Texts, keyof EvidencePhrases> = {
  'evidence.title': '证据卡 {id}',
  'evidence.times': '时间（UTC，{zone}）',
  'evidence.since': '开始',
  'evidence.ended': '结束',
  'evidence.last': '最近一次报告',
  'evidence.wording': '措辞的变化',
  'evidence.vantages': '测量地点',
  'evidence.cite': '引用方式：',
  'evidence.citation': 'Tocsin，事件 {id}：“{headline}”，自 {since}；截至 {made}，SHA-256 {hash}…',
  'evidence.hash': '不含 madeAt 和 sha256 的 JSON 的 SHA-256：{hash}',
  'evidence.made': '生成于 {when}',
  'evidence.usage': '哪个事件的证据卡？编号在每条警报的末尾：{command}',
  'evidence.other': '同一内容的机器版或文字版：{command}',
  'evidence.files': '可保存的证据卡，文字版和 JSON。用 JSON 可以核对校验值。',
  'button.card': '证据卡',
  'button.text': '文字版',
};
