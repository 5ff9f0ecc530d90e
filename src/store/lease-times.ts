/** How long a lease lives that is not renewed, ms by the database's clock. */
export const LEASE_MS = 5_000;
/** So much sooner its holder takes it for lost: its clock may run slower, and what it begins takes time to leave, ms. */
export const MARGIN_MS = 1_000;
export const RENEW_EVERY_MS = 1_200;
/** A process that was not seen for so long is not on the board, ms: when its leases have expired nobody leaves anything to it. */
export const SEEN_MS = LEASE_MS;
