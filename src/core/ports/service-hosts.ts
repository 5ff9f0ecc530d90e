/** Which service a host name belongs to: what registers and observatories name by domain (`config/service-domains.yaml`). */
export interface ServiceHosts {
  /** Ids of the services that have domains here. */
  readonly services: readonly string[];
  /** Domains of a service, without markup; the one by which people know it first. Empty = none is known. */
  domainsOf(service: string): readonly string[];
  /**
   * A host name, or a mask (`*.example.org`), in any case, IDN or punycode → the service; null = of none, or no host name (an address is none).
   * `whole`: the name stands for all of it; else for some part of it (`static.example.org`).
   */
  find(host: string): { service: string; domain: string; whole: boolean } | null;
}
