/**
 * What is wrong with the percent signs of an address, as a sentence without an end; null where nothing is. A `%` must begin an escape
 * (`%2F`); in a user name or password the escapes must spell UTF-8 as well, for they are decoded. Texts that are no address are fine.
 * Quotes nothing of the address: it may hold a password.
 */
export function percentFault(text: string): string | null {
  const match = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*@)?/i.exec(text);
  if (!match) return null;
  if (match[1] && !decodes(match[1])) return 'holds a user name or password with a "%" that is no escape';
  const at = text.search(/%(?![0-9a-f]{2})/i);
  if (at >= 0) return `holds a "%" that is no escape (character ${at + 1})`;
  // Of a database all parts are decoded.
  return /^postgres/i.test(text) && !decodes(text) ? 'holds an escape that is no UTF-8' : null;
}

export const PERCENT_REMEDY = 'write "%25" where a percent sign is meant';

/** `%61%62` → `ab`; null where an escape is malformed. */
export function decoded(text: string): string | null {
  return decodes(text) ? decodeURIComponent(text) : null;
}

function decodes(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
