// Generated from codes/*.toml.

/// Codes of the list `appeal_kind`.
pub mod appeal_kind {
    /// `pay_late`.
    pub const PAY_LATE: u16 = 1;
    /// `pay_short`.
    pub const PAY_SHORT: u16 = 2;
    /// `deduction`.
    pub const DEDUCTION: u16 = 3;
    /// `unfair_fine`.
    pub const UNFAIR_FINE: u16 = 4;
    /// `complaint_disputed`.
    pub const COMPLAINT_DISPUTED: u16 = 5;
    /// `contract`.
    pub const CONTRACT: u16 = 6;
    /// `insurance`.
    pub const INSURANCE: u16 = 7;
    /// `injury`.
    pub const INJURY: u16 = 8;
    /// `vehicle_accident`.
    pub const VEHICLE_ACCIDENT: u16 = 9;
    /// `working_hours`.
    pub const WORKING_HOURS: u16 = 10;
    /// `weather_stop`.
    pub const WEATHER_STOP: u16 = 11;
    /// `equipment`.
    pub const EQUIPMENT: u16 = 12;
    /// `workplace`.
    pub const WORKPLACE: u16 = 13;
    /// `harassment`.
    pub const HARASSMENT: u16 = 14;
    /// `account_blocked`.
    pub const ACCOUNT_BLOCKED: u16 = 15;
    /// `training_or_certificate`.
    pub const TRAINING_OR_CERTIFICATE: u16 = 16;
    /// `suggestion`.
    pub const SUGGESTION: u16 = 17;
}

/// Codes of the list `appeal_settlement`.
pub mod appeal_settlement {
    /// `in_full`.
    pub const IN_FULL: u16 = 1;
    /// `in_part`.
    pub const IN_PART: u16 = 2;
    /// `not_settled`.
    pub const NOT_SETTLED: u16 = 3;
}

/// Codes of the list `carrier_kind`.
pub mod carrier_kind {
    /// `express`.
    pub const EXPRESS: u16 = 1;
    /// `post`.
    pub const POST: u16 = 2;
}

/// Codes of the list `case_tier`.
pub mod case_tier {
    /// `handled_directly`.
    pub const HANDLED_DIRECTLY: u16 = 1;
    /// `coordinated_by_township`.
    pub const COORDINATED_BY_TOWNSHIP: u16 = 2;
    /// `decided_by_county`.
    pub const DECIDED_BY_COUNTY: u16 = 3;
}

/// Codes of the list `consent_scope`.
pub mod consent_scope {
    /// `proxy`.
    pub const PROXY: u16 = 1;
    /// `drop_point`.
    pub const DROP_POINT: u16 = 2;
    /// `errand_help`.
    pub const ERRAND_HELP: u16 = 3;
}

/// Codes of the list `delivery_flag`.
pub mod delivery_flag {
    /// `cold_chain`.
    pub const COLD_CHAIN: u16 = 1;
    /// `urgent`.
    pub const URGENT: u16 = 2;
    /// `fragile`.
    pub const FRAGILE: u16 = 4;
    /// `heavy`.
    pub const HEAVY: u16 = 8;
}

/// Codes of the list `drop_point_host`.
pub mod drop_point_host {
    /// `village_service_post`.
    pub const VILLAGE_SERVICE_POST: u16 = 1;
    /// `transfer_settlement`.
    pub const TRANSFER_SETTLEMENT: u16 = 2;
    /// `points_shop`.
    pub const POINTS_SHOP: u16 = 3;
    /// `shiliuzi_station`.
    pub const SHILIUZI_STATION: u16 = 4;
    /// `shop`.
    pub const SHOP: u16 = 5;
}

/// Codes of the list `failure_reason`.
pub mod failure_reason {
    /// `recipient_absent`.
    pub const RECIPIENT_ABSENT: u16 = 1;
    /// `phone_unreachable`.
    pub const PHONE_UNREACHABLE: u16 = 2;
    /// `camp_moved`.
    pub const CAMP_MOVED: u16 = 3;
    /// `address_wrong`.
    pub const ADDRESS_WRONG: u16 = 4;
    /// `address_unreachable`.
    pub const ADDRESS_UNREACHABLE: u16 = 5;
    /// `road_closed`.
    pub const ROAD_CLOSED: u16 = 6;
    /// `river_or_snow`.
    pub const RIVER_OR_SNOW: u16 = 7;
    /// `refused`.
    pub const REFUSED: u16 = 8;
    /// `cash_unpaid`.
    pub const CASH_UNPAID: u16 = 9;
    /// `code_mismatch`.
    pub const CODE_MISMATCH: u16 = 10;
    /// `identity_check_failed`.
    pub const IDENTITY_CHECK_FAILED: u16 = 11;
    /// `consent_missing`.
    pub const CONSENT_MISSING: u16 = 12;
    /// `damaged`.
    pub const DAMAGED: u16 = 13;
    /// `missing`.
    pub const MISSING: u16 = 14;
    /// `spoiled`.
    pub const SPOILED: u16 = 15;
    /// `station_closed`.
    pub const STATION_CLOSED: u16 = 16;
    /// `asked_for_later`.
    pub const ASKED_FOR_LATER: u16 = 17;
    /// `breakdown`.
    pub const BREAKDOWN: u16 = 18;
    /// `animal_unfit`.
    pub const ANIMAL_UNFIT: u16 = 19;
    /// `border_permit`.
    pub const BORDER_PERMIT: u16 = 20;
    /// `out_of_time`.
    pub const OUT_OF_TIME: u16 = 21;
    /// `other`.
    pub const OTHER: u16 = 22;
}

/// Codes of the list `goods`.
pub mod goods {
    /// `lamb`.
    pub const LAMB: u16 = 1;
    /// `mutton`.
    pub const MUTTON: u16 = 2;
    /// `beef`.
    pub const BEEF: u16 = 3;
    /// `horse_meat`.
    pub const HORSE_MEAT: u16 = 4;
    /// `other_meat`.
    pub const OTHER_MEAT: u16 = 5;
    /// `fish`.
    pub const FISH: u16 = 6;
    /// `sea_buckthorn`.
    pub const SEA_BUCKTHORN: u16 = 7;
    /// `dairy`.
    pub const DAIRY: u16 = 8;
    /// `honey`.
    pub const HONEY: u16 = 9;
    /// `fruit_or_vegetables`.
    pub const FRUIT_OR_VEGETABLES: u16 = 10;
    /// `dried_food`.
    pub const DRIED_FOOD: u16 = 11;
    /// `grain_or_seed`.
    pub const GRAIN_OR_SEED: u16 = 12;
    /// `wool_or_felt`.
    pub const WOOL_OR_FELT: u16 = 13;
    /// `hides`.
    pub const HIDES: u16 = 14;
    /// `handicraft`.
    pub const HANDICRAFT: u16 = 15;
    /// `papers`.
    pub const PAPERS: u16 = 16;
    /// `clothing`.
    pub const CLOTHING: u16 = 17;
    /// `household_goods`.
    pub const HOUSEHOLD_GOODS: u16 = 18;
    /// `other`.
    pub const OTHER: u16 = 19;
}

/// Codes of the list `how_collected`.
pub mod how_collected {
    /// `by_code`.
    pub const BY_CODE: u16 = 1;
    /// `keepers_list`.
    pub const KEEPERS_LIST: u16 = 2;
    /// `counted_at_next_visit`.
    pub const COUNTED_AT_NEXT_VISIT: u16 = 3;
}

/// Codes of the list `how_consent_given`.
pub mod how_consent_given {
    /// `spoken`.
    pub const SPOKEN: u16 = 1;
    /// `signed`.
    pub const SIGNED: u16 = 2;
    /// `phone_call`.
    pub const PHONE_CALL: u16 = 3;
    /// `message`.
    pub const MESSAGE: u16 = 4;
}

/// Codes of the list `identity_document`.
pub mod identity_document {
    /// `resident_id`.
    pub const RESIDENT_ID: u16 = 1;
    /// `temporary_resident_id`.
    pub const TEMPORARY_RESIDENT_ID: u16 = 2;
    /// `military_id`.
    pub const MILITARY_ID: u16 = 3;
    /// `armed_police_id`.
    pub const ARMED_POLICE_ID: u16 = 4;
    /// `hong_kong_macao_taiwan_residence_permit`.
    pub const HONG_KONG_MACAO_TAIWAN_RESIDENCE_PERMIT: u16 = 5;
    /// `hong_kong_macao_travel_permit`.
    pub const HONG_KONG_MACAO_TRAVEL_PERMIT: u16 = 6;
    /// `taiwan_travel_permit`.
    pub const TAIWAN_TRAVEL_PERMIT: u16 = 7;
    /// `foreign_passport`.
    pub const FOREIGN_PASSPORT: u16 = 8;
    /// `foreign_permanent_residence_id`.
    pub const FOREIGN_PERMANENT_RESIDENCE_ID: u16 = 9;
    /// `other`.
    pub const OTHER: u16 = 10;
}

/// Codes of the list `kuaidi100`.
pub mod kuaidi100 {
    /// `in_transit`.
    pub const IN_TRANSIT: u16 = 0;
    /// `collected`.
    pub const COLLECTED: u16 = 1;
    /// `trouble`.
    pub const TROUBLE: u16 = 2;
    /// `signed`.
    pub const SIGNED: u16 = 3;
    /// `returned_and_signed`.
    pub const RETURNED_AND_SIGNED: u16 = 4;
    /// `out_for_delivery`.
    pub const OUT_FOR_DELIVERY: u16 = 5;
    /// `being_returned`.
    pub const BEING_RETURNED: u16 = 6;
    /// `forwarded`.
    pub const FORWARDED: u16 = 7;
    /// `customs`.
    pub const CUSTOMS: u16 = 8;
    /// `customs_waiting`.
    pub const CUSTOMS_WAITING: u16 = 10;
    /// `customs_in_progress`.
    pub const CUSTOMS_IN_PROGRESS: u16 = 11;
    /// `customs_cleared`.
    pub const CUSTOMS_CLEARED: u16 = 12;
    /// `customs_trouble`.
    pub const CUSTOMS_TROUBLE: u16 = 13;
    /// `refused`.
    pub const REFUSED: u16 = 14;
    /// `signed_by_addressee`.
    pub const SIGNED_BY_ADDRESSEE: u16 = 301;
    /// `signed_after_trouble`.
    pub const SIGNED_AFTER_TROUBLE: u16 = 302;
    /// `signed_by_proxy`.
    pub const SIGNED_BY_PROXY: u16 = 303;
    /// `signed_at_locker_or_station`.
    pub const SIGNED_AT_LOCKER_OR_STATION: u16 = 304;
    /// `placed_at_locker_or_station`.
    pub const PLACED_AT_LOCKER_OR_STATION: u16 = 501;
}

/// Codes of the list `language`.
pub mod language {
    /// `zh_hans`.
    pub const ZH_HANS: u16 = 1;
    /// `kk_arab`.
    pub const KK_ARAB: u16 = 2;
    /// `en`.
    pub const EN: u16 = 3;
}

/// Codes of the list `place_kind`.
pub mod place_kind {
    /// `station`.
    pub const STATION: u16 = 1;
    /// `drop_point`.
    pub const DROP_POINT: u16 = 2;
    /// `rest_station`.
    pub const REST_STATION: u16 = 3;
    /// `transfer_ground`.
    pub const TRANSFER_GROUND: u16 = 4;
    /// `road_point`.
    pub const ROAD_POINT: u16 = 5;
}

/// Codes of the list `proof_kind`.
pub mod proof_kind {
    /// `receiver_named`.
    pub const RECEIVER_NAMED: u16 = 1;
    /// `pickup_code`.
    pub const PICKUP_CODE: u16 = 2;
    /// `signature`.
    pub const SIGNATURE: u16 = 3;
    /// `photo`.
    pub const PHOTO: u16 = 4;
}

/// Codes of the list `reject_reason`.
pub mod reject_reason {
    /// `about_a_person`.
    pub const ABOUT_A_PERSON: u16 = 1;
    /// `not_a_public_matter`.
    pub const NOT_A_PUBLIC_MATTER: u16 = 2;
    /// `outside_the_county`.
    pub const OUTSIDE_THE_COUNTY: u16 = 3;
    /// `already_mended`.
    pub const ALREADY_MENDED: u16 = 4;
    /// `not_found_there`.
    pub const NOT_FOUND_THERE: u16 = 5;
    /// `reported_before`.
    pub const REPORTED_BEFORE: u16 = 6;
    /// `unclear`.
    pub const UNCLEAR: u16 = 7;
}

/// Codes of the list `rest_service`.
pub mod rest_service {
    /// `meal`.
    pub const MEAL: u16 = 1;
    /// `hot_water`.
    pub const HOT_WATER: u16 = 2;
    /// `rest`.
    pub const REST: u16 = 3;
    /// `charging`.
    pub const CHARGING: u16 = 4;
    /// `haircut`.
    pub const HAIRCUT: u16 = 5;
    /// `repair`.
    pub const REPAIR: u16 = 6;
    /// `first_aid`.
    pub const FIRST_AID: u16 = 7;
    /// `legal_advice`.
    pub const LEGAL_ADVICE: u16 = 8;
    /// `meeting_others`.
    pub const MEETING_OTHERS: u16 = 9;
    /// `lockers`.
    pub const LOCKERS: u16 = 10;
    /// `winter_kit`.
    pub const WINTER_KIT: u16 = 11;
    /// `parking`.
    pub const PARKING: u16 = 12;
}

/// Codes of the list `role`.
pub mod role {
    /// `courier`.
    pub const COURIER: u16 = 1;
    /// `clerk`.
    pub const CLERK: u16 = 2;
    /// `dispatcher`.
    pub const DISPATCHER: u16 = 3;
    /// `liaison`.
    pub const LIAISON: u16 = 4;
    /// `auditor`.
    pub const AUDITOR: u16 = 5;
    /// `admin`.
    pub const ADMIN: u16 = 6;
}

/// Codes of the list `season`.
pub mod season {
    /// `spring`.
    pub const SPRING: u16 = 1;
    /// `summer`.
    pub const SUMMER: u16 = 2;
    /// `autumn`.
    pub const AUTUMN: u16 = 3;
    /// `winter`.
    pub const WINTER: u16 = 4;
}

/// Codes of the list `tip_kind`.
pub mod tip_kind {
    /// `road_washed_out`.
    pub const ROAD_WASHED_OUT: u16 = 1;
    /// `road_ice_or_snow`.
    pub const ROAD_ICE_OR_SNOW: u16 = 2;
    /// `rockfall`.
    pub const ROCKFALL: u16 = 3;
    /// `bridge`.
    pub const BRIDGE: u16 = 4;
    /// `fence_or_gate`.
    pub const FENCE_OR_GATE: u16 = 5;
    /// `fallen_line`.
    pub const FALLEN_LINE: u16 = 6;
    /// `power_out`.
    pub const POWER_OUT: u16 = 7;
    /// `no_water`.
    pub const NO_WATER: u16 = 8;
    /// `broken_pump`.
    pub const BROKEN_PUMP: u16 = 9;
    /// `lamp_out`.
    pub const LAMP_OUT: u16 = 10;
    /// `waste`.
    pub const WASTE: u16 = 11;
    /// `dangerous_building`.
    pub const DANGEROUS_BUILDING: u16 = 12;
    /// `livestock_on_road`.
    pub const LIVESTOCK_ON_ROAD: u16 = 13;
    /// `animal_disease_sign`.
    pub const ANIMAL_DISEASE_SIGN: u16 = 14;
    /// `predator`.
    pub const PREDATOR: u16 = 15;
    /// `wildfire`.
    pub const WILDFIRE: u16 = 16;
    /// `flood`.
    pub const FLOOD: u16 = 17;
    /// `ice_jam`.
    pub const ICE_JAM: u16 = 18;
    /// `drop_point_broken`.
    pub const DROP_POINT_BROKEN: u16 = 19;
    /// `no_signal`.
    pub const NO_SIGNAL: u16 = 20;
    /// `cold_store_down`.
    pub const COLD_STORE_DOWN: u16 = 21;
    /// `public_toilet`.
    pub const PUBLIC_TOILET: u16 = 22;
    /// `sign_missing`.
    pub const SIGN_MISSING: u16 = 23;
    /// `school_or_clinic_blocked`.
    pub const SCHOOL_OR_CLINIC_BLOCKED: u16 = 24;
    /// `other`.
    pub const OTHER: u16 = 25;
}
