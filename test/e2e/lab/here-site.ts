/** The site with the page that measures, in the lab's internet. Arguments: address, port, hosts as JSON. Says when it listens. */
import { openTestSite } from '../../unit/web/site/support.ts';

const [host = '', port = '', hosts = ''] = process.argv.slice(2);
const site = await openTestSite({ at: { host, port: Number(port) }, here: JSON.parse(hosts) });
process.stdout.write(`${site.url}\n`);
