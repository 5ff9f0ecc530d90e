/**
 * What one probe round saw, before anybody judges it: facts that go into JSON as they are and are kept beside the verdict, so that
 * it can be computed again when the rules change. Never holds a page body, only its length, hash and title,
 * and of a known block page the words that tell it. Times are milliseconds.
 */
export type IpFamily = 4 | 6;

/** `unavailable`: the helper itself could not be used, so the flow says nothing about the site. */
export type TcpOutcome = 'ok' | 'timeout' | 'refused' | 'reset' | 'unreachable' | 'error' | 'unavailable';
export type TlsOutcome = 'ok' | 'timeout' | 'reset' | 'eof' | 'alert' | 'error';

export interface CertificateFacts {
  /** Chain and name are good for the name asked for. */
  valid: boolean;
  /** Why not, in OpenSSL's word (`CERT_HAS_EXPIRED`), else null. */
  error: string | null;
  /** Common name (or organisation) of the issuer; bounded. */
  issuer: string;
  subject: string;
  /** SHA-256 of the whole certificate, hex. */
  sha256: string;
  /** SHA-256 of its public key, hex. */
  spki: string;
}

/** One TCP connection to one address and, where `sni` is given, the TLS handshake on it. */
export interface Flow {
  address: string;
  family: IpFamily;
  port: number;
  sni: string | null;
  at: number;
  tcp: TcpOutcome;
  tcpMs: number;
  /** Null where it never came to a handshake. */
  tls: TlsOutcome | null;
  tlsMs: number | null;
  /** Ms of it in which our own process was held up; absent where nobody looked. */
  lagMs?: number;
  /** Bytes that the other side sent during the handshake; more than none = it answered, whatever it said. */
  serverBytes: number;
  certificate: CertificateFacts | null;
  errno: string | null;
}

export type PageOutcome = 'ok' | 'timeout' | 'stall' | 'reset' | 'eof' | 'error';

/** One HTTP answer: head, and as much of the body as the cap allows. */
export interface Page {
  outcome: PageOutcome;
  /** 0 = no status line came. */
  status: number;
  location: string | null;
  /** Body bytes read. */
  bytes: number;
  title: string | null;
  sha256: string | null;
  /** Lower-case names, sorted; bounded. */
  headers: string[];
  /** Id of the fingerprint that matched the page or the redirect, or null. */
  fingerprint: string | null;
  /** Of a known block page: the words that tell it, with a little around them, so that others can see it too. Of no other page. */
  excerpt?: string;
  /** Id of a page known not to be censorship (challenge, parking), or null. */
  benign: string | null;
  /** The site says that it speaks HTTP/3. */
  h3: boolean;
  /** Server's clock minus ours, null without a Date header. */
  skewMs: number | null;
  ms: number;
}

export type DnsKind = 'address' | 'nxdomain' | 'nodata' | 'refused' | 'servfail' | 'timeout' | 'error';

/** One answer (or the lack of one) to one question for A or AAAA. */
export interface DnsAnswer {
  kind: DnsKind;
  /** Canonical text, bounded count. */
  addresses: string[];
  ms: number;
  /** A second, different answer to the same question that came within 500 ms: somebody on the path answers too. */
  late: string[] | null;
  tries: number;
}

export interface DnsPair {
  a: DnsAnswer;
  aaaa: DnsAnswer;
}

export interface ControlAnswer extends DnsPair {
  operator: string;
  /** `udp` and `plain` can be false; the others are authenticated. */
  transport: 'doh' | 'dot' | 'doh-helper' | 'udp';
}

export interface DnsObservations {
  /** Null where the system resolver was not asked (it is dead for every name). */
  system: DnsPair | null;
  /** Only those that answered. */
  controls: ControlAnswer[];
  /** One control asked in the clear: false while the others are true means tampering on the path. */
  plain: DnsPair | null;
}

/** Everything seen at one address of the target. */
export interface EndpointObservations {
  address: string;
  family: IpFamily;
  fromControl: boolean;
  fromSystem: boolean;
  /** Innocuous SNI, in order of time; the first stands before any flow with the target's name. */
  innocuous: Flow[];
  /** Target's SNI. */
  target: Flow[];
  /** Only the connection counts (no TLS is spoken there). */
  tcpOnly?: boolean;
  page: Page | null;
  /** Plain HTTP on port 80. */
  http: Page | null;
  helper: HelperObservations | null;
  /** Target's SNI at an unrelated address (the project's own server or a reference site): tried only without a helper. */
  neutral: Flow | null;
  /** Another target's forbidden name was sent to this address shortly before: it may be dead for that reason. */
  taintedByOther: boolean;
  /** Our own earlier round sent the forbidden name here less than the residual time ago and was cut so (`rst`, `timeout`); else null. */
  taintedBySelf: string | null;
}

/** The same address seen from outside; null where the helper was of no use. */
export interface HelperObservations {
  flow: Flow;
  page: Page | null;
  http: Page | null;
}

type TransferOutcome = 'complete' | 'capped' | 'slow' | 'stall' | 'reset' | 'failed';

/** One download for its speed. */
export interface Transfer {
  outcome: TransferOutcome;
  bytes: number;
  ms: number;
  /** Bits a second of its slowest tail after the first 32 KB (over all of it where it is smaller); null where nothing can be said. */
  rate: number | null;
  tcpMs: number | null;
  /** Longest time, ms, for which the measuring process itself was held up meanwhile; absent in older records. */
  lagMs?: number;
  /** Bytes in each quarter of a second; bounded. */
  series: number[];
}

export interface ThroughputPair {
  target: Transfer;
  /** Innocuous name at the target's own address. */
  sameAddress: Transfer | null;
  /** A reference site elsewhere. */
  reference: Transfer | null;
}

export interface ThroughputObservations {
  family: IpFamily;
  pairs: ThroughputPair[];
  /** The same object fetched through the helper; the faster of two where the first was slow. */
  helper: Transfer | null;
  /**
   * Ms that each of some bare connections to the target's address took, one after the other, when no transfer was under way; null = it was
   * never answered. Absent or null = not tried.
   */
  atRest?: (number | null)[] | null;
}

/** What the vantage point could do before, and again after, the targets' flows. */
export interface VantageObservations {
  references: ReferenceObservations[];
  /** System resolver, asked for the reference names. */
  system: { name: string; answer: DnsAnswer; expected: boolean }[];
  portal: Page | null;
  /** Operators that answered for a reference name over an authenticated way. */
  controlsAnswered: number;
  controlsAsked: number;
  helper: { reachable: boolean; family4: boolean; family6: boolean };
  /** The innocuous name works at a reference address. */
  innocuousWorks: boolean;
}

export interface ReferenceObservations {
  name: string;
  /** All tries, both families, in order. */
  flows: Flow[];
  /** Reached through the helper: null = not asked or no helper. */
  helperReaches: boolean | null;
  /** Our own forbidden name was sent there shortly before: its failures say nothing. */
  tainted: boolean;
}

/** One target in one round. */
export interface TargetObservations {
  name: string;
  at: number;
  dns: DnsObservations | null;
  endpoints: EndpointObservations[];
  throughput: ThroughputObservations[];
  quic: 'ok' | 'blocked' | null;
  /** The target is one of several sent to the same foreign place, or given the same false address. */
  shared: { redirect: boolean; address: boolean };
}

export const answered = (flow: Flow): boolean => flow.serverBytes > 0 || flow.certificate !== null;
export const authentic = (flow: Flow): boolean => flow.tls === 'ok' && flow.certificate?.valid === true;
