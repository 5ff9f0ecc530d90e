// The one script of all pages, sent together with rules.js and run as it stands here: ES2018. It asks the hosts that the page's policy names and no other,
// when it is told to, and tells nobody what came of it.
import { judge } from './rules.js';

const ROUNDS = 2;
/** For one try; all tries of a round run side by side, so that it is over in about twice this. */
const TRY_MS = 5000;
/** Requests under way at a time: on a slow line more would make each other late. */
const WIDTH = 8;

const page = document.getElementById('here');
const plan = JSON.parse(page.getAttribute('data-plan'));
const words = plan.words;
const button = document.getElementById('here-start');
const told = document.getElementById('here-told');
const bar = document.getElementById('here-bar');

const fresh = () => Math.random().toString(36).slice(2);

/** Settles after TRY_MS at the latest. */
function within(work, stop) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      if (stop) stop();
      resolve(false);
    }, TRY_MS);
    work.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      () => {
        clearTimeout(timer);
        resolve(false);
      },
    );
  });
}

/** An opaque answer is all that a stranger's host gives: that it came, with a certificate that holds. Nothing is read from a cache, no cookie is sent. */
function ask(url) {
  const cut = typeof AbortController === 'function' ? new AbortController() : null;
  const options = { mode: 'no-cors', cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer' };
  if (cut) options.signal = cut.signal;
  return within(
    fetch(url, options).then(() => true),
    () => cut && cut.abort(),
  );
}

/** Where fetch was refused, for what some browsers and blockers refuse to fetch alone. */
function picture(url) {
  return within(
    new Promise((resolve, reject) => {
      const image = new Image();
      image.referrerPolicy = 'no-referrer';
      image.onload = () => resolve(true);
      image.onerror = reject;
      image.src = url;
    }),
  );
}

async function tryHost(host) {
  const began = performance.now();
  const url = 'https://' + host + '/favicon.ico?' + fresh();
  let ok = await ask(url);
  const ms = performance.now() - began;
  if (!ok && ms < TRY_MS / 2) ok = await picture(url);
  return { host, ok, ms: Math.round(ok ? performance.now() - began : ms) };
}

async function echo() {
  const number = fresh();
  const got = await within(
    fetch(plan.echo + number, { cache: 'no-store', credentials: 'omit' }).then((answer) => answer.text()),
  );
  return got === false ? 'none' : got === number ? 'same' : 'other';
}

async function measure(progress) {
  const services = plan.services.map((one) => ({ id: one.id, hosts: one.hosts, tries: [] }));
  const seen = { online: true, echo: 'none', bait: false, abroad: [], home: [], services };
  const tasks = [];
  const add = (host, to) => tasks.push(async () => void to.push(await tryHost(host)));
  for (let round = 0; round < ROUNDS; round++) {
    for (const host of plan.abroad) add(host, seen.abroad);
    for (const host of plan.home) add(host, seen.home);
    for (const one of services) for (const host of one.hosts) add(host, one.tries);
  }
  tasks.push(async () => void (seen.bait = await ask(plan.bait + fresh())));
  const all = tasks.length;
  let done = 0;
  const until = performance.now() + plan.mostMs;
  seen.echo = await echo();
  const worker = async () => {
    // What is not begun in time is left out; a service with one try alone is not judged by it.
    while (tasks.length > 0 && performance.now() < until) {
      await tasks.shift()();
      progress(++done, all);
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
  if (seen.echo === 'none') seen.echo = await echo();
  seen.online = navigator.onLine !== false;
  return seen;
}

function line(text, name) {
  const made = document.createElement('p');
  made.textContent = text;
  if (name) made.className = name;
  told.appendChild(made);
}

function tell(said) {
  told.textContent = '';
  const names = (verdict) =>
    said.services
      .filter((one) => one.verdict === verdict)
      .map((one) => plan.services.find(({ id }) => id === one.id).name);
  const fails = names('fails');
  const bad = ['fails', 'partly', 'slow'].filter((one) => names(one).length > 0);
  if (said.line !== 'fine') line(words[`line_${said.line}`], 'warned');
  else if (bad.length === 0 && names('unclear').length === 0) line(words.fine, 'lead');
  for (const verdict of ['fails', 'partly', 'slow', 'unclear', 'works']) {
    const some = names(verdict);
    if (some.length > 0)
      line(
        words[verdict].replace('%s', () => some.join(', ')),
        bad.includes(verdict) ? 'state' : '',
      );
  }
  if (fails.length > 0 && names('works').length > 0 && said.line === 'fine') line(words.alone);
  if (said.blocker) line(words.blocker);
}

button.addEventListener('click', async () => {
  button.disabled = true;
  bar.hidden = false;
  told.textContent = words.running;
  const seen = await measure((done, all) => {
    bar.max = all;
    bar.value = done;
  });
  bar.hidden = true;
  tell(judge(seen));
  page.setAttribute('data-done', JSON.stringify(judge(seen)));
  button.textContent = words.again;
  button.disabled = false;
  told.focus();
});
button.hidden = false;
