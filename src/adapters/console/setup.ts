import type { AccountSetup } from '../../core/ports/setup.ts';

export const setup: AccountSetup = {
  ask: async () => ({ id: 'console', platform: 'console', keys: {}, secrets: {}, identity: null }),
  // Whoever sits at the terminal is its operator.
  meet: async () => null,
};
