import { type BudgetLimits, createBudget, type Verdict } from './budget.ts';

/** What one person may ask and change, and what may be asked and changed in one chat. */
export interface RouterBudgets {
  person: BudgetLimits;
  chat: BudgetLimits;
}

/** Questions and changes each have their own: whoever asked too much can still unsubscribe, and a group's members cannot use up what its admins may change. */
export const BUDGETS: RouterBudgets = {
  person: { burst: 15, everyMs: 2_000, maxKeys: 20_000 },
  chat: { burst: 40, everyMs: 1_000, maxKeys: 20_000 },
};

export interface Spender {
  accountId: string;
  senderId: string;
  chat: string;
}

export interface Budgets {
  /** An empty `senderId` is nobody: what a platform tells has no such budget. */
  person(who: Spender, changes: boolean, now: number): Verdict;
  /** For commands that their sender may give: `changes` of others would use up what is for those who may. */
  chat(who: Spender, changes: boolean, now: number): Verdict;
}

export function createBudgets(limits: RouterBudgets): Budgets {
  const people = { asks: createBudget(limits.person), changes: createBudget(limits.person) };
  const chats = { asks: createBudget(limits.chat), changes: createBudget(limits.chat) };
  return {
    person: ({ accountId, senderId }, changes, now) =>
      senderId === ''
        ? { kind: 'allowed', heavy: false }
        : (changes ? people.changes : people.asks).spend(`${accountId} ${senderId}`, now),
    chat: ({ accountId, chat }, changes, now) =>
      (changes ? chats.changes : chats.asks).spend(`${accountId} ${chat}`, now),
  };
}
