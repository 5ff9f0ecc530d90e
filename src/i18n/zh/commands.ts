import type { CommandPhrases } from '../../core/phrases/commands.ts';
import type { TextsOf } from '../../core/ports/translate.ts';

export const commands: TextsOf<CommandPhrases> = {
  'what.everything': '所有地方的所有服务',
  'what.country': '{country}：全部',
  'what.service': '{service}（所有国家）',
  'what.pair': '{country}：{service}',

  'error.unknown': '我不认识“{word}”这个命令。',
  'error.meant': '您是不是想输入 {command}？',
  'error.help': '我会做的一切：{command}',
  'error.admins': '只有管理员能更改本群的设置。提问人人都可以，例如 {command}',
  'error.readers': '这里收到什么由管理员决定。想要自己的警报，请私聊我。',
  'error.operators': '只有运营本机器人的人可以这样做。',
  'error.slow': '一下子太多了：您最后的几条命令没有执行。请半分钟后再发一次。',
  'error.unanswered': '这里的问题我没能全部回答。如果缺了什么，请一分钟后再问。',
  'error.failed': '我这边出了点问题，已记入日志。请一分钟后再试。',
  'error.word': '我不认识“{word}”。',
  'error.nearest': '我不认识“{word}”。您是不是指：{options}？',
  'error.ambiguous': '“{word}”可能指：{options}。是哪一个？',
  'error.nothing': '没有任何更改。',
  'error.targets': '请写出国家和服务，例如 {command}',

  'ask.hello': '您好！我知道各地有哪些网络服务被封，一有变化就会告诉您。',
  'ask.try': '直接问就行，例如：{example}',
  'ask.example': '“WhatsApp 在俄罗斯被封了吗？”',
  'ask.none': '这个我不懂：我只知道网上什么在哪里被封。',
  'ask.host': '我不认识 {host}：没有人向我提供它的消息，所以无法判断是否能访问。',
  'ask.where': '在哪个国家？例如 {command}',

  'help.head': '我会做什么',
  'help.more': '了解某个命令：{command}',
  'help.forms': '也可以写：{forms}',

  'about.what':
    'Tocsin 阅读新闻、官方名单和测量数据，当某个国家对某项服务或网络的访问发生变化时告诉您。它只属于运营它的人。',
  'about.sure': '有多确定？',
  'about.reported': '有报道：一家媒体的说法',
  'about.suspected': '疑似：测量结果像是如此；异常不等于封锁',
  'about.corroborated': '已核实：两家独立媒体、一份直接读到的官方公告，或我们自己在一个网络上的测量',
  'about.confirmed': '已确认：在多个网络上或用多种方式测得，或出现了封锁提示页',
  'about.marks': '🔴 已封锁 · 🟠 限速或部分受限 · ⚫ 网络中断 · 🟡 面临封锁 · 🟢 正常 · ❔ 未知 · ⚪ 已撤回',
  'about.privacy': '我只保存本聊天关注的内容、语言和时区，不保存您写的任何内容。全部删除：{command}',

  'ping.pong': '我在。',
  'ping.chat': '现在是 {time}（{zone}）。',
  'ping.you': '在配置中，您是 {id}。',
};
