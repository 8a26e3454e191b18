// express-pouchdb: the database in a folder, and of its routes those alone that a PouchDB needs.

import { join } from "node:path"
import express from "express"
import expressPouchDB from "express-pouchdb"
import PouchDB from "pouchdb"
import { read, withBytes } from "../day.mjs"
import { hear, say } from "../lines.mjs"

const [dayFile, folder] = process.argv.slice(2)
const Databases = PouchDB.defaults({ prefix: join(folder, "database-") })
const app = express()
// Before any database is opened: it serves those alone that it saw being made.
app.use("/", expressPouchDB(Databases, { mode: "minimumForPouchDB" }))
const records = new Databases("records")

if ((await records.info()).doc_count === 0) {
  const { parcels } = read(dayFile)
  await records.bulkDocs(parcels.map(parcel => {
    const { _: _id, ...plan } = withBytes(parcel, bytes => bytes.toString("base64"))
    return { _id, ...plan, x: [] }
  }))
}

const server = app.listen(0, "127.0.0.1", () => say({ port: server.address().port }))
// A connection is kept as long as a phone keeps it.
server.keepAliveTimeout = 600_000

while (await hear()) {
  const { rows } = await records.allDocs({ include_docs: true })
  say({ facts: rows.reduce((sum, row) => sum + row.doc.x.length, 0) })
}
await records.close()
process.exit(0)
