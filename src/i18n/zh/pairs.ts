import type { PairPhrases } from '../../core/phrases/pairs.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { always } from '../plural.ts';

export const pairs: TextsOf<PairPhrases> = {
  'pair.private': '{platform} 上的私聊',
  'pair.group': '{platform} 上的群组',
  'pair.channel': '{platform} 上的频道',

  'link.what':
    '当警报无法送达这里时，会发到另一个平台上的备用聊天：{platform} 连续五分钟不接收消息，或本聊天已不存在。如果该平台在您关注的国家新近被封锁或限速，或情况恶化，两边都会收到。',
  'link.how': '请在那边给我发送以下内容，仅可使用一次，有效时间 {time}：',
  'link.alone': '我不在其他平台上，因此没有可以连接的聊天。',
  'link.spare': '这里是备用聊天。主聊天：{other}。那边收不到的警报会发到这里。',
  'link.now': '目前两边都会收到警报，因为 {platform} 被封锁或限速（{country}）。',
  'link.bothOff': '仅在这里失效时发送，不同时发到两边：{command}',
  'link.bothOn': '该平台在您关注的国家新近被封锁时，两边都发送：{command}',
  'link.long': '{platform} 早已被封锁或限速（{country}），因此只有情况恶化时才会发到两边。始终发到两边：{command}',
  'link.always': '只要该平台仍被封锁或限速，无论多久，所有警报都会发到两边。仅在情况恶化时：{command}',
  'link.monthlyOff': '每月向那边发送一次测试。停止：{command}',
  'link.monthlyOn': '每月一次无害的测试：{command}',
  'link.end': '解除连接：{command}',
  'link.joined':
    '已连接。这里现在是备用聊天。主聊天：{other}。那边收不到的警报会发到这里；如果那个平台在其关注的国家新近被封锁，两边都会收到。',
  'link.asked':
    '我已在那边询问：管理员同意后（{other}），这里就成为备用聊天。那边的询问带有标记 {mark}，请勿同意其他询问。',
  'link.wrong': '我不认识这个代码。代码仅可使用一次，有效时间 {time}。如需新代码，请在主聊天中输入 {command}',
  'link.tries': '错误的代码太多。请一刻钟后再试。',
  'link.same': '这个代码是给您另一个聊天的：请在那边输入，不是这里。',
  'link.account': '备用聊天必须在另一个平台上：在这里它会与主聊天一同失效。',
  'link.taken': '其中一个聊天已与别的聊天连接。要解除，请在其中输入 {command}',
  'link.tested': '测试已发出。目的地：{other}。',
  'link.onlyMain': '这由主聊天决定，不在这里。',
  'unlink.done': '完成。本聊天已不再连接（{other}）。',
  'unlink.none': '本聊天未与任何聊天连接。更改：{command}',

  'notice.joined': '已连接。备用聊天：{other}。',
  'notice.notYou': '如果不是您本人操作，请断开：{command}',
  'notice.asks':
    '有人在别处输入了本群组的代码（{other}）。无法送达这里的警报会发到那边。是否正确？只有管理员可以同意。仅当那边显示标记 {mark} 时才同意。',
  'notice.agree': '同意：{command}',
  'notice.parted': '本聊天已不再连接（{other}）：这是那边的决定。',
  'notice.lost': '您的备用聊天（{other}）已无法送达，现在没有备用聊天。新建：{command}',
  'notice.heir': '您的主聊天（{other}）已无法送达。它所关注的内容从现在起由本聊天关注。更改：{command}',
  'notice.test': '这只是测试：什么也没有发生。如果主聊天（{other}）无法送达，您的警报就会发到这里。',
  'notice.announce': '来自本机器人运营者的消息',

  'via.failing': '因为 {platform} 当时不接收消息，所以发到这里。',
  'via.gone': '因为您在 {platform} 上的聊天已不存在，所以发到这里。',
  'via.country': '因为 {platform} 被封锁或限速（{country}），所以这里也发送。',

  'board.head': '本聊天关注的内容中，目前被切断的',
  'board.none': '据我所知，目前没有新的封锁。',
  'board.as': '更新于 {when}。我会保持此消息为最新。',
  'board.days': '逐日情况，{from} – {to}：',
  'board.unpinned': '我无权在这里置顶消息。请您自己置顶看板，或给我这项权限后再输入 {command}。',
  'board.off': '这里没有看板。看板是一条置顶消息，始终显示目前被切断的内容。开启：{command}',
  'board.on': '这里的看板会保持更新。停止：{command}',
  'board.made': '看板马上就来，并会保持更新。如果没有置顶，说明我没有权限：请您自行置顶。',
  'board.ended': '看板不再更新。',

  'error.adminsAs': '您以频道身份发言，我看不出您是否是这里的管理员。请以本人或本群组的身份发言。',

  'announce.usage': '要让所有人看到什么？请写在命令之后：{command}',
  'announce.ask': '这条消息将在所有警报之后发送给 {chats}：',
  'announce.confirm': '要发送，请在一刻钟内输入 {command}',
  'announce.long': '太长了：最多 {most} 个字符。没有发送任何内容。',
  'announce.sent': '正在发送给 {chats}。',
  'announce.gone': '这条消息已经发送，或等待过久。现在不发送任何内容。',

  'stats.chats': always('{n} 个聊天'),
  'stats.gone': '已结束：{chats}',
  'stats.pairs': '跨两个平台的聊天对：{count}',
  'stats.countries': '订阅：{count}。按国家：',

  'settings.pair': '备用聊天',
  'settings.noPair': '无',
  'button.bothAlways': '始终发到两边',
  'button.test': '发送测试',
  'button.unlink': '解除连接',
  'button.boardOn': '开启看板',
  'button.boardOff': '关闭看板',
  'button.agree': '同意',
  'button.yesSend': '是，发送',
};
