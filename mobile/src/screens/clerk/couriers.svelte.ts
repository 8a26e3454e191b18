import { backend, type ColleagueEntry } from "../../backend/backend";
import { entryOf } from "../../backend/code-lists";
import { live, type Live } from "../../backend/live.svelte";

async function read(): Promise<readonly ColleagueEntry[]> {
  const colleagues = await backend().colleagues();
  return colleagues.filter(({ role, is_me }) => !is_me && entryOf("role", role)?.name === "courier");
}

/** The couriers whom a station's clerk knows. */
export function couriers(): Live<readonly ColleagueEntry[]> {
  return live("couriers", read);
}
