import type {
  Backend,
  CampEntry,
  ColleagueEntry,
  ConsentEntry,
  HouseholdPage,
  Phone,
  PlaceEntry,
  WhomToAsk,
} from "../backend";
import { sampleItem, SAMPLE_NOW_MS } from "./item";
import { says } from "./says";

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

export const SAMPLE_PHONE: Phone = { fact: "7:1", number: "12400000003" };

export const SAMPLE_CONSENT: ConsentEntry = {
  record: "sample-consent",
  scope: 1,
  proxy: "样例邻居",
  drop_point: null,
  drop_point_names: {},
  until_ms: null,
  status: "given",
  stands: true,
};

const CAMP: CampEntry = {
  record: "sample-camp",
  household: "sample-household-1",
  household_name: "样例甲",
  status: "moved_in",
  season: 2,
  valid_from_ms: SAMPLE_NOW_MS - 5 * 86_400_000,
  valid_until_ms: null,
  position: { lat_e7: 480_600_000, lon_e7: 864_300_000 },
  landmark: "白毡房，两棵松树",
  directions: "",
};

export const SAMPLE_HOUSEHOLD: HouseholdPage = {
  record: "sample-household-1",
  name: "样例甲",
  is_whole: true,
  status: "registered",
  language: "kk-Arab",
  drop_point: "sample-place-drop",
  drop_point_names: { "zh-Hans": "样例村便民服务点", "kk-Arab": "ۇلگى قىستاق قىزمەت ورنى" },
  phones: [SAMPLE_PHONE],
  phones_known: true,
  camps: [CAMP],
  consents: [SAMPLE_CONSENT],
  items: [sampleItem(1), sampleItem(2)],
};

const PLACES: PlaceEntry[] = [
  {
    record: "sample-station",
    kind: 1,
    host: null,
    names: { "zh-Hans": "样例镇寄递服务站", "kk-Arab": "ۇلگى قالاشىعى بەكەتى" },
    position: { lat_e7: 480_584_100, lon_e7: 864_162_900 },
    hours: "09:30-20:00",
    services: [],
    keeping_days: null,
    keeper: "",
    is_callable: true,
    metres: 2340,
    bearing_deg: 63,
    is_open: true,
  },
  {
    record: "sample-place-drop",
    kind: 2,
    host: 1,
    names: { "zh-Hans": "样例村便民服务点", "kk-Arab": "ۇلگى قىستاق قىزمەت ورنى" },
    position: { lat_e7: 480_700_000, lon_e7: 864_300_000 },
    hours: "10:00-19:00",
    services: [],
    keeping_days: 5,
    keeper: "样例店主",
    is_callable: true,
    metres: 14_200,
    bearing_deg: 200,
    is_open: true,
  },
  {
    record: "sample-place-rest",
    kind: 3,
    host: null,
    names: { "zh-Hans": "样例暖蜂驿站", "kk-Arab": "ۇلگى دەمالۋ بەكەتى" },
    position: null,
    hours: "",
    services: [1, 2, 4],
    keeping_days: null,
    keeper: "",
    is_callable: false,
    metres: null,
    bearing_deg: null,
    is_open: false,
  },
];

const COLLEAGUES: ColleagueEntry[] = [
  {
    person: "sample-colleague-1",
    name: "样例同事一",
    role: 1,
    station: "sample-station",
    is_callable: true,
    is_me: false,
  },
  {
    person: "sample-colleague-2",
    name: "ۇلگى ارىپتەس",
    role: 1,
    station: "sample-station",
    is_callable: true,
    is_me: false,
  },
  {
    person: "sample-person",
    name: "样例骑手",
    role: 1,
    station: "sample-station",
    is_callable: false,
    is_me: true,
  },
];

export const fakePeople = {
  household: (record) => Promise.resolve({ ...SAMPLE_HOUSEHOLD, record }),
  households: says([
    sampleItem(1, { record: "sample-household-1", kind: "household", status: "registered" }),
  ]),
  myDataAbout: (household) =>
    Promise.resolve({
      household,
      name: SAMPLE_HOUSEHOLD.name,
      held: [
        {
          record: household,
          kind: "household",
          status: "registered",
          fields: ["name"],
          side: ["phone"],
          facts: 2,
        },
      ],
    }),
  registerHousehold: says("sample-household-new"),
  phoneGiven: says("7:50"),
  phoneNoLongerRight: says("7:51"),
  askedToBeForgotten: says("7:52"),
  noteCamp: says("sample-camp-new"),
  giveConsent: says("sample-consent-new"),
  withdrawConsent: says("7:53"),
  report: says({ tip: "saved" as const, record: "sample-tip", numbered: true }),
  tips: says([sampleItem(1, { record: "sample-tip", kind: "tip", status: "reported" })]),
  reopenTip: says({ tip: "saved" as const, record: "sample-tip", numbered: true }),
  raiseAppeal: says({ appeal: "saved" as const, record: "sample-appeal", numbered: true }),
  appeals: says([sampleItem(2, { record: "sample-appeal", kind: "appeal", status: "raised" })]),
  places: says(PLACES),
  colleagues: says(COLLEAGUES),
  whomToAsk: says(SAMPLE_CONTACTS),
} satisfies Partial<Backend>;
