/** A feed of one item, on loopback. Arguments: port, title, text. */
import { createServer } from 'node:http';

const [port = '', title = '', text = ''] = process.argv.slice(2);
const date = new Date().toUTCString();
const item = `<item><title>${title}</title><link>http://paper.example/1</link><guid>1</guid><pubDate>${date}</pubDate><description>${text}</description></item>`;
createServer((_req, res) => {
  res.setHeader('content-type', 'application/rss+xml');
  res.end(
    `<?xml version="1.0"?><rss version="2.0"><channel><title>The Paper</title><link>http://paper.example/</link><description>d</description>${item}</channel></rss>`,
  );
}).listen(Number(port), '127.0.0.1');
