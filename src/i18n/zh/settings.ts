import type { SettingsPhrases } from '../../core/phrases/settings.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { always } from '../plural.ts';

export const settings: TextsOf<SettingsPhrases> = {
  'level.early': '尽早：一有报道就通知，有些会是误报',
  'level.corroborated': '已核实：两家独立媒体、官方公告或测量',
  'level.confirmed': '已确认：只通知测量结果毫无疑问的',

  'settings.head': '本聊天的设置',
  'settings.language': '语言',
  'settings.timezone': '时区',
  'settings.level': '确定程度',
  'settings.zone': '{zone}（现在 {time}）',
  'settings.type': '要更改，请输入该行后面的命令并换成您的值。',

  'language.ask': '本聊天使用中文。更改：{command}',
  'language.done': '从现在起，我在这里说中文。',
  'language.unknown': '我还不会“{word}”这种语言。',

  'timezone.now': '这里的时间按 {zone}；现在是 {time}。',
  'timezone.ask': '要更改，请写一个城市：{command}',
  'timezone.done': '这里的时间现在按 {zone}；现在是 {time}。',
  'timezone.unknown': '我不知道时区“{word}”。',
  'timezone.share': '也可以在这里发送您的位置：我只保留时区。',
  'timezone.here': '下方的按钮会把您的位置发给我。我只保留时区，不保留位置。',
  'timezone.kept': '我只保留了时区，没有保留位置。',
  'timezone.others': '如果您的时钟显示的是其他时间，请点选您的：',
  'timezone.nowhere': '那个地方附近没有我认识的城市。',

  'level.now': '有多确定才通知 – {level}。',
  'level.done': '好了。有多确定才通知 – {level}。',
  'level.more': '现在还有这些，只是没那么确定：',
  'level.unknown': '我不知道“{word}”这个等级。',

  'export.head': '我保存的关于本聊天的一切，每行一条（JSON，时间为 UTC）：',
  'export.part': '第 {part} 部分，共 {parts} 部分。',
  'export.next': '下一部分：{command}',
  'export.rest': always('还有 {n} 条更早的没有列出。'),

  'forget.ask': '删除关于本聊天的一切：关注、静音、设置？之后不再有警报，也无法恢复。',
  'forget.confirm': '要确认，请输入 {command}',
  'forget.done': '关于本聊天的一切已删除。再见，保持联系。',
  'forget.nothing': '我没有保存关于本聊天的任何内容。',
};
