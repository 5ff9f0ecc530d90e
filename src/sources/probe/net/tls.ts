import { createHash } from 'node:crypto';
import tls from 'node:tls';
import type { CertificateFacts, Flow, IpFamily, TlsOutcome } from '../../../core/judge/observations.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import { type Dialer, errnoOf } from './dial.ts';

/** Trust: made once, since reading some 150 root certificates takes longer than a handshake. */
export interface Trust {
  context: tls.SecureContext;
}

export interface HandshakeRequest {
  address: string;
  port: number;
  sni: string;
  /** Host names that the certificate must be good for: normally the SNI. */
  alpn?: string[];
  tcpMs: number;
  tlsMs: number;
}

export interface Handshake {
  flow: Flow;
  /** Open when `flow.tls` is `ok`; the caller destroys it. */
  socket: tls.TLSSocket | null;
  /** Bytes that came over the wire so far, encrypted ones as they come and not only in whole records; 0 without a connection. */
  wireBytes(): number;
}

const NO_BYTES = (): number => 0;

export const familyOf = (address: string): IpFamily => (address.includes(':') ? 6 : 4);

/** TCP, then a TLS handshake that accepts any certificate and reports what it thinks of it. Never throws. */
export async function handshake(
  dialer: Dialer,
  trust: Trust,
  request: HandshakeRequest,
  clock: Clock,
  signal: AbortSignal,
): Promise<Handshake> {
  const at = clock.now();
  const dialed = await dialer.dial(request.address, request.port, request.tcpMs, signal);
  const flow: Flow = {
    address: request.address,
    family: familyOf(request.address),
    port: request.port,
    sni: request.sni,
    at,
    tcp: dialed.tcp,
    tcpMs: dialed.ms,
    tls: null,
    tlsMs: null,
    serverBytes: 0,
    certificate: null,
    errno: dialed.tcp === 'ok' ? null : dialed.errno,
  };
  if (dialed.tcp !== 'ok') return { flow, socket: null, wireBytes: NO_BYTES };

  const raw = dialed.socket;
  const before = raw.bytesRead;
  const begin = clock.monotonic();
  return new Promise((resolve) => {
    const socket = tls.connect({
      socket: raw,
      servername: request.sni,
      secureContext: trust.context,
      rejectUnauthorized: false,
      ALPNProtocols: request.alpn ?? ['http/1.1'],
    });
    const finish = (outcome: TlsOutcome, errno: string | null): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.removeListener('error', onError);
      socket.removeListener('close', onClose);
      socket.on('error', () => undefined);
      flow.tls = outcome;
      flow.tlsMs = Math.round(clock.monotonic() - begin);
      flow.serverBytes = raw.bytesRead - before;
      flow.errno = errno;
      if (outcome === 'ok') {
        flow.certificate = certificateFacts(socket, request.sni);
        resolve({ flow, socket, wireBytes: () => raw.bytesRead });
        return;
      }
      socket.destroy();
      raw.destroy();
      resolve({ flow, socket: null, wireBytes: NO_BYTES });
    };
    const onError = (error: Error): void => {
      const code = errnoOf(error);
      if (code === 'ECONNRESET' || code === 'EPIPE')
        finish(/disconnected before/.test(error.message) ? 'eof' : 'reset', code);
      else finish(/ALERT/i.test(code) ? 'alert' : 'error', code);
    };
    const onClose = (): void => finish('eof', 'EOF');
    const onAbort = (): void => finish('error', 'ABORT');
    const timer = setTimeout(() => finish('timeout', 'ETIMEDOUT'), request.tlsMs);
    socket.once('secureConnect', () => finish('ok', null));
    socket.once('error', onError);
    socket.once('close', onClose);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

function certificateFacts(socket: tls.TLSSocket, name: string): CertificateFacts | null {
  const x = socket.getPeerX509Certificate?.();
  if (!x) return null;
  const cert = socket.getPeerCertificate(false);
  const wrongName = tls.checkServerIdentity(name, cert);
  const error = socket.authorized
    ? wrongName
      ? 'HOSTNAME_MISMATCH'
      : null
    : String(
        (socket.authorizationError as { code?: string } | null)?.code ?? socket.authorizationError ?? 'UNKNOWN',
      ).slice(0, 60);
  return {
    valid: error === null,
    error,
    issuer: nameOf(x.issuer),
    subject: nameOf(x.subject),
    sha256: createHash('sha256').update(x.raw).digest('hex'),
    spki: createHash('sha256')
      .update(x.publicKey.export({ type: 'spki', format: 'der' }))
      .digest('hex'),
  };
}

/** Common name, else the first line; control characters out, 120 characters at most. */
function nameOf(distinguished: string): string {
  const cn = /(?:^|\n)CN=([^\n]*)/.exec(distinguished)?.[1] ?? distinguished.split('\n')[0] ?? '';
  return cn.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ').slice(0, 120);
}
