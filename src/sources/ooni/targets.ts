import type { ServiceHosts } from '../../core/ports/service-hosts.ts';

/** What OONI measures of a service: a test of its own, or its sites by the general test of the web. */
export interface OoniTarget {
  service: string;
  test: string;
  /** Of `web_connectivity`: host names as OONI's test lists spell them. */
  domains: readonly string[];
}

const APPS: Readonly<Record<string, string>> = {
  whatsapp: 'whatsapp',
  telegram: 'telegram',
  signal: 'signal',
  messenger: 'facebook_messenger',
  tor: 'tor',
  psiphon: 'psiphon',
};

/** Host names of the catalogue's services, in the public test lists or likely to get there. */
const SITES: Readonly<Record<string, readonly string[]>> = {
  facebook: ['www.facebook.com'],
  instagram: ['www.instagram.com'],
  x: ['x.com', 'twitter.com'],
  tiktok: ['www.tiktok.com'],
  linkedin: ['www.linkedin.com'],
  reddit: ['www.reddit.com'],
  snapchat: ['www.snapchat.com'],
  pinterest: ['www.pinterest.com'],
  vk: ['vk.com'],
  odnoklassniki: ['ok.ru'],
  bluesky: ['bsky.app'],
  tumblr: ['www.tumblr.com'],
  quora: ['www.quora.com'],
  youtube: ['www.youtube.com'],
  twitch: ['www.twitch.tv'],
  vimeo: ['vimeo.com'],
  dailymotion: ['www.dailymotion.com'],
  rumble: ['rumble.com'],
  netflix: ['www.netflix.com'],
  soundcloud: ['soundcloud.com'],
  spotify: ['www.spotify.com', 'open.spotify.com'],
  roblox: ['www.roblox.com'],
  steam: ['store.steampowered.com'],
  wikipedia: ['www.wikipedia.org'],
  'internet-archive': ['archive.org', 'web.archive.org'],
  medium: ['medium.com'],
  substack: ['substack.com'],
  wattpad: ['www.wattpad.com'],
  github: ['github.com'],
  gitlab: ['gitlab.com'],
  google: ['www.google.com'],
  'google-news': ['news.google.com'],
  'google-translate': ['translate.google.com'],
  duckduckgo: ['duckduckgo.com'],
  'proton-mail': ['mail.proton.me', 'protonmail.com'],
  protonvpn: ['protonvpn.com'],
  nordvpn: ['nordvpn.com'],
  windscribe: ['windscribe.com'],
  chatgpt: ['chatgpt.com', 'chat.openai.com'],
  deepseek: ['chat.deepseek.com', 'www.deepseek.com'],
  claude: ['claude.ai'],
  discord: ['discord.com'],
  viber: ['www.viber.com'],
  skype: ['www.skype.com'],
  line: ['line.me'],
  wechat: ['www.wechat.com'],
  zoom: ['zoom.us'],
  bbc: ['www.bbc.com', 'www.bbc.co.uk'],
  dw: ['www.dw.com'],
  rferl: ['www.rferl.org', 'www.svoboda.org', 'www.radiofarda.com'],
  currenttime: ['www.currenttime.tv'],
  voa: ['www.voanews.com'],
  themoscowtimes: ['www.themoscowtimes.com'],
  meduza: ['meduza.io'],
  novayagazeta: ['novayagazeta.ru', 'novayagazeta.eu'],
  theinsider: ['theins.ru'],
  dozhd: ['tvrain.tv'],
  republic: ['republic.ru'],
  aljazeera: ['www.aljazeera.com'],
  rt: ['www.rt.com'],
  nytimes: ['www.nytimes.com'],
  hrw: ['www.hrw.org'],
  amnesty: ['www.amnesty.org'],
  patreon: ['www.patreon.com'],
  paypal: ['www.paypal.com'],
  binance: ['www.binance.com'],
  pornhub: ['www.pornhub.com'],
  grindr: ['www.grindr.com'],
  tinder: ['tinder.com'],
  truecaller: ['www.truecaller.com'],
  imgur: ['imgur.com'],
  duolingo: ['www.duolingo.com'],
};

/** Sites of one service that are asked for together. */
const MAX_SITES = 4;

/** By its own test, by the sites above, or by the domains that `hosts` knows of it; null where there are none. */
export function targetOf(service: string, hosts: Pick<ServiceHosts, 'domainsOf'> | null): OoniTarget | null {
  const test = APPS[service];
  if (test !== undefined) return { service, test, domains: [] };
  const domains = SITES[service] ?? hosts?.domainsOf(service).slice(0, MAX_SITES) ?? [];
  return domains.length === 0 ? null : { service, test: 'web_connectivity', domains };
}

/** Is there need for `hosts` to know what OONI measures of it? */
export const isListed = (service: string): boolean => service in APPS || service in SITES;

/** Services that a finding names by its tests and domains, each once. */
export function servicesNamed(
  tests: readonly string[],
  domains: readonly string[],
  hosts: Pick<ServiceHosts, 'find'>,
): string[] {
  const apps = Object.entries(APPS).flatMap(([service, test]) => (tests.includes(test) ? service : []));
  const sites = domains.flatMap((domain) => hosts.find(domain)?.service ?? []);
  return [...new Set([...apps, ...sites])];
}
