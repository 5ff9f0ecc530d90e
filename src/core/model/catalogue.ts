/** A service as the operator's catalogue (`services.yaml`) describes it. */
export interface Service {
  /** `whatsapp`; lower case, [a-z0-9-]. */
  id: string;
  /** As the catalogue spells it, the same in every language: "WhatsApp". */
  name: string;
  /** Other names in any script, and host names; unique over the catalogue. */
  aliases: string[];
  /** `messenger`, `social`, `news` …; groups services in pickers, decides nothing. */
  category: string;
  /** Aliases (or the name) that are everyday words, too ("X", "Signal", "Max"): they count only as written and in context. */
  everyday?: string[];
}

/** All that it knows by name. `internet` (the network itself) is not in it. */
export interface Catalogue {
  services: Service[];
}
