import { bundledRegions } from '../../../src/config/catalogue.ts';
import type { Known } from '../../../src/core/model/catalogue.ts';
import type { Incident } from '../../../src/core/model/incident.ts';
import type { Inline, MessageDocument } from '../../../src/core/model/message.ts';
import type { Report } from '../../../src/core/model/report.ts';
import type { AlertView, IncidentWithReports } from '../../../src/core/render/alert.ts';
import { createTranslators } from '../../../src/i18n/index.ts';

export const catalogue = {
  services: [
    {
      id: 'whatsapp',
      name: 'WhatsApp',
      aliases: ['ватсап', 'вотсап', 'Whatsap', 'WhatsApp Messenger'],
      category: 'messenger',
    },
    { id: 'telegram', name: 'Telegram', aliases: ['телеграм', 'тг'], category: 'messenger' },
    { id: 'signal', name: 'Signal', aliases: ['сигнал'], category: 'messenger' },
    { id: 'max', name: 'MAX', aliases: ['Макс'], category: 'messenger', ofState: true },
    { id: 'line', name: 'LINE', aliases: ['Line messenger'], category: 'messenger' },
    { id: 'facebook', name: 'Facebook', aliases: ['FB', 'фейсбук'], category: 'social' },
    { id: 'instagram', name: 'Instagram', aliases: ['IG', 'инстаграм'], category: 'social' },
    { id: 'x', name: 'X (Twitter)', aliases: ['Twitter', 'X', 'твиттер'], category: 'social' },
    { id: 'vk', name: 'VK', aliases: ['ВКонтакте', 'ВК'], category: 'social' },
    { id: 'odnoklassniki', name: 'Odnoklassniki', aliases: ['OK.ru', 'Одноклассники'], category: 'social' },
    { id: 'youtube', name: 'YouTube', aliases: ['ютуб'], category: 'video' },
    { id: 'google', name: 'Google', aliases: ['Гугл', 'google.ru'], category: 'search' },
    { id: 'google-play', name: 'Google Play', aliases: ['Play Store'], category: 'app-store' },
    { id: 'dw', name: 'Deutsche Welle', aliases: ['DW', 'Немецкая волна'], category: 'media' },
    { id: 'rt', name: 'RT', aliases: ['Russia Today'], category: 'media' },
    { id: 'themoscowtimes', name: 'The Moscow Times', aliases: ['Moscow Times'], category: 'media' },
    { id: 'vpn', name: 'VPN services (class)', aliases: ['VPN', 'ВПН'], category: 'vpn' },
    { id: 'internet', name: 'Internet (whole network)', aliases: ['internet access', 'интернет'], category: 'network' },
  ],
};
export const translators = createTranslators(catalogue, bundledRegions());

export const at = (iso: string): number => Date.parse(iso);
export const NOW = at('2026-02-14T12:00:00Z');

export const incident = (over: Partial<IncidentWithReports> = {}): IncidentWithReports => ({
  id: 'RU-whatsapp-3f9k',
  country: 'RU',
  service: 'whatsapp',
  family: 'access',
  action: 'block',
  state: 'active',
  confidence: 'corroborated',
  liftConfidence: null,
  method: null,
  regions: [],
  openedAt: at('2026-02-12T11:05:00Z'),
  corroboratedAt: null,
  confirmedAt: null,
  closedAt: null,
  lastReportAt: at('2026-02-14T10:00:00Z'),
  linkedId: null,
  withdrawnBecause: null,
  open: true,
  version: 1,
  reports: [],
  ...over,
});

export const bare = (shown: IncidentWithReports): Incident => {
  const { reports, ...rest } = shown;
  void reports;
  return rest;
};

export const report = (over: Partial<Report> = {}): Report => ({
  id: `r-${over.voice ?? 'bbc'}-${over.at ?? 0}`,
  sourceId: 'feed',
  itemId: null,
  at: at('2026-02-12T11:05:00Z'),
  country: 'RU',
  service: 'whatsapp',
  action: 'block',
  method: null,
  region: null,
  secondary: false,
  kind: 'news',
  voice: 'bbc',
  title: 'Russia blocks WhatsApp',
  url: 'https://bbc.example/1',
  publisherName: 'BBC',
  lang: 'en',
  summary: '',
  measured: null,
  ...over,
});

export const measured = (networks: string[], over: Partial<Report> = {}): Report =>
  report({
    kind: 'measurement',
    voice: `network:${networks[0]}`,
    url: null,
    publisherName: 'Tocsin probe',
    title: 'sni_blocked:rst',
    measured: { strength: 'round-rule', networks, verdict: 'sni_blocked:rst', component: null },
    ...over,
  });

export const twoOutlets = [
  report(),
  report({ voice: 'dw', publisherName: 'DW', url: 'https://dw.example/2', at: at('2026-02-12T11:30:00Z') }),
];

/** Nothing is known of the country, and advice wanted by nobody. */
export const nothingKnown: Known = { works: [], measurements: () => 0, categoryOf: () => null, advises: () => false };
/** What is known of the country, and advice wanted. */
export const known = (over: Partial<Known> = {}): Known => ({
  ...nothingKnown,
  categoryOf: (service) => catalogue.services.find((one) => one.id === service)?.category ?? null,
  advises: () => true,
  ...over,
});

export const view = (incidents: IncidentWithReports[], over: Partial<AlertView> = {}): AlertView => ({
  alert: {
    id: 'a1',
    country: 'RU',
    level: 'corroborated',
    createdAt: NOW,
    notifiedAt: NOW,
    widenRepliedAt: null,
    incidents: incidents.map((one) => ({ incidentId: one.id, addedAt: NOW })),
  },
  incidents,
  known: nothingKnown,
  lang: 'en',
  timeZone: 'Europe/Moscow',
  now: NOW,
  ...over,
});

const inlineText = (inline: Inline[]): string =>
  inline
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      if ('bold' in piece) return inlineText(piece.bold);
      if ('italic' in piece) return inlineText(piece.italic);
      if ('code' in piece) return piece.code;
      return `${piece.text} <${piece.link}>`;
    })
    .join('');

/** A document as plain text, as the console would show it, buttons included. */
export function asText(document: MessageDocument): string {
  const lines: string[] = [];
  for (const block of document.blocks) {
    if (block.type === 'list') lines.push(...block.items.map((item) => `• ${inlineText(item)}`));
    else if (block.type === 'table') {
      if (block.head) lines.push(block.head.join(' · '));
      lines.push(...block.rows.map((row) => row.filter((cell) => cell !== '').join(' · ')));
    } else if (block.type === 'pre') lines.push(block.text);
    else lines.push(inlineText(block.inline));
  }
  for (const row of document.buttons) {
    lines.push(
      row.map(({ label, press }) => `[${label} → ${'command' in press ? press.command : press.url}]`).join(' '),
    );
  }
  return lines.join('\n');
}
