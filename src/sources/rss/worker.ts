/** Runs in a worker thread: takes `ParseJob`s one at a time and answers each; the host ends it when it takes too long. */
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { FeedProblem, readFeed } from './read-feed.ts';
import type { ParseAnswer, ParseJob } from './shape.ts';

// On Linux the priority belongs to the thread that sets it: on a busy machine the main loop, which answers people, goes first.
try {
  if (process.platform === 'linux') setPriority(0, 5);
} catch {
  // A sandbox that forbids it: then it is not so.
}

const port = parentPort!;
port.on('message', async ({ id, bytes, contentType, url }: ParseJob) => {
  let answer: ParseAnswer;
  try {
    answer = { id, feed: await readFeed(bytes, contentType, url) };
  } catch (error) {
    const known = error instanceof FeedProblem;
    answer = {
      id,
      code: known ? error.code : 'feed_unreadable',
      message: known ? error.message : 'It cannot be read as a feed.',
    };
  }
  port.postMessage(answer);
});
port.postMessage('ready');
