/**
 * What happened to access (domain.md, "Actions"). Shared shapes only: no logic beyond the order of the words.
 *
 * `block` cut, attempted or in effect · `throttle` slowed · `restrict` a part of it cut · `shutdown` a network or region off · `unblock` restored ·
 * `warn` a threat, bill, fine or deadline: access has not changed yet.
 */
export const ACTIONS = ['block', 'throttle', 'restrict', 'shutdown', 'unblock', 'warn'] as const;
export type Action = (typeof ACTIONS)[number];

/** The two families that an incident's key may name. `unblock` belongs to the incident that it lifts. */
export type Family = 'access' | 'warn';

/** How access is cut, where a text or a measurement tells. */
export const METHODS = ['dns', 'ip', 'sni', 'http', 'throttle', 'app-store', 'legal', 'bgp'] as const;
export type Method = (typeof METHODS)[number];

/** An incident's key holds this: a threat and the measure that it threatens are two incidents, linked when it comes true. */
export const familyOf = (action: Action): Family => (action === 'warn' ? 'warn' : 'access');

const RANK: Record<Action, number> = { unblock: 0, warn: 0, restrict: 1, throttle: 2, block: 3, shutdown: 4 };

/** restrict < throttle < block < shutdown; 0 for the actions that no incident escalates to. */
export const severityOf = (action: Action): number => RANK[action];
