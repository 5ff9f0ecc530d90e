/**
 * The door of a centre that is somewhere else: TLS on an address of the lab's internet, and what comes through goes on to a socket in the file
 * system, which is the same in all network namespaces. Arguments: address, port, certificate, key, path of the socket.
 */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createServer } from 'node:tls';

const [address = '', port = '', certificate = '', key = '', path = ''] = process.argv.slice(2);
createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (visitor) => {
  const centre = connect(path);
  visitor.pipe(centre).pipe(visitor);
  for (const end of [visitor, centre]) {
    end.on('error', () => undefined);
    end.on('close', () => {
      visitor.destroy();
      centre.destroy();
    });
  }
}).listen(Number(port), address);
