/** A service as the operator's catalogue (`services.yaml`) describes it. */
export interface Service {
  /** `whatsapp`; lower case, [a-z0-9-]. */
  id: string;
  /** As the catalogue spells it, the same in every language: "WhatsApp". */
  name: string;
  aliases: string[];
  category: string;
}

export interface Catalogue {
  services: Service[];
}
