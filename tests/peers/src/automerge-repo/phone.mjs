// A phone with automerge-repo: fetches all documents, lives the day without a network, then syncs.

import { readFileSync } from "node:fs"
import { join } from "node:path"
import { decodeSyncMessage, getHeads } from "@automerge/automerge"
import { Repo } from "@automerge/automerge-repo"
import { WebSocketClientAdapter } from "@automerge/automerge-repo-network-websocket"
import { read, withBytes } from "../day.mjs"
import { hear, say } from "../lines.mjs"
import { MemoryStorage } from "./memory.mjs"

const [dayFile, folder, port] = process.argv.slice(2)
const urls = JSON.parse(readFileSync(join(folder, "documents.json"), "utf8"))
const { day } = read(dayFile)

const fetching = adapterTo(port)
const repo = new Repo({ network: [fetching], storage: new MemoryStorage(), peerId: "phone" })
// What is asked for before there is anybody to ask is told to be unavailable.
await new Promise(met => repo.networkSubsystem.once("peer", met))
const handles = await Promise.all(urls.map(url => repo.find(url)))
await repo.flush()
repo.networkSubsystem.removeNetworkAdapter(fetching)

for (const { parcel, fact } of day) {
  handles[parcel].change(document => document.x.push(withBytes(fact, bytes => new Uint8Array(bytes))), { time: 0 })
}
await repo.flush()
say({ ready: true })

const { port: overTheLink } = await hear()
let messages = 0
const syncing = adapterTo(overTheLink)
const send = syncing.send.bind(syncing)
syncing.send = message => {
  messages += 1
  send(message)
}
const lacking = new Map(handles.map(handle => [handle.documentId, getHeads(handle.doc()).sort().join()]))
const acknowledged = new Promise(resolve => {
  // The county has what it names as its own heads.
  syncing.on("message", message => {
    messages += 1
    if (message.type !== "sync") return
    if (decodeSyncMessage(message.data).heads.sort().join() === lacking.get(message.documentId)) {
      lacking.delete(message.documentId)
    }
    if (lacking.size === 0) resolve()
  })
})
repo.networkSubsystem.addNetworkAdapter(syncing)
await acknowledged
say({ messages })
await hear()
process.exit(0)

function adapterTo(port) {
  // Nothing is tried again while it is measured.
  return new WebSocketClientAdapter(`ws://127.0.0.1:${port}`, 3_600_000)
}
