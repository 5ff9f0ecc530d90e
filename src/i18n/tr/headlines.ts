import type { HeadlinePhrases } from '../../core/phrases/headlines.ts';
import type { TextsOf } from '../../core/ports/translate.ts';
import { unchanged } from '../plural.ts';

export const headlines: TextsOf<HeadlinePhrases> = {
  headline: '{country}: {what}',

  'country.none': 'Ülke belirtilmemiş',
  'country.inPlaces': '{country}, yer yer',

  'head.block': '{service} engellendi',
  'head.throttle': '{service} yavaşlatıldı',
  'head.restrict': '{service} kısmen kısıtlandı',
  'head.shutdown': '{service} kapatıldı',
  'head.unblock': '{service} yeniden çalışıyor',
  'head.warn': '{service} yakında kesilebilir',
  'head.withdrawn': '{service} uyarısı geri alındı',
  'head.warnOver': '{service} için tehdit kalktı',

  'net.block': '{service} engellendi',
  'net.throttle': '{service} yavaşlatıldı',
  'net.restrict': '{service} kısmen kısıtlandı',
  'net.shutdown': '{service} kesildi',
  'net.unblock': '{service} geri geldi',
  'net.warn': '{service} yakında kesilebilir',
  'net.withdrawn': '{service} uyarısı geri alındı',
  'net.warnOver': '{service} için kesinti tehdidi kalktı',

  'any.block': 'bazı hizmetler engellendi; hangileri olduğu belirtilmemiş',
  'any.throttle': 'bazı hizmetler yavaşlatıldı; hangileri olduğu belirtilmemiş',
  'any.restrict': 'bazı hizmetler kısmen kısıtlandı; hangileri olduğu belirtilmemiş',
  'any.shutdown': 'bazı hizmetler kapatıldı; hangileri olduğu belirtilmemiş',
  'any.unblock': 'bazı hizmetler yeniden çalışıyor; hangileri olduğu belirtilmemiş',
  'any.warn': 'bazı hizmetler yakında kesilebilir; hangileri olduğu belirtilmemiş',
  'any.withdrawn': 'uyarı geri alındı',
  'any.warnOver': 'hizmetler için tehdit kalktı',

  'group.block': unchanged('{n} hizmet engellendi'),
  'group.throttle': unchanged('{n} hizmet yavaşlatıldı'),
  'group.restrict': unchanged('{n} hizmet kısmen kısıtlandı'),
  'group.shutdown': unchanged('{n} ağ kesildi'),
  'group.unblock': unchanged('{n} hizmet yeniden çalışıyor'),
  'group.warn': unchanged('{n} hizmet yakında kesilebilir'),
  'group.withdrawn': unchanged('{n} uyarı geri alındı'),
  'group.warnOver': unchanged('{n} hizmet için tehdit kalktı'),
  'group.mixed': unchanged('{n} hizmette değişiklik var'),

  'label.block': 'Engellendi',
  'label.throttle': 'Yavaşlatıldı',
  'label.restrict': 'Kısmen kısıtlandı',
  'label.shutdown': 'Kesildi',
  'label.unblock': 'Yeniden çalışıyor',
  'label.warn': 'Tehdit altında',
  'label.withdrawn': 'Geri alındı',
  'label.warnOver': 'Tehdit kalktı',

  'list.more': unchanged('{n} tane daha'),
};
