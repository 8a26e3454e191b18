// automerge-repo's server: its WebSocket adapter, and its storage in a folder.

import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Repo } from "@automerge/automerge-repo"
import { WebSocketServerAdapter } from "@automerge/automerge-repo-network-websocket"
import { NodeFSStorageAdapter } from "@automerge/automerge-repo-storage-nodefs"
import { WebSocketServer } from "ws"
import { read, withBytes } from "../day.mjs"
import { hear, say } from "../lines.mjs"

const [dayFile, folder] = process.argv.slice(2)
const documentsFile = join(folder, "documents.json")

// Deflated in one stream, the messages weigh two fifths of what they do without: the peer gets it.
const sockets = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: true })
await new Promise(listening => sockets.once("listening", listening))
const repo = new Repo({
  // By itself it ends a connection that does not answer within five seconds, as none does behind a queue of 5 KB/s.
  network: [new WebSocketServerAdapter(sockets, 600_000)],
  storage: new NodeFSStorageAdapter(join(folder, "documents")),
  peerId: "county",
})

if (!existsSync(documentsFile)) {
  const { parcels } = read(dayFile)
  const urls = parcels.map(parcel => repo.create({ ...withBytes(parcel, bytes => new Uint8Array(bytes)), x: [] }).url)
  await repo.flush()
  writeFileSync(documentsFile, JSON.stringify(urls))
}
say({ port: sockets.address().port })

while (await hear()) {
  const urls = JSON.parse(readFileSync(documentsFile, "utf8"))
  let facts = 0
  for (const url of urls) facts += (await repo.find(url)).doc().x.length
  say({ facts })
}
await repo.flush()
process.exit(0)
