/** An incident's id ends in four characters of chance. */
import { expect, test } from 'vitest';
import { correlate } from '../../../src/core/correlate/correlate.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/alert.ts';
import { openStore } from '../../../src/store/open.ts';
import { deps, incident, report } from '../../contract/store/samples.ts';

test('the characters are another incident’s already: others are drawn', async () => {
  const store = await openStore(':memory:', deps);
  await store.incidents.insert(incident({ id: 'IR-signal-aaaa', country: 'TR' }));
  const drawn = ['aaaa', 'aaaa', 'bbbb'];
  const ids = { ...deps.ids, tail: () => drawn.shift()! };
  const said = report({ country: 'IR', service: 'signal' });
  const [change] = await store.transaction((tables) =>
    correlate(tables, said, { policy: DEFAULT_POLICY, ids, standsFor: () => null }),
  );
  expect([change!.after.id, change!.kinds]).toEqual(['IR-signal-bbbb', ['opened']]);
  expect((await store.incidents.get('IR-signal-aaaa'))?.country).toBe('TR');
  await store.close();
});
