import type { HeadlinePhrases } from '../../core/phrases/headlines.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { always } from '../plural.ts';

export const headlines: TextsOf<HeadlinePhrases> = {
  headline: '{country}：{what}',

  'country.none': '未提及国家',
  'country.inPlaces': '{country}（部分地区）',

  'head.block': '{service} 已被封锁',
  'head.throttle': '{service} 被限速',
  'head.restrict': '{service} 部分功能受限',
  'head.shutdown': '{service} 已被切断',
  'head.unblock': '{service} 恢复使用',
  'head.warn': '{service} 可能很快被封',
  'head.withdrawn': '关于 {service} 的警报已撤回',
  'head.warnOver': '{service} 的封锁威胁已解除',

  'net.block': '{service}已被封锁',
  'net.throttle': '{service}被限速',
  'net.restrict': '{service}部分受限',
  'net.shutdown': '{service}已中断',
  'net.unblock': '{service}已恢复',
  'net.warn': '{service}可能很快中断',
  'net.withdrawn': '关于{service}的警报已撤回',
  'net.warnOver': '{service}的中断威胁已解除',

  'any.block': '有服务被封锁，未说明是哪些',
  'any.throttle': '有服务被限速，未说明是哪些',
  'any.restrict': '有服务部分受限，未说明是哪些',
  'any.shutdown': '有服务被切断，未说明是哪些',
  'any.unblock': '有服务恢复使用，未说明是哪些',
  'any.warn': '有服务可能很快被封，未说明是哪些',
  'any.withdrawn': '警报已撤回',
  'any.warnOver': '服务的封锁威胁已解除',

  'group.block': always('{n} 项服务已被封锁'),
  'group.throttle': always('{n} 项服务被限速'),
  'group.restrict': always('{n} 项服务部分受限'),
  'group.shutdown': always('{n} 个网络已中断'),
  'group.unblock': always('{n} 项服务恢复使用'),
  'group.warn': always('{n} 项服务可能很快被封'),
  'group.withdrawn': always('{n} 条警报已撤回'),
  'group.warnOver': always('{n} 项服务的封锁威胁已解除'),
  'group.mixed': always('{n} 项服务有变化'),

  'label.block': '已封锁',
  'label.throttle': '被限速',
  'label.restrict': '部分受限',
  'label.shutdown': '已切断',
  'label.unblock': '已恢复',
  'label.warn': '面临封锁',
  'label.withdrawn': '已撤回',
  'label.warnOver': '威胁解除',

  'list.more': always('另有 {n} 项'),
};
