import type { UserId } from '@matrix-org/matrix-sdk-crypto-wasm';
import type { Sdk } from './engine.ts';

/** Null: no name of a person to the library, which is stricter than servers about the part after the colon. Made anew for each call, which consumes it. */
export function userOf(sdk: Sdk, id: string): UserId | null {
  try {
    return new sdk.UserId(id);
  } catch {
    return null;
  }
}

/** Those of these who are people to the library. Nobody else has devices or keys, and one strange name must not stop a room, or the sync. */
export const usersOf = (sdk: Sdk, ids: Iterable<string>): UserId[] => [...ids].flatMap((id) => userOf(sdk, id) ?? []);
