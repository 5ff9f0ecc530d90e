/** A service as the operator's catalogue (`services.yaml`) describes it. */
export interface Service {
  /** `whatsapp`; lower case, [a-z0-9-]. */
  id: string;
  /** As the catalogue spells it, the same in every language: "WhatsApp". */
  name: string;
  aliases: string[];
  category: string;
  /** Aliases (or the name) that are everyday words, too ("X", "Signal", "Max"): they count only as written and in context. */
  everyday?: string[];
}

export interface Catalogue {
  services: Service[];
}
