// A phone with PouchDB: fetches all documents, lives the day without a network, then replicates to the county.

import { Agent } from "node:http"
import { join } from "node:path"
import PouchDB from "pouchdb"
import { read, withBytes } from "../day.mjs"
import { hear, say } from "../lines.mjs"

// Everything in one batch, one checkpoint instead of two: fewest requests.
const OPTIONS = { batch_size: 10_000, checkpoint: "source" }

const [dayFile, folder, port] = process.argv.slice(2)
const { parcels, day } = read(dayFile)
const records = new PouchDB(join(folder, "phone"))
let messages = 0

await PouchDB.replicate(county(port), records, OPTIONS)
await PouchDB.replicate(records, county(port), OPTIONS)
const ids = parcels.map(parcel => withBytes(parcel._, bytes => bytes.toString("base64")))
for (const { parcel, fact } of day) {
  const document = await records.get(ids[parcel])
  document.x.push(withBytes(fact, bytes => bytes.toString("base64")))
  await records.put(document)
}
say({ ready: true })

const { port: overTheLink } = await hear()
messages = 0
const { ok, docs_written, doc_write_failures } = await PouchDB.replicate(records, county(overTheLink), OPTIONS)
if (!ok || doc_write_failures > 0) throw new Error(`${doc_write_failures} of ${docs_written} were not written`)
say({ messages })
await hear()
process.exit(0)

/** The county's database over connections that stay open, which PouchDB by itself closes after each answer. */
function county(port) {
  const agent = new Agent({ keepAlive: true })
  const fetch = async (url, options) => {
    const answer = await PouchDB.fetch(url, { ...options, agent })
    messages += 2
    return answer
  }
  return new PouchDB(`http://127.0.0.1:${port}/records`, { fetch, skip_setup: true })
}
