import { backend, type FactId } from "../backend/backend";
import { codeOf } from "../backend/errors";
import { tell, tellTrouble } from "../components/toast.svelte";
import { errorText } from "../texts/codes";

/** Says what was recorded and offers to take it back; `undone` is called once it was. */
export function tellUndoable(
  said: string,
  facts: readonly FactId[],
  undone: () => unknown = () => undefined,
): void {
  tell(said, () => void takeBack(facts, undone));
}

/** Where the act was recorded may be gone by now: what goes wrong is said where taking it back was offered. */
async function takeBack(facts: readonly FactId[], undone: () => unknown): Promise<void> {
  try {
    await backend().undo([...facts]);
  } catch (thrown) {
    tellTrouble(errorText(codeOf(thrown)));
    return;
  }
  undone();
}
