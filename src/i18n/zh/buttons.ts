import type { ButtonPhrases } from '../../core/phrases/buttons.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { always } from '../plural.ts';

export const buttons: TextsOf<ButtonPhrases> = {
  'button.country': '国家',
  'button.service': '服务',
  'button.everything': '全部',
  'button.done': '完成',
  'button.back': '‹ 返回',
  'button.place': '我的位置',
  'button.noPlace': '暂时不',
  'button.mine': '我的关注',
  'button.sure': '有多确定？',
  'button.yesStop': '是，全部取消',
  'button.yesForget': '是，全部删除',
  'button.no': '否',
  'button.follow': '关注 {what}',
  'button.unmute': '恢复通知',
  'button.help': '帮助',
  'button.settings': '‹ 设置',
  'button.next': '下一部分 ›',
  'button.days': always('{n} 天'),
  'button.evidence': '来源',
  'button.mute': '静音 8 小时',
  'button.muteCountry': '{country}：静音 8 小时',
  'button.status': '当前状态',
};
