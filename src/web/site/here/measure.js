// The one script of all pages, sent together with rules.js and work.js and run as it stands here: ES2019. It asks the hosts that the page's policy names and
// no other, when it is told to; what came of it is sent when its reader says so, once.
import { judge } from './rules.js';
import { workFor } from './work.js';

/** It is over then, whatever hangs: the page promises 15 s. */
const MOST_MS = 12000;
const TRY_MS = 4000;
/** A try that had less time than this is no try where nothing answered. */
const LEAST_MS = 2000;
/** Controls are asked in each round, services until something of theirs answered. */
const ROUNDS = 3;
/** Requests under way at a time: on a slow line more would make each other late. */
const WIDTH = 32;

const page = document.getElementById('here');
const plan = JSON.parse(page.getAttribute('data-plan'));
const words = plan.words;
const button = document.getElementById('here-start');
const told = document.getElementById('here-told');
const bar = document.getElementById('here-bar');
const form = document.getElementById('here-tell');
const outcome = document.getElementById('here-sent');

const fresh = () => Math.random().toString(36).slice(2, 12);
const now = () => performance.now();

/** Hosts whose answer led somewhere that the policy does not name: they answered. */
const led = new Set();
document.addEventListener('securitypolicyviolation', (event) => {
  try {
    led.add(new URL(event.blockedURI).host);
  } catch {
    // "inline" and the like are no address.
  }
});

/** Settles after so long at the latest; false: it failed, or was not there in time. */
function within(ms, work, stop) {
  return new Promise((resolve) => {
    const end = (value) => {
      clearTimeout(timer);
      resolve(value);
    };
    const timer = setTimeout(() => {
      if (stop) stop();
      resolve(false);
    }, ms);
    work.then(end, () => end(false));
  });
}

const PRIVATE = { cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer' };

/** An opaque answer is all that a stranger's host gives: that it came, with a certificate that holds. Nothing is read from a cache, no cookie is sent. */
function ask(url, ms) {
  const cut = typeof AbortController === 'function' ? new AbortController() : null;
  const options = Object.assign({ mode: 'no-cors' }, PRIVATE, cut ? { signal: cut.signal } : {});
  return within(
    ms,
    fetch(url, options).then(() => true),
    () => cut && cut.abort(),
  );
}

/** Until the end of the picture; also where fetch was refused, for what some browsers and blockers refuse to fetch alone. */
function picture(url, ms) {
  const image = new Image();
  const work = new Promise((resolve, reject) => {
    image.referrerPolicy = 'no-referrer';
    image.onload = () => resolve(true);
    image.onerror = reject;
    image.src = url;
  });
  return within(ms, work, () => (image.src = 'data:,'));
}

/** Null: there was no time for it. */
async function tryHost(entry, until) {
  const at = entry.indexOf('/');
  const host = at < 0 ? entry : entry.slice(0, at);
  const url = `https://${at < 0 ? `${host}/favicon.ico` : entry}?${fresh()}`;
  const began = now();
  const left = () => Math.min(TRY_MS, until - now());
  let ok = await ask(url, left());
  let ms = now() - began;
  if (!ok) await within(50, new Promise(() => undefined));
  if (!ok && led.has(host)) ok = true;
  if (!ok && ms < 1000) {
    ok = await picture(url, left());
    if (ok) ms = now() - began;
  }
  if (!ok && until - began < TRY_MS && now() >= until - 100 && ms < LEAST_MS) return null;
  if (!ok || at < 0) return { host, ok, ms: Math.round(ms), large: at >= 0 };
  const again = now();
  const whole = await picture(`${url}x`, left());
  // What ended early came, or is no picture: either way it did not come slowly.
  return { host, ok, ms: Math.round(now() - again), large: whole || now() - again > LEAST_MS };
}

async function echo(until) {
  const number = fresh();
  const options = Object.assign({ redirect: 'manual' }, PRIVATE);
  const got = await within(
    Math.min(TRY_MS, until - now()),
    fetch(plan.echo + number, options).then((answer) => (answer.type === 'opaqueredirect' ? 'led' : answer.text())),
  );
  return got === false ? 'none' : got === number ? 'same' : 'other';
}

async function measure(progress) {
  const services = plan.services.map((one) => ({ id: one.id, hosts: one.hosts, tries: [] }));
  const seen = { online: true, echo: 'none', bait: false, abroad: [], home: [], services };
  const until = now() + MOST_MS;
  const shut = (entry, tries) => {
    const own = tries.filter(({ host, large }) => host === entry.split('/')[0] && (large || !entry.includes('/')));
    return own.every(({ ok, ms, large }) => !ok || (large && ms >= LEAST_MS));
  };
  for (let round = 0; round < ROUNDS; round++) {
    const tasks = [];
    const add = (entry, to) =>
      tasks.push(async () => {
        const one = await tryHost(entry, until);
        if (one) to.push(one);
      });
    tasks.push(async () => {
      if (seen.echo === 'none') seen.echo = await echo(until);
      // A worker that stands in for this site could answer in the place of others.
      const worker = navigator.serviceWorker && navigator.serviceWorker.controller;
      if (!seen.bait && !worker) seen.bait = await ask(plan.bait + fresh(), Math.min(TRY_MS, until - now()));
    });
    for (const entry of plan.abroad) add(entry, seen.abroad);
    for (const entry of plan.home) add(entry, seen.home);
    for (const one of services) for (const entry of one.hosts) if (shut(entry, one.tries)) add(entry, one.tries);
    const all = tasks.length;
    const worker = async () => {
      while (tasks.length > 0 && now() < until) {
        await tasks.shift()();
        progress((round + 1 - tasks.length / all) / ROUNDS);
      }
    };
    await Promise.all(Array.from({ length: WIDTH }, worker));
  }
  seen.online = navigator.onLine !== false;
  return seen;
}

function line(text, name) {
  const made = document.createElement('p');
  made.textContent = text;
  if (name) made.className = name;
  told.appendChild(made);
}

const nameOf = (id) => plan.services.find((one) => one.id === id).name;
const listOf = (names) =>
  Intl.ListFormat ? new Intl.ListFormat(document.documentElement.lang).format(names) : names.join(', ');

function tell(said) {
  told.textContent = '';
  const ids = (verdict) => said.services.filter((one) => one.verdict === verdict).map(({ id }) => id);
  const bad = ['fails', 'partly', 'slow'].filter((one) => ids(one).length > 0);
  if (said.line !== 'fine') line(words[`line_${said.line}`], 'warned');
  else if (bad.length === 0 && ids('unclear').length === 0) line(words.fine, 'lead');
  for (const verdict of ['fails', 'partly', 'slow', 'unclear', 'works']) {
    const some = ids(verdict);
    if (some.length > 0)
      line(
        words[verdict].replace('%s', () => listOf(some.map(nameOf))),
        bad.includes(verdict) ? 'state' : '',
      );
    for (const { id, others } of plan.services) if (others && verdict === 'fails' && some.includes(id)) line(others);
  }
  if (ids('fails').length > 0 && ids('works').length > 0 && said.line === 'fine') line(words.alone);
  if (said.blocker) line(words.blocker);
  if (plan.clocks.length > 0 && !plan.clocks.includes(-new Date().getTimezoneOffset())) line(words.clock);
}

/** What may be sent, where the line does not explain it: clear answers. */
const sendable = (said) =>
  said.line === 'fine' && !said.blocker
    ? said.services.filter(({ verdict }) => verdict === 'fails' || verdict === 'works')
    : [];

/** Of this opened page: whoever tests twice is one voice. */
const voice = fresh() + fresh();
let ready = [];

button.addEventListener('click', async () => {
  button.disabled = true;
  if (form) form.hidden = true;
  bar.hidden = false;
  told.textContent = words.running;
  const began = now();
  const seen = await measure((share) => (bar.value = share));
  const said = judge(seen);
  bar.hidden = true;
  tell(said);
  ready = sendable(said);
  if (form) {
    outcome.textContent = '';
    form.hidden = ready.length === 0;
  }
  page.setAttribute('data-done', JSON.stringify(Object.assign({ ms: Math.round(now() - began), seen }, said)));
  button.textContent = words.again;
  button.disabled = false;
  told.focus();
});

async function send() {
  const report = {
    country: plan.country,
    operator: form.elements.operator ? form.elements.operator.value : '',
    verdicts: Object.assign({}, ...ready.map(({ id, verdict }) => ({ [id]: verdict }))),
    voice,
    // By the server's clock: this one may be wrong.
    at: plan.at + Math.round(now()),
    to: plan.to,
  };
  const text = JSON.stringify(report);
  const body = JSON.stringify({ report: text, work: await workFor(text, plan.bits) });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(plan.tell, Object.assign({ method: 'POST', headers, body }, PRIVATE));
  return answer.ok ? await answer.text() : 'refused';
}

if (form)
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    form.hidden = true;
    outcome.textContent = words.sending;
    const got = await send().catch(() => 'refused');
    outcome.textContent = words[`sent_${got}`] || words.sent_refused;
    if (got !== 'taken' && got !== 'known') form.hidden = false;
    outcome.focus();
  });
button.hidden = false;
