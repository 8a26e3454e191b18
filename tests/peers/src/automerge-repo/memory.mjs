/** A storage that is gone with the process: what a phone wrote to its flash is nobody's to measure here. */
export class MemoryStorage {
  #kept = new Map()

  async load(key) {
    return this.#kept.get(key.join("/"))
  }
  async save(key, data) {
    this.#kept.set(key.join("/"), data)
  }
  async remove(key) {
    this.#kept.delete(key.join("/"))
  }
  async loadRange(prefix) {
    const under = [...this.#kept].filter(([key]) => key.startsWith(prefix.join("/")))
    return under.map(([key, data]) => ({ key: key.split("/"), data }))
  }
  async removeRange(prefix) {
    for (const { key } of await this.loadRange(prefix)) await this.remove(key)
  }
}
