import type { MenuPhrases } from '../../core/ports/phrases/menu.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const menu: TextsOf<MenuPhrases> = {
  'command.start': '从这里开始',
  'command.subscribe': '关注国家、服务，或两者',
  'command.unsubscribe': '取消关注',
  'command.subscriptions': '本聊天关注了什么',
  'command.status': '现在什么被封，机器人是否正常',
  'command.incident': '一个事件的经过和来源',
  'command.history': '以前什么被封过，持续多久',
  'command.mute': '暂时不发警报',
  'command.unmute': '结束静音',
  'command.settings': '本聊天的全部设置',
  'command.language': '本聊天的语言',
  'command.timezone': '本聊天的时区',
  'command.level': '有多确定才通知您',
  'command.help': '全部命令',
  'command.about': '这是什么，各种词语和标记的含义',
  'command.ping': '有人在吗？',
  'command.channel': '在私聊中设置频道',
  'command.export': '我保存的关于本聊天的一切',
  'command.forget': '删除关于本聊天的一切',
  'command.sources': '来源及其状态（运营者）',
  'command.retract': '撤回一个事件（运营者）',
};
