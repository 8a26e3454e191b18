// What a courier of the sample county has before them on the morning of the tests.
export const COURIER = 'C05';
export const COLLEAGUE = 'C06';
export const CLERK = 'K03';

export const NAME = { courier: '单核桃', colleague: '山铜壶' };

/** Where the courier's station is, and a ride begins, in 1e-7 degrees. */
export const STATION = { lat_e7: 488_760_492, lon_e7: 858_708_610 };

export const STATION_NAME = '齐巴尔镇寄递服务站';

/** Households by what happens at them. */
export const HOUSEHOLD = {
  five: 'H0005',
  absent: 'H0008',
  proxy: 'H0010',
  undone: 'H0015',
  corrected: 'H0012',
  handedOver: 'H0016',
  errand: 'H0018',
  pickup: 'H0019',
};

const waybill = (number) => `SBZT88${String(number).padStart(8, '0')}`;

/** The ten parcels of the day by what happens to them. */
export const WAYBILL = {
  five: [1, 2, 3, 4, 5].map(waybill),
  absent: [waybill(6)],
  proxy: [waybill(7)],
  undone: [waybill(8)],
  corrected: [waybill(9)],
  handedOver: [waybill(10)],
};

export const ALL_WAYBILLS = Object.values(WAYBILL).flat();

/** Gives the courier ten parcels, an errand and a pickup; where they are to be found. */
export async function morning(county) {
  await county.households(...Object.values(HOUSEHOLD));
  const parcels = Object.entries(WAYBILL).flatMap(([what, waybills]) =>
    waybills.map((waybill) => ({ waybill, household: HOUSEHOLD[what], phone: '12455600010', place: 'S003' })),
  );
  parcels[0].cash_fen = 12_000;
  parcels[5].flags = 'urgent';
  await county.parcels(COURIER, parcels);
  const clerk = await county.phone(CLERK);
  const [errand, pickup] = [
    await county.errand(clerk, COURIER, HOUSEHOLD.errand, ['砖茶;quantity=2 块;or_else=方糖', '盐;quantity=1 袋']),
    await county.pickup(clerk, COURIER, HOUSEHOLD.pickup, 'goods=sea_buckthorn', 'destination=乌鲁木齐'),
  ];
  const ids = await Promise.all(Object.values(HOUSEHOLD).map(async (key) => (await county.show(key)).record));
  const household = Object.fromEntries(Object.keys(HOUSEHOLD).map((what, at) => [what, ids[at]]));
  return { errand, pickup, household, clerk };
}
