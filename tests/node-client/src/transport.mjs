// One request, one answer, over HTTP/1.1. What does not arrive whole is a `Cut`; what the county answers with another
// status than 200 is an `Answered`.
import http from 'node:http';
import https from 'node:https';
import { readError } from './messages.mjs';

const MAX_ANSWER_BYTES = 262_144;

/** The connection ended before the whole answer came: nothing is known of what the county has done. */
export class Cut extends Error {}

/** An error of the table in docs/sync-protocol.md, by its stable code. */
export class Answered extends Error {
  constructor(status, { code, text, comeBackAfter }) {
    super(`${status} ${text}`);
    Object.assign(this, { status, code, text, comeBackAfter });
  }
}

export async function post(address, path, headers, body) {
  const url = new URL(path, address);
  const { request } = url.protocol === 'https:' ? https : http;
  const { status, bytes } = await new Promise((resolve, reject) => {
    const cut = (cause) => reject(new Cut('the connection was cut', { cause }));
    const sent = request(
      url,
      {
        method: 'POST',
        agent: false,
        headers: { 'Content-Type': 'application/cbor', 'Content-Length': body.length, ...headers },
      },
      (answer) => collect(answer).then((collected) => resolve({ status: answer.statusCode, bytes: collected }), cut),
    );
    sent.on('error', cut);
    sent.end(body);
  });
  if (status !== 200) throw new Answered(status, readError(bytes));
  return bytes;
}

async function collect(answer) {
  const chunks = [];
  let length = 0;
  for await (const chunk of answer) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new Error('an answer is too large');
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
