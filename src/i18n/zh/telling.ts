import type { TellingPhrases } from '../../core/phrases/telling.ts';
import type { Texts } from '../../core/ports/translate.ts';
import { always } from '../plural.ts';

export const telling: Pick<Texts, keyof TellingPhrases> = {
  'noun.internet': '互联网',
  'noun.mobile': '移动网络',

  'place.one': '{country}{regions}',
  'place.several': '{regions}（{country}）',
  'place.many': always('{country}，{n} 个地区'),

  'place.unknown': '关于 {region} 本身我一无所知。{country}整体情况：',
  'network.seen': '目前被屏蔽的内容中，在该网络上测得：',
  'network.none': '据我所知，近期没有人在该网络上测到屏蔽。这并不表示那里一切正常。',
  'network.country': '整个国家：{command}',

  'part.calls': '{service} 的通话不能用',
  'part.media': '{service} 的图片和视频发不出去',
  'part.registration': '{service} 无法注册',
  'part.web': '{service} 在浏览器里打不开',
  'part.messages': '{what}，文字消息可以',

  'component.web': '网站或网页版',
  'component.calls': '通话',
  'component.media': '图片和视频',
  'component.registration': '注册',
  'component.bridges': '网桥',
  'component.persian': '波斯语版',
  'component.russian': '俄语版',
  'component.servers': '应用的服务器',

  'advice.works': '当地仍可使用：{services}。',
  'advice.unblocked': '据我所知，当地没有封锁：{services}。',
  'advice.calls': '可以发文字代替通话；普通电话也能用，但可能被人监听。',
  'advice.media': '文字仍能发出：请用文字描述图片的内容。',
  'advice.slow': '文字比图片和视频更容易发出；请稍后再试，或用 Wi-Fi 代替移动网络。',
  'advice.messenger': '请现在就告诉亲友还能怎样找到您：别的应用、电子邮件或电话。普通电话和短信可能被人监听和查看。',
  'advice.shutdown': '普通电话和短信可能还能用，但可能被人监听和查看。请节省电量，并约好什么时候再试。',
  'advice.mobile': '家里或单位的 Wi-Fi 可能还能用。电话和短信也许可以，但可能被人监听和查看。',
  'advice.site': '换一个网络也许还能打开：各家运营商的封锁方式和时间并不相同。',
  'advice.store': '如果已经装了这个应用，请不要删除：已安装的通常还能继续用。',
  'advice.warn': '目前什么都还没有切断。正好可以和亲友约定第二种联系方式。',

  'reply.lasted': '持续了 {duration}',

  'probe.own': '我们自己的测量（{network}）',
  'probe.agent': '测量点（{network}）',
};
