/** News that ring: each rings once, for everybody. */
import type { FeedServer } from '../../fakes/feed-server.ts';

const COUNTRIES: [code: string, name: string][] = [
  ['RU', 'Russia'],
  ['TR', 'Turkey'],
  ['IR', 'Iran'],
  ['KZ', 'Kazakhstan'],
  ['VN', 'Vietnam'],
  ['UG', 'Uganda'],
  ['VE', 'Venezuela'],
  ['PK', 'Pakistan'],
  ['ET', 'Ethiopia'],
  ['BR', 'Brazil'],
  ['IN', 'India'],
  ['EG', 'Egypt'],
];
const SERVICES: [id: string, name: string][] = [
  ['whatsapp', 'WhatsApp'],
  ['telegram', 'Telegram'],
  ['viber', 'Viber'],
  ['discord', 'Discord'],
  ['facebook', 'Facebook'],
  ['instagram', 'Instagram'],
  ['tiktok', 'TikTok'],
  ['linkedin', 'LinkedIn'],
  ['reddit', 'Reddit'],
  ['youtube', 'YouTube'],
  ['twitch', 'Twitch'],
  ['vimeo', 'Vimeo'],
  ['netflix', 'Netflix'],
  ['spotify', 'Spotify'],
  ['soundcloud', 'SoundCloud'],
  ['roblox', 'Roblox'],
  ['wikipedia', 'Wikipedia'],
  ['skype', 'Skype'],
  ['pinterest', 'Pinterest'],
  ['quora', 'Quora'],
];
/** As many different changes as there are. */
export const BELLS = COUNTRIES.length * SERVICES.length;
const KEPT = 60;

/**
 * A feed that an authority publishes itself: one item there is enough to alert (`domain.md`), so each `ring` is one alert about one
 * incident, whose id begins with what it returns.
 */
export class Bell {
  readonly source: Record<string, unknown>;
  readonly rung: string[] = [];
  /** When the answer was written that first held the n-th change, ms since the epoch. */
  readonly #served: number[] = [];
  readonly #from: number;
  #items: string[] = [];

  /** `from`: the number of the first change. */
  constructor(feeds: FeedServer, options: { cron?: string; name?: string; from?: number } = {}) {
    this.#from = options.from ?? 0;
    const name = options.name ?? 'regulator';
    const url = `${feeds.url}/${name}`;
    this.source = {
      id: name,
      kind: 'rss',
      url,
      cron: options.cron ?? '* * * * * *',
      publisher: name,
      name: 'The regulator',
      lang: 'en',
      authority: true,
    };
    feeds.overrides.set(name, (request, response) => {
      const etag = `"${this.rung.length}"`;
      if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end();
      while (this.#served.length < this.rung.length) this.#served.push(performance.timeOrigin + performance.now());
      response.writeHead(200, { etag, 'content-type': 'application/rss+xml' });
      response.end(
        `<rss version="2.0"><channel><title>${name}</title><link>${url}</link><description>-</description>${this.#items.join('')}</channel></rss>`,
      );
    });
  }

  servedAt(n: number): number {
    return this.#served[n]!;
  }

  /** The n-th change: the beginning of its incident's id, as `RU-whatsapp-`. */
  ring(): string {
    const n = this.#from + this.rung.length;
    if (n >= BELLS) throw new Error('There are no more different changes');
    const [country, land] = COUNTRIES[n % COUNTRIES.length]!;
    const [service, called] = SERVICES[Math.floor(n / COUNTRIES.length)]!;
    const link = `https://regulator.example/${n}`;
    this.#items.unshift(
      `<item><title>${land} blocks ${called}</title><description>The regulator blocked access to ${called} in ${land}.</description><link>${link}</link><guid>${link}</guid><pubDate>${new Date().toUTCString()}</pubDate></item>`,
    );
    this.#items = this.#items.slice(0, KEPT);
    const id = `${country}-${service}-`;
    this.rung.push(id);
    return id;
  }
}
