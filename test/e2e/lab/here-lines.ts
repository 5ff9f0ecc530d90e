/**
 * Lines as the page `/here` meets them in the lab, with what a person should read there. Written before any of them was run; what a row expects is what is
 * true of that line, not what the page says of it.
 */
export interface HereRow {
  name: string;
  scenario: string;
  /** Of the lab. */
  service?: string;
  /** What may be said of the line: the first is the best word for it. */
  line: readonly string[];
  /** What is said of services beside "works"; of each, what may be said. Where the line is at fault, none is named. */
  services?: Readonly<Record<string, readonly string[]>>;
  /** Nothing at all may be named as failing, slow or partly open. */
  innocent?: true;
}

const FAILS = ['fails'];
export const HERE_ROWS: readonly HereRow[] = [
  { name: 'nothing wrong', scenario: 'clean', line: ['fine'], innocent: true },
  {
    name: 'nothing wrong, other addresses (geo DNS)',
    scenario: 'geo_dns',
    service: 'freepress',
    line: ['fine'],
    innocent: true,
  },
  {
    name: 'nothing wrong, the site has moved',
    scenario: 'site_moved',
    service: 'openchat',
    line: ['fine'],
    innocent: true,
  },
  { name: 'nothing wrong, no IPv6 at all', scenario: 'no_v6', line: ['fine'], innocent: true },
  {
    name: 'IPv6 of one service alone is broken',
    scenario: 'ip_v6_drop',
    service: 'tubecast',
    line: ['fine'],
    innocent: true,
  },
  { name: 'UDP vanishes, QUIC with it', scenario: 'quic_all', line: ['fine'], innocent: true },
  {
    name: 'DNS: there is no such name',
    scenario: 'dns_nxdomain',
    service: 'freepress',
    line: ['fine'],
    services: { dw: FAILS },
  },
  {
    name: 'DNS: the address of a block page',
    scenario: 'dns_hijack_to_blockpage',
    service: 'freepress',
    line: ['fine'],
    services: { dw: FAILS },
  },
  { name: 'DNS: 127.0.0.1', scenario: 'dns_bogon', service: 'freepress', line: ['fine'], services: { dw: FAILS } },
  { name: 'DNS: no answer', scenario: 'dns_timeout', service: 'freepress', line: ['fine'], services: { dw: FAILS } },
  { name: 'DNS: refused', scenario: 'dns_refused', service: 'freepress', line: ['fine'], services: { dw: FAILS } },
  {
    name: 'DNS: a box with a false certificate',
    scenario: 'dns_hijack_mitm',
    service: 'freepress',
    line: ['fine'],
    services: { dw: FAILS },
  },
  {
    name: 'DNS: injected before the true answer',
    scenario: 'dns_inject_race',
    service: 'freepress',
    line: ['fine'],
    services: { dw: FAILS },
  },
  { name: 'addresses: dropped', scenario: 'ip_drop', service: 'freepress', line: ['fine'], services: { dw: FAILS } },
  { name: 'addresses: refused', scenario: 'tcp_rst', service: 'freepress', line: ['fine'], services: { dw: FAILS } },
  { name: 'the name: reset', scenario: 'sni_rst', service: 'birdsite', line: ['fine'], services: { x: FAILS } },
  { name: 'the name: silence', scenario: 'sni_drop', service: 'birdsite', line: ['fine'], services: { x: FAILS } },
  {
    name: 'the name: silence, and the address stays dead',
    scenario: 'sni_residual_drop',
    service: 'freepress',
    line: ['fine'],
    services: { dw: FAILS },
  },
  {
    name: 'one of the two hosts of a service is cut',
    scenario: 'sni_rst',
    service: 'openchat',
    line: ['fine'],
    services: { telegram: ['partly'] },
  },
  {
    name: 'half of the handshakes with the name are reset',
    scenario: 'sni_half',
    service: 'freepress',
    line: ['fine'],
    services: { dw: ['works', 'unclear'] },
  },
  {
    name: 'slowed down to 130 kbit/s',
    scenario: 'throttle',
    service: 'birdsite',
    line: ['fine'],
    services: { x: ['slow'] },
  },
  {
    name: 'the front page is missing for everybody',
    scenario: 'site_404',
    service: 'freepress',
    line: ['fine'],
    innocent: true,
  },
  {
    name: 'the server is slow for everybody',
    scenario: 'slow_server',
    service: 'tubecast',
    line: ['fine'],
    services: { youtube: ['slow'] },
  },
  {
    name: 'the service is down for everybody',
    scenario: 'server_down',
    service: 'freepress',
    line: ['fine'],
    services: { dw: FAILS },
  },
  {
    name: 'a block page over plain HTTP alone',
    scenario: 'http_blockpage',
    service: 'freepress',
    line: ['fine'],
    innocent: true,
  },
  {
    name: 'a sign-in stands before everything',
    scenario: 'portal',
    line: ['portal', 'line', 'unclear'],
    innocent: true,
  },
  {
    name: 'a sign-in on port 80, the rest refused',
    scenario: 'portal_http',
    line: ['portal', 'line', 'unclear'],
    innocent: true,
  },
  { name: 'the own line swallows everything', scenario: 'client_offline', line: ['line', 'offline'], innocent: true },
  { name: 'the cable is out', scenario: 'link_down', line: ['offline', 'line'], innocent: true },
  { name: 'every connection is refused', scenario: 'offline_rst', line: ['line', 'offline'], innocent: true },
  { name: 'the resolver is silent about everything', scenario: 'dns_dead', line: ['line', 'unclear'], innocent: true },
  { name: 'the border is cut, the country goes on', scenario: 'here_border', line: ['border'], innocent: true },
  { name: 'the border is cut', scenario: 'here_border_all', line: ['border'], innocent: true },
  {
    name: 'the hosts abroad that are asked beside are blocked',
    scenario: 'references_blocked',
    line: ['controls'],
    innocent: true,
  },
  { name: 'one of them is blocked', scenario: 'reference_blocked', line: ['fine'], innocent: true },
  { name: 'the host of the country is cut', scenario: 'here_home_cut', line: ['fine'], innocent: true },
  { name: 'a fifth of all packets is lost', scenario: 'loss20', line: ['fine', 'shaky', 'controls'], innocent: true },
  { name: 'the whole line crawls', scenario: 'crawl', line: ['fine', 'shaky', 'controls', 'line'], innocent: true },
  {
    name: 'a service that sends its guests elsewhere',
    scenario: 'here_leads',
    service: 'freepress',
    line: ['fine'],
    innocent: true,
  },
  {
    name: 'a service that answers nothing but an error',
    scenario: 'site_503',
    service: 'freepress',
    line: ['fine'],
    innocent: true,
  },
];
