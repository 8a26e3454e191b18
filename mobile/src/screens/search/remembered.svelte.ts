/** What was typed last, so that it is there again on coming back from what was found. */
export const remembered = $state({ typed: "" });
