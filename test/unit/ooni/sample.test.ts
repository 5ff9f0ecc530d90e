import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lookedAt, methodOf, type Sampled } from '../../../src/core/judge/counts.ts';
import { sampledOf } from '../../../src/sources/ooni/ask.ts';
import { shapesLike } from '../../fakes/any-shape.ts';

const raw = (test_name: string, test_keys: Record<string, unknown>, over: Record<string, unknown> = {}) => ({
  test_name,
  test_keys,
  probe_asn: 'AS8359',
  software_version: '3.19.0',
  test_version: '0.5.0',
  measurement_start_time: '2026-02-11 09:00:00',
  annotations: { network_type: 'wifi', engine_version: '3.19.0' },
  ...over,
});
const web = (keys: Record<string, unknown>) => raw('web_connectivity', { blocking: 'dns', ...keys });
const answers = (...addresses: string[]) => ({
  queries: [{ answers: addresses.map((one) => (one.includes(':') ? { ipv6: one } : { ipv4: one })) }],
});

describe('what one measurement saw', () => {
  test.each<[string, unknown, string | null]>([
    [
      'WhatsApp: its registration',
      raw('whatsapp', { registration_server_failure: 'connection_reset' }),
      'connection_reset',
    ],
    [
      'WhatsApp: the registration before the web',
      raw('whatsapp', {
        registration_server_failure: 'a',
        whatsapp_web_failure: 'b',
        whatsapp_endpoints_status: 'blocked',
      }),
      'a',
    ],
    ['WhatsApp: the web', raw('whatsapp', { whatsapp_web_failure: 'generic_timeout_error' }), 'generic_timeout_error'],
    ['WhatsApp: the endpoints alone', raw('whatsapp', { whatsapp_endpoints_status: 'blocked' }), 'endpoints_blocked'],
    ['WhatsApp: all well', raw('whatsapp', { whatsapp_endpoints_status: 'ok' }), null],
    [
      'Telegram: the web',
      raw('telegram', { telegram_web_failure: 'dns_nxdomain_error', telegram_tcp_blocking: true }),
      'dns_nxdomain_error',
    ],
    [
      'Telegram: its addresses',
      raw('telegram', { telegram_web_failure: null, telegram_tcp_blocking: true }),
      'tcp_blocked',
    ],
    ['Telegram: a flag that is none', raw('telegram', { telegram_tcp_blocking: 'true' }), null],
    ['Signal', raw('signal', { signal_backend_failure: 'eof_error' }), 'eof_error'],
    [
      'Messenger: names before addresses',
      raw('facebook_messenger', { facebook_dns_blocking: true, facebook_tcp_blocking: true }),
      'dns_blocked',
    ],
    [
      'Messenger: addresses',
      raw('facebook_messenger', { facebook_dns_blocking: false, facebook_tcp_blocking: true }),
      'tcp_blocked',
    ],
    ['Messenger: neither', raw('facebook_messenger', {}), null],
    [
      'a site: names before pages',
      web({ dns_experiment_failure: 'dns_nxdomain_error', http_experiment_failure: 'x' }),
      'dns_nxdomain_error',
    ],
    ['a site: the page', web({ http_experiment_failure: 'connection_reset' }), 'connection_reset'],
    ['a site: what OONI calls it', web({ blocking: 'tcp_ip' }), 'tcp_ip'],
    ['a test without words of its own', raw('tor', { failure: 'unknown_failure' }), 'unknown_failure'],
    ['an empty word is none', raw('signal', { signal_backend_failure: '' }), null],
    ['a word without end is cut', raw('signal', { signal_backend_failure: 'x'.repeat(500) }), 'x'.repeat(80)],
  ])('%s: %s', (_name, body, failure) => {
    expect(sampledOf(body, false)?.failure).toBe(failure);
  });

  test.each<[unknown, string]>([
    ['AS8359', 'AS8359'],
    ['AS4200000000', 'AS4200000000'],
    ['AS0', 'AS0'],
    ['AS12345678901', 'AS0'],
    ['8359', 'AS0'],
    [8359, 'AS0'],
    ['AS8359; DROP', 'AS0'],
    [undefined, 'AS0'],
    [['AS8359', 'AS1'], 'AS0'],
    [{ toString: 1 }, 'AS0'],
  ])('the network %j: %s', (probe_asn, asn) => {
    expect(sampledOf(raw('tor', {}, { probe_asn }), false)?.asn).toBe(asn);
  });

  test('its version: of the program and of the test, a question mark where one is missing', () => {
    expect(sampledOf(raw('tor', {}), false)?.version).toBe('3.19.0 0.5.0');
    expect(sampledOf(raw('tor', {}, { software_version: null, test_version: 7 }), false)?.version).toBe('? ?');
  });

  test.each([null, undefined, 7, 'text', [], {}, { test_name: '' }, { test_name: 7 }])('%j: nothing in it', (body) => {
    expect(sampledOf(body, false)).toBeNull();
  });
});

describe('what says nothing of the country', () => {
  const signal = (over: Record<string, unknown>) =>
    raw('signal', { signal_backend_failure: 'ssl_unknown_authority' }, { test_version: '0.2.5', ...over });
  test.each<[string, unknown, boolean, Sampled['dropped']]>([
    ['through a VPN', raw('tor', {}, { annotations: { network_type: 'vpn' } }), false, 'vpn'],
    [
      'a VPN, with a filter besides: named by the VPN',
      raw('tor', answers('0.0.0.0'), { annotations: { network_type: 'vpn' } }),
      false,
      'vpn',
    ],
    ['every name leads nowhere', web(answers('0.0.0.0', '0.0.0.0')), false, 'local-filter'],
    ['nowhere in the new addresses', web(answers('::', '0.0.0.0')), false, 'local-filter'],
    ['one leads somewhere', web(answers('0.0.0.0', '10.10.34.36')), false, null],
    ['no name was answered', web(answers()), false, null],
    ['a filter, though confirmed', web(answers('0.0.0.0')), true, 'local-filter'],
    [
      'Signal 0.2.4, whenever',
      signal({ test_version: '0.2.4', measurement_start_time: '2022-01-01 00:00:00' }),
      false,
      'old-version',
    ],
    [
      'Signal 0.2.3 before the certificates changed',
      signal({ test_version: '0.2.3', measurement_start_time: '2023-05-01 00:00:00' }),
      false,
      null,
    ],
    ['Signal 0.2.3 after', signal({ test_version: '0.2.3' }), false, 'old-version'],
    [
      'Signal 0.2.3 at a time that is none',
      signal({ test_version: '0.2.3', measurement_start_time: 'yesterday' }),
      false,
      'old-version',
    ],
    ['Signal 0.2.10 is newer than 0.2.4', signal({ test_version: '0.2.10' }), false, null],
    [
      'Signal of an engine before the hosts changed',
      signal({ annotations: { engine_version: '3.17.1' } }),
      false,
      'old-version',
    ],
    ['Signal of an engine of just then', signal({ annotations: { engine_version: '3.17.2-beta' } }), false, null],
    ['Signal of an engine that is not named', signal({ annotations: {} }), false, 'old-version'],
    ['the same version of another test', raw('telegram', {}, { test_version: '0.2.4' }), false, null],
    [
      'WhatsApp: the web shows an odd status, all else is well',
      raw('whatsapp', { whatsapp_web_failure: 'http_unexpected_status_code' }),
      false,
      'status-only',
    ],
    [
      'WhatsApp: and its registration is blocked',
      raw('whatsapp', { whatsapp_web_failure: 'http_unexpected_status_code', registration_server_status: 'blocked' }),
      false,
      null,
    ],
    [
      'WhatsApp: and its endpoints are blocked',
      raw('whatsapp', { whatsapp_web_failure: 'http_unexpected_status_code', whatsapp_endpoints_status: 'blocked' }),
      false,
      null,
    ],
    ['a site: its control failed', web({ control_failure: 'generic_timeout_error' }), false, 'control-failed'],
    [
      'a site: its control failed, though confirmed',
      web({ control_failure: 'generic_timeout_error' }),
      true,
      'control-failed',
    ],
    ['a site: another page', web({ blocking: 'http-diff' }), false, 'page-differs'],
    ['a site: another page, which is a known block page', web({ blocking: 'http-diff' }), true, null],
    ['a site: not blocked', web({ blocking: false }), false, 'not-blocked'],
    ['a site: not told', web({ blocking: null }), false, 'not-blocked'],
    ['a site: not there', web({ blocking: undefined }), false, 'not-blocked'],
    ['a site: its name', web({ blocking: 'dns' }), false, null],
  ])('%s', (_name, body, isConfirmed, dropped) => {
    expect(sampledOf(body, isConfirmed)?.dropped).toBe(dropped);
  });

  test('whatever a stranger sends: read or not, within bounds, and nothing breaks', () => {
    const good = {
      ...raw('signal', { ...answers('0.0.0.0'), signal_backend_failure: 'x', blocking: 'dns', control_failure: 'x' }),
    };
    fc.assert(
      fc.property(shapesLike(good), fc.boolean(), (body, isConfirmed) => {
        const sampled = sampledOf(body, isConfirmed);
        if (sampled === null) return;
        expect(sampled.asn).toMatch(/^AS\d{1,10}$/);
        expect(sampled.version.length).toBeLessThanOrEqual(161);
        expect((sampled.failure ?? '').length).toBeLessThanOrEqual(80);
      }),
    );
  });
});

describe('a closer look at several', () => {
  const one = (asn: string, version: string, failure: string | null, dropped: Sampled['dropped'] = null): Sampled => ({
    asn,
    version,
    failure,
    dropped,
  });
  const dropped = one('AS9', '9', 'x', 'vpn');
  test.each<[string, Sampled[], string, string | null, string | null]>([
    ['two: not enough to be read', [one('AS1', 'a', 'f'), one('AS2', 'b', 'f')], 'unread', null, null],
    [
      'three that agree, from two networks and two versions',
      [one('AS1', 'a', 'f'), one('AS2', 'b', 'f'), one('AS2', 'b', 'g')],
      'holds',
      null,
      'f',
    ],
    [
      'three of five count: just enough',
      [one('AS1', 'a', 'f'), one('AS2', 'b', 'f'), one('AS3', 'b', 'f'), dropped, dropped],
      'holds',
      null,
      'f',
    ],
    [
      'three of six count: too few',
      [one('AS1', 'a', 'f'), one('AS2', 'b', 'f'), one('AS3', 'b', 'f'), dropped, dropped, dropped],
      'noise',
      'few-left',
      null,
    ],
    ['two of three count', [one('AS1', 'a', 'f'), one('AS2', 'b', 'f'), dropped], 'noise', 'few-left', null],
    [
      'one version of the program',
      [one('AS1', 'a', 'f'), one('AS2', 'a', 'f'), one('AS3', 'a', 'f')],
      'noise',
      'one-version',
      null,
    ],
    ['one network', [one('AS1', 'a', 'f'), one('AS1', 'b', 'f'), one('AS1', 'c', 'f')], 'noise', 'one-network', null],
    [
      'each network sees another failure',
      [one('AS1', 'a', 'f'), one('AS2', 'b', 'g'), one('AS3', 'c', 'h')],
      'noise',
      'mixed-failures',
      null,
    ],
    [
      'many of one network do not outvote two networks',
      [one('AS1', 'a', 'f'), one('AS1', 'a', 'f'), one('AS1', 'b', 'f'), one('AS2', 'b', 'g'), one('AS3', 'c', 'g')],
      'holds',
      null,
      'g',
    ],
    [
      'no failure is named by any: holds, without a word',
      [one('AS1', 'a', null), one('AS2', 'b', null), one('AS3', 'b', null)],
      'holds',
      null,
      null,
    ],
  ])('%s', (_name, sample, verdict, why, failure) => {
    expect(lookedAt(sample)).toEqual({ verdict, why, failure });
  });

  const any = fc.record({
    asn: fc.constantFrom('AS1', 'AS2', 'AS3'),
    version: fc.constantFrom('a', 'b'),
    failure: fc.constantFrom('f', 'g', null),
    dropped: fc.constantFrom<Sampled['dropped']>(null, null, null, 'vpn'),
  });
  test('any sample: it holds only where two networks saw what is named, and the order is no matter', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 8 }), (sample) => {
        const looked = lookedAt(sample);
        expect(lookedAt([...sample].reverse()).verdict).toBe(looked.verdict);
        if (looked.verdict !== 'holds') return;
        const seers = sample.filter((each) => each.dropped === null && each.failure === looked.failure);
        expect(new Set(seers.map(({ asn }) => asn)).size).toBeGreaterThanOrEqual(2);
      }),
    );
  });

  test.each<[string | null, string | null]>([
    ['dns_nxdomain_error', 'dns'],
    ['android_dns_cache_no_data', 'dns'],
    ['dns_blocked', 'dns'],
    ['connection_reset', 'sni'],
    ['ssl_failed_handshake', 'sni'],
    ['eof_error', 'sni'],
    ['tcp_blocked', 'ip'],
    ['endpoints_blocked', 'ip'],
    ['connection_refused', 'ip'],
    ['host_unreachable', 'ip'],
    ['http-diff', 'http'],
    ['generic_timeout_error', null],
    ['unknown_failure: dns_nxdomain_error', null],
    [null, null],
  ])('how %s cuts: %s', (failure, method) => expect(methodOf(failure)).toBe(method));
});
