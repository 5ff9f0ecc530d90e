import type { FollowPhrases } from '../../core/phrases/follow.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { always } from '../plural.ts';

export const follow: TextsOf<FollowPhrases> = {
  'start.hello': '您好！我是 Tocsin，专门提醒网络封锁。',
  'start.what':
    '某个国家对某项服务或网络的访问一有变化，我就在这里告诉您：被封、限速、中断、恢复。而且总会说明有多确定。',
  'start.ask': '您想让我关注什么？',
  'start.type': '或者输入：{command}',
  'start.open': always('现在有 {n} 个进行中的事件，最新的：'),
  'start.none': '目前我没有得知新的封锁。某个国家长期封锁的内容，可以在它的状态里看到。',

  'subscribe.pick': '要我关注什么？请输入国家（{country}）、服务（{service}）、两者（{both}）或 {all}',
  'pick.country': '哪些国家？点选一个或多个：带 ✅ 的我已在关注。',
  'pick.service': '哪些服务？点选一个或多个：带 ✅ 的我已在关注。',
  'pick.search': '这里没有？直接输入名称即可。',
  'pick.type': '这里没有？请输入：{command}',
  'pick.typed': '选哪些？一条命令可以写多个：{command}',
  'pick.found': '找到这些，请点选：',
  'subscribe.done': '好了！我正在关注：',
  'subscribe.already': '这些我已经在关注：',
  'subscribe.open': '其中正在发生的：',
  'subscribe.none': '其中目前没有得知新的封锁。有变化我会告诉您。',
  'subscribe.standing': '据公开资料，长期受限：',
  'subscribe.tooMany': always('一个聊天最多关注 {n} 项。建议直接关注整个国家。'),
  'subscribe.when': '有多确定才通知 – {level}。更改：{command}',

  'line.since': '自 {when} 起',

  'channel.head': '频道“{title}”',
  'channel.none': '找不到我们都是管理员的频道“{name}”。请在那里把我设为可发消息的管理员，然后再试。',
  'channel.usage': '频道在这里设置，读者看不到。请在频道里把我设为可发消息的管理员，然后输入 {command}',

  'merged.nothing': '好了。本聊天现在什么都不关注。要关注：{command}',
  'merged.forgotten': '好了。我没有保存关于本聊天的任何内容。',

  'subscriptions.none': '本聊天还没有关注任何内容。从这里开始：{command}',
  'subscriptions.head': '本聊天关注：',
  'subscriptions.settings': '确定程度：{level} · 语言：{language} · 时区：{zone}',
  'subscriptions.muted': '已静音：{what}，到 {when}',
  'subscriptions.remove': '取消其中一项：{command}',

  'unsubscribe.ask': always('取消本聊天的全部 {n} 项关注？之后不会再收到任何消息。'),
  'unsubscribe.confirm': '要确认，请输入 {command}',
  'unsubscribe.done': '不再关注：',
  'unsubscribe.not': '本聊天没有关注：',
  'unsubscribe.still': '您仍会收到相关消息，因为本聊天关注：{what}。要完全不收：{command}',
  'unsubscribe.all': '好了。本聊天不再关注任何内容。要回来：{command}',

  'mute.usage': '对什么静音，多久？例如 {one}、{two} 或 {three}',
  'mute.done': '已静音到 {when}：{what}。',
  'mute.end': '提前结束：{command}',
  'mute.badTime': '我看不懂时间“{time}”。请写 8h、3d 或 until 18:00，最长一年。',
  'mute.tooMany': always('同时最多 {n} 项静音。'),

  'unmute.done': '又会通知您了：{what}。',
  'unmute.all': always('已结束 {n} 项静音。所有消息都会再通知您。'),
  'unmute.none': '这里没有静音。',
  'unmute.not': '没有静音：{what}',
  'unmute.which': '要恢复哪一项的通知？',
};
