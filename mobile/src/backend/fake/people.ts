import type { WhomToAsk } from "../records";

/** Contacts that nobody is behind; the numbers cannot be dialled. */
export const SAMPLE_CONTACTS: WhomToAsk = {
  station: {
    record: "sample-station",
    names: { "zh-Hans": "样例镇寄递服务站", "kk-Arab": "ۇلگى قالاشىعى بەكەتى", en: "Sample town station" },
    phone: "12400000001",
  },
  mentor: { record: "sample-mentor", names: { "": "样例师傅" }, phone: "12400000002" },
  liaisons: [{ record: "sample-liaison", names: { "": "样例联络员" }, phone: null }],
};
