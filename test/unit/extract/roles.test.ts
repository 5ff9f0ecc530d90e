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
    ['initials before a noun: whose it is', 'Nepal fines US messaging platform Telegram', '', 'NP/telegram/warn'],
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
    ['nothing online in the text', 'Kenya blocks access to Garissa', 'Roads are closed.', 'NO'],
    ['who measures is none', 'Kenya cuts internet', 'NetBlocks says access is cut.', 'KE/internet/shutdown'],
  ])('%s', (_name, title, summary, want) => expect(read(title, summary)).toBe(want));
});

describe('what holds the word "internet" and is no network', () => {
  test.each([
    ['resources', 'Kenya may block internet resources for censorship', 'KE/-/warn'],
    ['blocks of sites', 'Kenya widens internet blocks to football hours', 'KE/-/block'],
    ['the regulator', 'Kenya: internet censor blocks Telegram', 'KE/telegram/block'],
    ['a forum', 'Kenya blocks internet forum 4chan', 'KE/4chan/block'],
  ])('%s', (_name, title, want) => expect(read(title)).toBe(want));
});
