import { afterEach, describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from './harness.ts';
import { Town } from './town.ts';

let town: Town;
afterEach(() => town.store.close());

const blocked = '🔴 Russia: WhatsApp blocked';
const lifted = '🟢 Russia: WhatsApp works again';

async function twoSay(says: string, voices = ['a', 'b']): Promise<void> {
  for (const voice of voices) await town.say(voice, says);
}

describe('who hears', () => {
  test('each kind of subscription: only matching chats, once', async () => {
    town = await Town.create();
    const follows = { ru: 'RU', app: '* whatsapp', both: 'RU whatsapp', all: '*', signal: 'RU signal', ir: 'IR' };
    for (const [name, what] of Object.entries(follows)) await town.chat(name, [what]);
    const many = await town.chat('many', ['RU', '* whatsapp', '*']);
    expect(many).toBeGreaterThan(0);
    await twoSay('block RU whatsapp');
    await town.pass(MINUTE);
    for (const name of ['ru', 'app', 'both', 'all', 'many'])
      expect(town.heard(name), name).toEqual([`send ${blocked}`]);
    for (const name of ['signal', 'ir']) expect(town.heard(name), name).toEqual([]);
  });

  test('a report without a country: only those who follow it anywhere', async () => {
    town = await Town.create();
    for (const [name, what] of Object.entries({ ru: 'RU', pair: 'RU whatsapp', app: '* whatsapp', all: '*' }))
      await town.chat(name, [what]);
    await twoSay('block - whatsapp');
    await town.pass(MINUTE);
    expect(town.heard('ru')).toEqual([]);
    expect(town.heard('pair')).toEqual([]);
    expect(town.heard('app')).toEqual(['send 🔴 Country not named: WhatsApp blocked']);
    expect(town.heard('all')).toHaveLength(1);
  });

  test('a report without a service: only those who follow all of that country', async () => {
    town = await Town.create();
    for (const [name, what] of Object.entries({ ru: 'RU', app: '* whatsapp', net: '* internet', all: '*' }))
      await town.chat(name, [what]);
    await twoSay('block RU -');
    await town.pass(MINUTE);
    expect(town.heard('ru')).toEqual(['send 🔴 Russia: services blocked; not said which']);
    expect(town.heard('app')).toEqual([]);
    expect(town.heard('net')).toEqual([]);
    expect(town.heard('all')).toHaveLength(1);
  });

  test('the story gets its name later: those who follow that service hear of it', async () => {
    town = await Town.create();
    await town.chat('ru', ['RU']);
    await town.chat('app', ['* whatsapp']);
    await town.chat('early', ['RU'], 'early');
    await town.say('a', 'block RU -');
    await town.pass(HOUR);
    expect(town.heard('early')).toEqual(['send 🔴 Russia: services blocked; not said which']);
    await town.say('c', 'block RU whatsapp');
    await town.pass(HOUR);
    expect(town.heard('early')).toEqual([`edit ${blocked}`]);
    // One outlet names it, and the one before did not.
    expect(town.heard('ru')).toEqual([]);
    await town.say('d', 'block RU whatsapp');
    await town.pass(HOUR);
    expect(town.heard('ru')).toEqual([`send ${blocked}`]);
    expect(town.heard('app')).toEqual([`send ${blocked}`]);
  });

  test('two outlets name nothing, one names a service: what is sure has no name, the name is one outlet’s word', async () => {
    town = await Town.create();
    await town.chat('ru', ['RU']);
    await town.chat('app', ['* whatsapp']);
    await twoSay('block RU -');
    await town.say('c', 'block RU whatsapp');
    await town.pass(HOUR);
    expect(town.heard('ru')).toEqual(['send 🔴 Russia: services blocked; not said which']);
    expect(town.heard('app')).toEqual([]);
    await town.say('d', 'block RU whatsapp');
    await town.pass(HOUR);
    expect(town.heard('ru')).toEqual([`send ${blocked}`]);
    expect(town.heard('app')).toEqual([`send ${blocked}`]);
  });

  test('the whole EU: those who follow the EU', async () => {
    town = await Town.create();
    await town.chat('eu', ['EU']);
    await town.chat('de', ['DE']);
    await twoSay('block EU rt');
    await town.pass(MINUTE);
    expect(town.heard('eu')).toEqual(['send 🔴 European Union: RT blocked']);
    expect(town.heard('de')).toEqual([]);
  });
});

describe('how loud', () => {
  test('confidence up: an edit; method revealed: an edit; escalation and lift: an edit and a reply', async () => {
    town = await Town.create();
    await town.chat('ann', ['RU']);
    await twoSay('throttle RU whatsapp');
    await town.pass(MINUTE);
    expect(town.heard('ann')).toEqual(['send 🟠 Russia: WhatsApp slowed down']);
    await town.measure('AS1', 'throttle RU whatsapp', 'round-rule');
    expect(town.heard('ann')).toEqual(['edit 🟠 Russia: WhatsApp slowed down']);
    await town.say('c', 'throttle RU whatsapp throttle');
    expect(town.heard('ann')).toEqual(['edit 🟠 Russia: WhatsApp slowed down']);
    await town.say('d', 'throttle RU whatsapp');
    expect(town.heard('ann')).toEqual([]);
    await town.pass(DAY);
    await twoSay('block RU whatsapp', ['c', 'd', 'e']);
    const loud = town.heard('ann');
    expect(loud).toContain(`reply ${blocked}`);
    expect(loud.filter((one) => one.startsWith('reply'))).toHaveLength(1);
    await town.pass(DAY);
    await town.say('a', 'unblock RU whatsapp');
    expect(town.heard('ann')).toEqual([`edit ${blocked}`]);
    await town.say('b', 'unblock RU whatsapp');
    expect(town.heard('ann')).toEqual([`edit ${lifted}`, `reply ${lifted}`]);
    await town.say('c', 'unblock RU whatsapp');
    expect(town.heard('ann')).toEqual([]);
  });

  test('escalated, and surer before it could be sent: still one edit and one reply', async () => {
    town = await Town.create();
    await town.chat('ann', ['RU']);
    await twoSay('throttle RU whatsapp');
    await town.pass(DAY);
    town.heard('ann');
    town.sends = false;
    await twoSay('block RU whatsapp', ['c', 'd', 'e']);
    await town.measure('AS1', 'block RU whatsapp', 'round-rule');
    town.sends = true;
    await town.pass(MINUTE);
    expect(town.heard('ann')).toEqual([`edit ${blocked}`, `reply ${blocked}`]);
  });

  test('lifted before the reply about the escalation could be sent: the lift alone rings', async () => {
    town = await Town.create();
    await town.chat('ann', ['RU']);
    await twoSay('throttle RU whatsapp');
    await town.pass(DAY);
    town.heard('ann');
    town.sends = false;
    await twoSay('block RU whatsapp', ['c', 'd', 'e']);
    await town.pass(DAY);
    await twoSay('unblock RU whatsapp');
    town.sends = true;
    await town.pass(MINUTE);
    expect(town.heard('ann')).toEqual([`edit ${lifted}`, `reply ${lifted}`]);
  });

  test('more regions: an edit; fewer: an edit; the last one: lifted', async () => {
    town = await Town.create();
    await town.chat('ann', ['RU']);
    await twoSay('shutdown RU internet @dagestan');
    await town.pass(MINUTE);
    expect(town.heard('ann')).toEqual(['send ⚫ Dagestan, Russia: internet off']);
    await town.say('c', 'shutdown RU internet @chechnya');
    expect(town.heard('ann')).toEqual(['edit ⚫ Dagestan, Russia: internet off']);
    expect(town.texts('ann').at(-1)).toContain('1 outlet says also in: Chechnya; not certain yet');
    await town.say('a', 'shutdown RU internet @chechnya');
    expect(town.heard('ann')).toEqual(['edit ⚫ Dagestan, Chechnya (Russia): internet off']);
    await town.pass(DAY);
    await town.say('a', 'unblock RU internet @dagestan');
    expect(town.heard('ann')).toEqual([]);
    for (const voice of ['b', 'c']) await town.say(voice, 'unblock RU internet @dagestan');
    expect(town.heard('ann')).toEqual(['edit ⚫ Chechnya, Russia: internet off']);
    await town.say('a', 'unblock RU internet @chechnya');
    expect(town.heard('ann')).toEqual(['edit ⚫ Chechnya, Russia: internet off']);
    await town.say('b', 'unblock RU internet @chechnya');
    expect(town.heard('ann')).toEqual([
      'edit 🟢 Chechnya, Russia: internet works again',
      'reply 🟢 Chechnya, Russia: internet works again',
    ]);
  });

  test('one outlet says worse than what is in force: shown at once, in silence and once', async () => {
    town = await Town.create();
    await town.chat('ann', ['RU']);
    await twoSay('throttle RU telegram');
    await town.pass(MINUTE);
    expect(town.heard('ann')).toEqual(['send 🟠 Russia: Telegram slowed down']);
    await town.say('c', 'block RU telegram');
    expect(town.heard('ann')).toEqual(['edit 🟠 Russia: Telegram slowed down']);
    expect(town.texts('ann').at(-1)).toContain('1 outlet says it is fully blocked; not certain yet');
    await town.say('c', 'block RU telegram');
    await town.say('d', 'throttle RU telegram');
    expect(town.heard('ann')).toEqual([]);
    const [incident] = await town.incidents();
    const log = await town.store.incidents.transitions(incident!.id);
    expect(log.filter(({ change }) => change === 'claimed')).toHaveLength(1);
  });

  test('off in the whole country, back in one region by three outlets: an edit, not lifted', async () => {
    town = await Town.create();
    await town.chat('ann', ['RU']);
    await twoSay('shutdown RU internet');
    await town.pass(MINUTE);
    town.heard('ann');
    for (const voice of ['a', 'b', 'c']) await town.say(voice, 'unblock RU internet @moscow');
    expect(town.heard('ann')).toEqual(['edit ⚫ Russia: internet off']);
    expect(town.texts('ann').at(-1)).toContain('Works again in: Moscow');
    expect((await town.incidents())[0]!.state).toBe('active');
  });

  test('services added: at most one reply an hour, naming all that came meanwhile', async () => {
    town = await Town.create();
    await town.chat('ann', ['NP']);
    await twoSay('block NP facebook,x');
    await town.pass(MINUTE);
    town.heard('ann');
    await twoSay('block NP reddit,facebook');
    await town.pass(MINUTE);
    const first = town.heard('ann');
    expect(first.filter((one) => one.startsWith('reply'))).toEqual(['reply 🔴 Nepal: Reddit blocked']);
    for (const service of ['signal', 'telegram', 'discord']) {
      await town.pass(5 * MINUTE);
      await twoSay(`block NP ${service},facebook`);
    }
    const edits = town.heard('ann');
    expect(edits.every((one) => one.startsWith('edit'))).toBe(true);
    expect(town.texts('ann').at(-1)).toContain('Signal, Telegram, Discord');
    await town.pass(HOUR);
    const later = town.heard('ann');
    expect(later.filter((one) => one.startsWith('reply'))).toEqual([
      'reply 🔴 Nepal: Signal, Telegram, Discord blocked',
    ]);
  });

  test('a service added within the hour: who follows just that one need not wait for the hour', async () => {
    town = await Town.create();
    await town.chat('ann', ['NP']);
    await town.chat('sig', ['NP signal']);
    await twoSay('block NP facebook,x');
    await town.pass(MINUTE);
    await twoSay('block NP reddit,facebook');
    await town.pass(MINUTE);
    await twoSay('block NP signal,facebook');
    await town.pass(MINUTE);
    expect(town.heard('sig')).toEqual(['send 🔴 Nepal: Signal blocked']);
    await town.pass(2 * HOUR);
    expect(town.heard('sig').filter((one) => !one.startsWith('edit'))).toEqual([]);
  });

  test('added as background, or reported as background beside the new one: an alert of its own', async () => {
    town = await Town.create();
    await town.chat('ann', ['RU']);
    await twoSay('block RU whatsapp');
    await town.pass(MINUTE);
    town.heard('ann');
    await twoSay('block RU signal; ~block RU whatsapp');
    await town.pass(MINUTE);
    expect(town.heard('ann')).toEqual(['send 🔴 Russia: Signal blocked']);
  });

  test('another action, or notified more than seven days ago: an alert of its own', async () => {
    town = await Town.create();
    await town.chat('ann', ['RU']);
    await twoSay('block RU whatsapp');
    await town.pass(MINUTE);
    await twoSay('throttle RU signal; block RU whatsapp');
    await town.pass(MINUTE);
    await town.pass(8 * DAY);
    await twoSay('block RU facebook; block RU whatsapp');
    await town.pass(MINUTE);
    expect(town.heard('ann')).toEqual([
      `send ${blocked}`,
      'send 🟠 Russia: Signal slowed down',
      'send 🔴 Russia: Facebook blocked',
    ]);
  });

  test('group wait: one message a country; nobody waits for what is confirmed', async () => {
    town = await Town.create();
    await town.chat('ann', ['*']);
    await twoSay('block RU whatsapp');
    await twoSay('block IR signal');
    await town.pass(30_000);
    await twoSay('block RU facebook');
    expect(town.heard('ann')).toEqual([]);
    await town.pass(30_000);
    expect(town.heard('ann')).toEqual(['send 🔴 Russia: WhatsApp, Facebook blocked', 'send 🔴 Iran: Signal blocked']);
    await town.measure('AS1', 'block TR x', 'fingerprint');
    expect(town.heard('ann')).toEqual(['send 🔴 Türkiye: X (Twitter) blocked']);
  });

  test('confirmed while it waits for its group: notified at once', async () => {
    town = await Town.create();
    await town.chat('ann', ['RU']);
    await twoSay('block RU whatsapp');
    await town.pass(10_000);
    expect(town.heard('ann')).toEqual([]);
    await town.measure('AS1', 'block RU whatsapp', 'round-rule');
    expect(town.heard('ann')).toEqual([`send ${blocked}`]);
    await town.pass(HOUR);
    expect(town.heard('ann')).toEqual([]);
  });
});

describe('how sure', () => {
  test('each level hears the block and the lift at its own rung', async () => {
    town = await Town.create();
    for (const level of ['early', 'corroborated', 'confirmed'] as const) await town.chat(level, ['RU'], level);
    const all = () => ['early', 'corroborated', 'confirmed'].map((name) => town.heard(name));
    await town.say('a', 'block RU whatsapp');
    await town.pass(MINUTE);
    expect(all()).toEqual([[`send ${blocked}`], [], []]);
    await town.say('b', 'block RU whatsapp');
    await town.pass(MINUTE);
    expect(all()).toEqual([[`edit ${blocked}`], [`send ${blocked}`], []]);
    await town.measure('AS1', 'block RU whatsapp', 'round-rule');
    expect(all()).toEqual([[`edit ${blocked}`], [`edit ${blocked}`], [`send ${blocked}`]]);
    await town.pass(DAY);
    await town.say('a', 'unblock RU whatsapp');
    // One outlet's word ends nothing for anybody.
    expect(all()).toEqual([[`edit ${blocked}`], [`edit ${blocked}`], [`edit ${blocked}`]]);
    await town.say('b', 'unblock RU whatsapp');
    const told = [`edit ${lifted}`, `reply ${lifted}`];
    expect(all()).toEqual([told, told, [`edit ${blocked}`]]);
    await town.measure('AS1', 'unblock RU whatsapp', 'round-rule');
    expect(all()).toEqual([[`edit ${lifted}`], [`edit ${lifted}`], [`edit ${lifted}`, `reply ${lifted}`]]);
  });

  test('an anomaly alone: suspected, early chats only', async () => {
    town = await Town.create();
    await town.chat('early', ['RU'], 'early');
    await town.chat('ann', ['RU']);
    await town.measure('AS1', 'block RU whatsapp', 'anomaly');
    await town.pass(MINUTE);
    expect(town.heard('early')).toEqual([`send ${blocked}`]);
    expect(town.texts('early')[0]).toContain('Suspected, not confirmed: measurements on one network look like it');
    expect(town.heard('ann')).toEqual([]);
  });

  test('one network by the round rule: corroborated; a second: confirmed', async () => {
    town = await Town.create();
    await town.chat('ann', ['RU']);
    await town.chat('sure', ['RU'], 'confirmed');
    await town.measure('AS1', 'block RU whatsapp', 'round-rule');
    await town.pass(MINUTE);
    expect(town.texts('ann')[0]).toContain('Corroborated: measured on one network');
    expect(town.heard('sure')).toEqual([]);
    await town.measure('AS2', 'block RU whatsapp', 'round-rule');
    expect(town.heard('sure')).toEqual([`send ${blocked}`]);
    expect(town.texts('sure')[0]).toContain('Confirmed: measured from 2 networks');
  });

  test('a chat that asks for less certainty midway: hears what comes, nothing twice', async () => {
    town = await Town.create();
    const ann = await town.chat('ann', ['RU'], 'early');
    await town.say('a', 'block RU whatsapp');
    await town.pass(MINUTE);
    await town.store.chats.update(ann, { level: 'corroborated' });
    await town.say('b', 'block RU whatsapp');
    await town.pass(MINUTE);
    await town.store.chats.update(ann, { level: 'confirmed' });
    await twoSay('unblock RU whatsapp');
    await town.pass(MINUTE);
    const heard = town.heard('ann');
    expect(heard.slice(0, 2)).toEqual([`send ${blocked}`, `edit ${blocked}`]);
    expect(heard.filter((one) => one === `reply ${lifted}`)).toHaveLength(1);
    expect(heard.filter((one) => one.startsWith('send'))).toHaveLength(1);
  });
});

describe('who does not want to hear', () => {
  for (const [what, target] of Object.entries({
    country: { country: 'RU' },
    service: { service: 'whatsapp' },
    everything: {},
  }))
    test(`muted before (${what}): nothing until it ends, then the next change`, async () => {
      town = await Town.create();
      const ann = await town.chat('ann', ['*']);
      await town.mute(ann, target, HOUR);
      await twoSay('block RU whatsapp');
      await town.pass(2 * HOUR);
      expect(town.heard('ann')).toEqual([]);
      await twoSay('unblock RU whatsapp');
      expect(town.heard('ann')).toEqual([`send ${lifted}`]);
    });

  test('muted one incident: its lift is not notified, others are', async () => {
    town = await Town.create();
    const ann = await town.chat('ann', ['RU']);
    await twoSay('block RU whatsapp');
    await town.pass(MINUTE);
    await town.mute(ann, { incidentId: (await town.incidents())[0]!.id }, HOUR);
    await twoSay('unblock RU whatsapp');
    await twoSay('block RU signal');
    await town.pass(MINUTE);
    expect(town.heard('ann').filter((one) => !one.startsWith('edit'))).toEqual([
      `send ${blocked}`,
      'send 🔴 Russia: Signal blocked',
    ]);
  });

  test.each<[string, (chat: number) => Promise<unknown>]>([
    ['muted', (chat) => town.mute(chat, { country: 'RU' }, 9 * DAY)],
    ['unsubscribed', (chat) => town.unfollow(chat, ['RU'])],
  ])('%s after it was told: its message is kept true in silence, to the correction', async (_, quiet) => {
    town = await Town.create();
    const ann = await town.chat('ann', ['RU']);
    await twoSay('block RU whatsapp');
    await town.pass(MINUTE);
    town.heard('ann');
    await quiet(ann);
    await twoSay('unblock RU whatsapp');
    await town.pass(MINUTE);
    expect(town.heard('ann').at(-1)).toBe(`edit ${lifted}`);
    await town.retract();
    expect(town.heard('ann')).toEqual([
      expect.stringMatching(/^edit ⚪ We were wrong: WhatsApp in Russia was not blocked/u),
    ]);
  });

  test('muted a service of a group: the message leaves it out', async () => {
    town = await Town.create();
    const ann = await town.chat('ann', ['RU']);
    await town.mute(ann, { service: 'whatsapp' }, HOUR);
    await twoSay('block RU whatsapp,signal');
    await town.pass(MINUTE);
    expect(town.heard('ann')).toEqual(['send 🔴 Russia: Signal blocked']);
  });

  test('muted or unsubscribed between the fill and the send: nothing', async () => {
    town = await Town.create();
    const ann = await town.chat('ann', ['RU']);
    const bob = await town.chat('bob', ['RU']);
    const cleo = await town.chat('cleo', ['RU']);
    await town.chat('dan', ['RU']);
    town.sends = false;
    await twoSay('block RU whatsapp');
    await town.pass(MINUTE);
    await town.mute(ann, { country: 'RU' }, HOUR);
    await town.unfollow(bob, ['RU']);
    await town.store.chats.forget(cleo);
    town.sends = true;
    await town.pass(MINUTE);
    for (const name of ['ann', 'bob', 'cleo']) expect(town.heard(name), name).toEqual([]);
    expect(town.heard('dan')).toEqual([`send ${blocked}`]);
    expect(await town.store.outbox.depth()).toEqual([]);
  });

  test('subscribed between the change and its fill: the catch-up showed it; the lift reaches the chat', async () => {
    town = await Town.create();
    await town.chat('ann', ['RU']);
    await twoSay('block RU whatsapp');
    await town.pass(30_000);
    await town.chat('late', ['RU']);
    await town.pass(HOUR);
    expect(town.heard('late')).toEqual([]);
    await twoSay('unblock RU whatsapp');
    expect(town.heard('late')).toEqual([`send ${lifted}`]);
  });
});

describe('taken back', () => {
  test('after chats were notified: an edit and a reply with the reason; whoever was not hears nothing', async () => {
    town = await Town.create();
    await town.chat('ann', ['RU']);
    await town.chat('sure', ['RU'], 'confirmed');
    await twoSay('block RU whatsapp');
    await town.pass(MINUTE);
    await town.chat('late', ['RU']);
    town.heard('ann');
    await town.retract('the outlet took it back');
    expect(town.heard('ann')).toEqual([
      'edit ⚪ We were wrong: WhatsApp in Russia was not blocked.',
      'reply ⚪ We were wrong: WhatsApp in Russia was not blocked.',
    ]);
    expect(town.texts('ann').at(-1)).toContain('Because: the outlet took it back');
    expect(town.heard('sure')).toEqual([]);
    expect(town.heard('late')).toEqual([]);
  });

  test('before chats were notified: nothing; in a group: the others alone', async () => {
    town = await Town.create();
    await town.chat('ann', ['*']);
    await twoSay('block RU whatsapp');
    await town.retract();
    await twoSay('block IR signal,telegram');
    const signal = (await town.incidents()).findIndex((one) => one.service === 'signal');
    await town.retract('wrong', signal);
    await town.pass(HOUR);
    expect(town.heard('ann')).toEqual(['send 🔴 Iran: Telegram blocked']);
  });

  test('notified as restored, as the block was not sure enough: corrected too', async () => {
    town = await Town.create();
    await town.chat('ann', ['RU']);
    await town.say('a', 'block RU whatsapp');
    await town.pass(HOUR);
    await twoSay('unblock RU whatsapp');
    await town.pass(MINUTE);
    await town.retract();
    expect(town.heard('ann')).toEqual([
      `send ${lifted}`,
      'edit ⚪ We were wrong: WhatsApp in Russia was not blocked.',
      'reply ⚪ We were wrong: WhatsApp in Russia was not blocked.',
    ]);
  });

  test('one of a group: later chats of that group hear nothing', async () => {
    town = await Town.create();
    await town.chat('ann', ['RU']);
    await twoSay('block RU whatsapp,signal');
    await town.pass(MINUTE);
    await town.chat('late', ['RU']);
    await town.retract();
    expect(town.heard('late')).toEqual([]);
  });

  test('stragglers of what was taken back: nothing; a new report after that: a new alert', async () => {
    town = await Town.create();
    const wire =
      'The regulator told providers to cut access to the messenger during the night after requests went unanswered';
    await town.chat('ann', ['RU'], 'early');
    await town.say('a', 'block RU whatsapp', wire);
    await town.pass(MINUTE);
    await town.retract();
    town.heard('ann');
    await town.pass(HOUR);
    await town.say('b', 'block RU whatsapp', wire);
    await town.pass(HOUR);
    expect(town.heard('ann')).toEqual([]);
    await town.say('c', 'block RU whatsapp');
    await town.pass(HOUR);
    expect(town.heard('ann')).toEqual([`send ${blocked}`]);
  });

  test('a shutdown that spoke for an app and is taken back: the app is notified', async () => {
    town = await Town.create();
    await town.chat('ann', ['IR']);
    await twoSay('shutdown IR internet');
    await town.pass(MINUTE);
    await twoSay('block IR whatsapp');
    await town.pass(MINUTE);
    expect(town.heard('ann')).toEqual(['send ⚫ Iran: internet off']);
    await town.retract();
    await town.pass(MINUTE);
    expect(town.heard('ann')).toEqual([
      'edit ⚪ We were wrong: the internet in Iran was not shut down.',
      'reply ⚪ We were wrong: the internet in Iran was not shut down.',
      'send 🔴 Iran: WhatsApp blocked',
    ]);
  });
});

describe('what a shutdown speaks for', () => {
  test('one outlet says it is over: it still speaks for an app that is cut after that', async () => {
    town = await Town.create();
    await town.chat('early', ['IR'], 'early');
    await town.say('a', 'shutdown IR internet');
    await town.pass(DAY);
    await town.say('a', 'unblock IR internet');
    await town.pass(HOUR);
    town.heard('early');
    await town.say('b', 'block IR signal');
    await town.pass(MINUTE);
    expect(town.heard('early')).toEqual([]);
  });

  test('over by two outlets: chats that want it measured are notified of the app that is measured', async () => {
    town = await Town.create();
    await town.chat('sure', ['IR'], 'confirmed');
    for (const network of ['AS1', 'AS2']) await town.measure(network, 'shutdown IR internet', 'round-rule');
    await town.pass(DAY);
    for (const network of ['AS1', 'AS2']) await town.measure(network, 'block IR signal', 'round-rule');
    await town.pass(MINUTE);
    expect(town.heard('sure')).toEqual(['send ⚫ Iran: internet off']);
    await twoSay('unblock IR internet');
    await town.pass(MINUTE);
    expect(town.heard('sure')).toContain('send 🔴 Iran: Signal blocked');
  });
});

describe('the course of an incident', () => {
  test('threatened while it was slowed down, then blocked: one story, and the threat is a word in it', async () => {
    town = await Town.create();
    await town.chat('ann', ['RU']);
    await twoSay('throttle RU telegram');
    await town.pass(DAY);
    await town.say('a', 'warn RU telegram');
    await town.pass(DAY);
    await twoSay('block RU telegram', ['c', 'd', 'e']);
    const stories = await town.incidents();
    expect(stories.map((one) => [one.action, one.linkedId])).toEqual([['block', null]]);
    expect(town.heard('ann').filter((one) => one.startsWith('send'))).toHaveLength(1);
  });

  test('back in the region that is left, in another case of its name: lifted', async () => {
    town = await Town.create();
    await twoSay('shutdown RU internet @Москве');
    await town.pass(DAY);
    await twoSay('unblock RU internet @Москва');
    expect((await town.incidents())[0]!.state).toBe('lifted');
  });

  test('users in one city notice that an app is back: it is not back in the country', async () => {
    town = await Town.create();
    await twoSay('block RU whatsapp');
    await town.pass(DAY);
    await twoSay('unblock RU whatsapp @moscow');
    expect((await town.incidents())[0]!.state).toBe('active');
  });

  test('block, then shutdown: an escalation', async () => {
    town = await Town.create();
    await town.chat('ann', ['IR']);
    await twoSay('throttle IR internet');
    await town.pass(MINUTE);
    await twoSay('shutdown IR internet');
    await town.pass(MINUTE);
    expect(town.heard('ann')).toEqual([
      'send 🟠 Iran: internet slowed down',
      // One voice alone says so.
      'edit 🟠 Iran: internet slowed down',
      'edit ⚫ Iran: internet off',
      'reply ⚫ Iran: internet off',
    ]);
  });

  test('easing, then two voices that it goes on: active again, quietly; a later lift counts anew', async () => {
    town = await Town.create();
    await town.chat('ann', ['RU']);
    await twoSay('block RU whatsapp');
    await town.pass(DAY);
    await town.say('a', 'unblock RU whatsapp');
    await town.pass(2 * HOUR);
    town.heard('ann');
    await twoSay('block RU whatsapp', ['c', 'd']);
    expect((await town.incidents())[0]!.state).toBe('active');
    expect(town.heard('ann')).toEqual([`edit ${blocked}`]);
    await town.pass(DAY);
    await town.say('b', 'unblock RU whatsapp');
    expect((await town.incidents())[0]!.state).toBe('easing');
    await town.say('c', 'unblock RU whatsapp');
    expect((await town.incidents())[0]!.state).toBe('lifted');
  });

  test('the lift measured by the rule: lifted; late words of the lift join it', async () => {
    town = await Town.create();
    await town.chat('ann', ['RU']);
    await town.measure('AS1', 'block RU whatsapp', 'round-rule');
    await town.pass(HOUR);
    await town.measure('AS1', 'unblock RU whatsapp', 'round-rule');
    await town.pass(HOUR);
    await town.say('a', 'unblock RU whatsapp');
    expect(await town.incidents()).toHaveLength(1);
    // Surer than before: a quiet edit.
    expect(town.heard('ann')).toEqual([`send ${blocked}`, `edit ${lifted}`, `reply ${lifted}`, `edit ${lifted}`]);
  });

  test('after it was resumed: one straggler of the old block does not undo the next lift', async () => {
    town = await Town.create();
    await town.chat('ann', ['RU'], 'early');
    await twoSay('block RU whatsapp');
    await town.pass(DAY);
    await town.say('a', 'unblock RU whatsapp');
    await town.pass(2 * HOUR);
    town.heard('ann');
    await twoSay('block RU whatsapp', ['c', 'd']);
    expect(town.heard('ann')).toEqual([`edit ${blocked}`]);
    await town.pass(HOUR);
    await town.say('b', 'unblock RU whatsapp');
    await town.pass(MINUTE);
    await town.say('e', 'block RU whatsapp');
    expect((await town.incidents())[0]!.state).toBe('easing');
  });

  test('a lift that is older than the block, read later: no lift of it', async () => {
    town = await Town.create();
    await town.chat('ann', ['RU']);
    await twoSay('unblock RU whatsapp');
    await town.pass(HOUR);
    await twoSay('block RU whatsapp');
    await town.pass(HOUR);
    await town.say('c', 'unblock RU whatsapp', undefined, -2 * HOUR);
    const incidents = await town.incidents();
    expect(incidents.map((one) => one.state)).toEqual(['lifted', 'active']);
    await town.say('d', 'unblock RU whatsapp', undefined, -65 * MINUTE);
    expect((await town.incidents()).map((one) => one.state)).toEqual(['lifted', 'active']);
  });
});
