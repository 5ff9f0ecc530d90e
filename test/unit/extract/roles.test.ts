import { describe, expect, test } from 'vitest';
import { read } from './extractor.ts';

describe('which of the places named is the scene', () => {
  test.each([
    [
      'the war that the sites write about',
      'Kenya blocks Telegram over reports on the war in Ethiopia',
      '',
      'KE/telegram/block',
    ],
    ['a border', 'Kenyan operators block Facebook near the Somali border', '', 'KE/facebook/block'],
    ['initials before an authority: the scene', 'UK online safety regulator fines 4chan', '', 'GB/4chan/warn'],
    [
      'those who did so before',
      'Kenya blocks TikTok',
      'Kenya has joined India and Nepal in banning TikTok.',
      'KE/tiktok/block',
    ],
    [
      'of several in the text: the one in the title',
      'Kenya blocks TikTok',
      'Kenya blocks TikTok, India warns.',
      'KE/tiktok/block',
    ],
    [
      'a list in the lead is wider than the title',
      'Kenya plans to ban TikTok',
      'Kenya and Nepal proposed to ban TikTok.',
      'KE/tiktok/warn NP/tiktok/warn',
    ],
  ])('%s', (_name, title, summary, want) => expect(read(title, summary)).toBe(want));
});

describe('names that the catalogue lacks', () => {
  test.each([
    ['behind "access to"', 'Kenya blocks access to Zumbido, Karafu and other sites', '', 'KE/-/block'],
    ['a capital inside', 'Kenya: PamojaPress still blocked', 'The website cannot be opened.', 'KE/-/block'],
    ['a domain', 'Kenya blocks pamoja.press', 'The site published leaks.', 'KE/-/block'],
    ['a mosque', 'Kenya blocks access to Al-Zumbido mosque', 'Worshippers showed it on Telegram.', 'NO'],
    ['nothing online in the text', 'Kenya blocks access to Garissa', 'Roads are closed.', 'NO'],
    ['who measures is none', 'Kenya cuts internet', 'NetBlocks says access is cut.', 'KE/internet/shutdown'],
  ])('%s', (_name, title, summary, want) => expect(read(title, summary)).toBe(want));
});

describe('what holds the word "internet" and is no network', () => {
  test.each([
    ['resources', 'Kenya may block internet resources for censorship', 'KE/-/warn'],
    ['blocks of sites', 'Kenya widens internet blocks to football hours', 'KE/-/block'],
  ])('%s', (_name, title, want) => expect(read(title)).toBe(want));
});

describe('who does it, and where: no targets', () => {
  test.each([
    ['a provider is told to', 'Starlink told to block X in Kenya', '', 'KE/x/block'],
    ['the stores', 'Kenya blocks DeepSeek in Apple and Google stores', '', 'KE/deepseek/block'],
    [
      'who founded it',
      'Kenya blocks Current Time TV',
      'The site was launched by US-funded Voice of America.',
      'KE/currenttime/block',
    ],
    [
      'access to a site',
      'Kenya blocks internet access in the country to the website of Sputnik',
      '',
      'KE/sputnik/block',
    ],
  ])('%s', (_name, title, summary, want) => expect(read(title, summary)).toBe(want));
});

describe('the latest step is the state', () => {
  test.each([
    ['blocked again', 'Kenya unblocks, re-blocks social media amid Telegram talks', '', 'KE/-/block'],
    [
      'a title of two states',
      'Kenya restores social media, Telegram still blocked',
      'Social media access would be back soon, it said.',
      'KE/-/unblock KE/telegram/block',
    ],
    [
      'cut, before it came back',
      'Telegram was blocked in Kenya for hours before access was restored',
      '',
      'KE/telegram/unblock',
    ],
    ['a noun behind "before"', 'Telegram goes dark in Kenya hours before ban takes effect', '', 'KE/telegram/block'],
    [
      'ordered to restore, a court in the text',
      'Kenya: regulator ordered to restore access to Telegram',
      'The court gave it a week.',
      'KE/telegram/block',
    ],
  ])('%s', (_name, title, summary, want) => expect(read(title, summary)).toBe(want));
});

describe('shutdown of what', () => {
  test.each([
    ['of platforms', 'Kenya imposes social media blackout', '', 'KE/-/block'],
    [
      'of those in the title',
      'Telegram and TikTok go dark in Kenya',
      'The shutdown, ordered by the regulator, began at noon.',
      'KE/telegram/block KE/tiktok/block',
    ],
    ['of the network', 'Kenya imposes total shutdown', 'Telegram users lost their connection.', 'KE/internet/shutdown'],
  ])('%s', (_name, title, summary, want) => expect(read(title, summary)).toBe(want));
});

describe('who stands behind "by"', () => {
  test.each([['an authority', 'Telegram blocked by Kenyan regulator', 'KE/telegram/block']])(
    '%s',
    (_name, title, want) => expect(read(title)).toBe(want),
  );
});

describe('what stands near an act and is not its own', () => {
  test.each([
    ['an appeal behind a comma', 'Kenya blocks WhatsApp, urging users to move to Zumbido', 'KE/whatsapp/block'],
    [
      'banned content that is removed',
      'Kenya slows Telegram over failure to remove banned content',
      'KE/telegram/throttle',
    ],
    ['who is to do it', 'Kenya orders Cloudflare to block pirate sites', 'KE/-/block'],
    ['the tool', 'Kenyan voters back law to block foreign gambling websites', 'KE/-/warn'],
    [
      'a condition of the later act',
      'Kenya blocks Telegram over data leaks, to restore it if app complies',
      'KE/telegram/block',
    ],
    ['who came first', 'Kenya blocks Discord after Nepal', 'KE/discord/block'],
    ['channels, counted', 'Kenya blocks dozens of Telegram channels', 'KE/telegram/restrict'],
    ['who makes films', 'Kenya bans YouTuber from travelling', 'NO'],
    ['offices', 'Kenya orders TikTok to shut its offices', 'NO'],
  ])('%s', (_name, title, want) => expect(read(title)).toBe(want));
});
