import type { PlacePhrases } from '../../core/phrases/place.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { always } from '../plural.ts';

export const place: TextsOf<PlacePhrases> = {
  'mute.over': '那次静音到 {when} 为止，已经过去了。现在没有静音。',

  'thread.whole': '这适用于整个群组及其所有话题。',
  'thread.follows': '本话题关注：',
  'thread.done': '好了！本话题关注：',
  'thread.already': '本话题已经关注：',
  'thread.ask': always('取消本话题的全部 {n} 项关注？群组的关注会保留。'),
  'thread.stopped': '好了。本话题不再有自己的关注。要回来：{command}',

  'error.adminsLevel': '在这个房间里需要权限等级 {needs}，您是 {has}。提问人人都可以，例如 {command}',
  'error.adminsNeeds': '在这个房间里需要权限等级 {needs}，刚才没能查到您的等级。提问人人都可以，例如 {command}',

  'missed.done': '我不在时您写了这些，现在已完成：',
  'missed.notDone': '这个没能完成：',
  'missed.tooOld': '这是一天多以前写的，所以没有执行：{commands}。如果还需要，请再写一次。',
  'missed.asked': '您提问时我不在：{commands}。请再问一次，我马上回答。',

  'moved.here': '房间已升级，我也一起过来了。',
};
