import type { Backend } from "../backend";
import { fakeActs } from "./acts";
import { fakeDevice } from "./device";
import { fakeMoney } from "./money";
import { fakePeople } from "./people";
import { fakeRouting } from "./route";
import { silent } from "./says";
import { fakeStation } from "./station";
import { fakeSyncing } from "./syncing";

/** A backend in memory with made-up records, for the gallery and for tests. What is given replaces a command. */
export function fakeBackend(over: Partial<Backend> = {}): Backend {
  return {
    ...fakeActs,
    ...fakeDevice,
    ...fakeMoney,
    ...fakePeople,
    ...fakeRouting,
    ...fakeStation,
    ...fakeSyncing,
    onChanged: silent,
    ...over,
  };
}
