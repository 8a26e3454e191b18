// A TCP proxy on loopback that passes everything on, or delivers a request and loses its answer.
import { once } from 'node:events';
import net from 'node:net';

export class LosingProxy {
  #losing = 0;
  lost = 0;

  static async before(address) {
    const proxy = new LosingProxy();
    const { hostname, port } = new URL(address);
    proxy.server = net.createServer((device) => proxy.#join(device, net.connect(port, hostname)));
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    proxy.address = `http://127.0.0.1:${proxy.server.address().port}`;
    return proxy;
  }

  loseNextAnswer() {
    this.#losing += 1;
  }

  /** The county answers after it has committed: at the first byte of an answer all of the request was received. */
  #join(device, county) {
    device.pipe(county);
    county.on('data', (bytes) => {
      if (!this.#losing) return device.write(bytes);
      this.#losing -= 1;
      this.lost += 1;
      device.destroy();
      county.destroy();
    });
    county.on('end', () => device.end());
    for (const [one, other] of [
      [device, county],
      [county, device],
    ])
      one.on('error', () => other.destroy());
  }

  close() {
    this.server.close();
  }
}
