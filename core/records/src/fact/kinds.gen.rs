// Generated from codes/facts.toml.

/// What can happen to a record of kind `delivery`.
pub mod delivery {
    use crate::fact::FactKind;

    /// `announced`.
    pub const ANNOUNCED: FactKind = FactKind(0x0101);
    /// `scanned_in`.
    pub const SCANNED_IN: FactKind = FactKind(0x0102);
    /// `loaded_out`.
    pub const LOADED_OUT: FactKind = FactKind(0x0103);
    /// `attempted`.
    pub const ATTEMPTED: FactKind = FactKind(0x0104);
    /// `delivered`.
    pub const DELIVERED: FactKind = FactKind(0x0105);
    /// `delivered_to_proxy`.
    pub const DELIVERED_TO_PROXY: FactKind = FactKind(0x0106);
    /// `placed_at_drop_point`.
    pub const PLACED_AT_DROP_POINT: FactKind = FactKind(0x0107);
    /// `collected`.
    pub const COLLECTED: FactKind = FactKind(0x0108);
    /// `uncollected`.
    pub const UNCOLLECTED: FactKind = FactKind(0x0109);
    /// `refused`.
    pub const REFUSED: FactKind = FactKind(0x010a);
    /// `handed_over`.
    pub const HANDED_OVER: FactKind = FactKind(0x010b);
    /// `taken_over`.
    pub const TAKEN_OVER: FactKind = FactKind(0x010c);
    /// `returned_to_station`.
    pub const RETURNED_TO_STATION: FactKind = FactKind(0x010d);
    /// `returned_to_sender`.
    pub const RETURNED_TO_SENDER: FactKind = FactKind(0x010e);
    /// `cash_collected`.
    pub const CASH_COLLECTED: FactKind = FactKind(0x010f);
    /// `damaged`.
    pub const DAMAGED: FactKind = FactKind(0x0110);
    /// `temperature`.
    pub const TEMPERATURE: FactKind = FactKind(0x0111);
    /// `cancelled`.
    pub const CANCELLED: FactKind = FactKind(0x0112);
    /// `same_as`.
    pub const SAME_AS: FactKind = FactKind(0x0113);
    /// `belongs_to`.
    pub const BELONGS_TO: FactKind = FactKind(0x0114);
    /// `corrected`.
    pub const CORRECTED: FactKind = FactKind(0x01fa);
    /// `discrepancy_closed`.
    pub const DISCREPANCY_CLOSED: FactKind = FactKind(0x01fb);
}

/// What can happen to a record of kind `pickup`.
pub mod pickup {
    use crate::fact::FactKind;

    /// `identity_checked`.
    pub const IDENTITY_CHECKED: FactKind = FactKind(0x0201);
    /// `contents_inspected`.
    pub const CONTENTS_INSPECTED: FactKind = FactKind(0x0202);
    /// `prohibited_refused`.
    pub const PROHIBITED_REFUSED: FactKind = FactKind(0x0203);
    /// `weighed`.
    pub const WEIGHED: FactKind = FactKind(0x0204);
    /// `packed`.
    pub const PACKED: FactKind = FactKind(0x0205);
    /// `quarantine_certificate_seen`.
    pub const QUARANTINE_CERTIFICATE_SEEN: FactKind = FactKind(0x0206);
    /// `collected`.
    pub const COLLECTED: FactKind = FactKind(0x0207);
    /// `screened`.
    pub const SCREENED: FactKind = FactKind(0x0208);
    /// `temperature`.
    pub const TEMPERATURE: FactKind = FactKind(0x0209);
    /// `handed_to_carrier`.
    pub const HANDED_TO_CARRIER: FactKind = FactKind(0x020a);
    /// `refused_by_carrier`.
    pub const REFUSED_BY_CARRIER: FactKind = FactKind(0x020b);
    /// `spoiled`.
    pub const SPOILED: FactKind = FactKind(0x020c);
    /// `arrived`.
    pub const ARRIVED: FactKind = FactKind(0x020d);
    /// `subsidy_claimed`.
    pub const SUBSIDY_CLAIMED: FactKind = FactKind(0x020e);
    /// `subsidy_granted`.
    pub const SUBSIDY_GRANTED: FactKind = FactKind(0x020f);
    /// `subsidy_refused`.
    pub const SUBSIDY_REFUSED: FactKind = FactKind(0x0210);
    /// `paid_out`.
    pub const PAID_OUT: FactKind = FactKind(0x0211);
    /// `cancelled`.
    pub const CANCELLED: FactKind = FactKind(0x0212);
    /// `corrected`.
    pub const CORRECTED: FactKind = FactKind(0x02fa);
    /// `discrepancy_closed`.
    pub const DISCREPANCY_CLOSED: FactKind = FactKind(0x02fb);
}

/// What can happen to a record of kind `errand`.
pub mod errand {
    use crate::fact::FactKind;

    /// `accepted`.
    pub const ACCEPTED: FactKind = FactKind(0x0301);
    /// `advance_given`.
    pub const ADVANCE_GIVEN: FactKind = FactKind(0x0302);
    /// `bought`.
    pub const BOUGHT: FactKind = FactKind(0x0303);
    /// `not_to_be_had`.
    pub const NOT_TO_BE_HAD: FactKind = FactKind(0x0304);
    /// `delivered_and_confirmed`.
    pub const DELIVERED_AND_CONFIRMED: FactKind = FactKind(0x0305);
    /// `change_given`.
    pub const CHANGE_GIVEN: FactKind = FactKind(0x0306);
    /// `reimbursed`.
    pub const REIMBURSED: FactKind = FactKind(0x0307);
    /// `cancelled`.
    pub const CANCELLED: FactKind = FactKind(0x0308);
    /// `corrected`.
    pub const CORRECTED: FactKind = FactKind(0x03fa);
    /// `discrepancy_closed`.
    pub const DISCREPANCY_CLOSED: FactKind = FactKind(0x03fb);
}

/// What can happen to a record of kind `tip`.
pub mod tip {
    use crate::fact::FactKind;

    /// `reported`.
    pub const REPORTED: FactKind = FactKind(0x0401);
    /// `answered`.
    pub const ANSWERED: FactKind = FactKind(0x0402);
    /// `reopened`.
    pub const REOPENED: FactKind = FactKind(0x0403);
}

/// What can happen to a record of kind `case`.
pub mod case {
    use crate::fact::FactKind;

    /// `triaged`.
    pub const TRIAGED: FactKind = FactKind(0x0501);
    /// `merged`.
    pub const MERGED: FactKind = FactKind(0x0502);
    /// `assigned`.
    pub const ASSIGNED: FactKind = FactKind(0x0503);
    /// `handled`.
    pub const HANDLED: FactKind = FactKind(0x0504);
    /// `followed_up`.
    pub const FOLLOWED_UP: FactKind = FactKind(0x0505);
    /// `entered_unsatisfied`.
    pub const ENTERED_UNSATISFIED: FactKind = FactKind(0x0506);
    /// `reopened`.
    pub const REOPENED: FactKind = FactKind(0x0507);
    /// `closed`.
    pub const CLOSED: FactKind = FactKind(0x0508);
    /// `rejected`.
    pub const REJECTED: FactKind = FactKind(0x0509);
}

/// What can happen to a record of kind `appeal`.
pub mod appeal {
    use crate::fact::FactKind;

    /// `raised`.
    pub const RAISED: FactKind = FactKind(0x0601);
    /// `advice_given`.
    pub const ADVICE_GIVEN: FactKind = FactKind(0x0602);
    /// `mediation_held`.
    pub const MEDIATION_HELD: FactKind = FactKind(0x0603);
    /// `answered`.
    pub const ANSWERED: FactKind = FactKind(0x0604);
    /// `settled`.
    pub const SETTLED: FactKind = FactKind(0x0605);
    /// `shared_with_body`.
    pub const SHARED_WITH_BODY: FactKind = FactKind(0x0606);
    /// `followed_up`.
    pub const FOLLOWED_UP: FactKind = FactKind(0x0607);
    /// `reopened`.
    pub const REOPENED: FactKind = FactKind(0x0608);
    /// `withdrawn`.
    pub const WITHDRAWN: FactKind = FactKind(0x0609);
}

/// What can happen to a record of kind `household`.
pub mod household {
    use crate::fact::FactKind;

    /// `registered`.
    pub const REGISTERED: FactKind = FactKind(0x0701);
    /// `phone_given`.
    pub const PHONE_GIVEN: FactKind = FactKind(0x0702);
    /// `phone_no_longer_right`.
    pub const PHONE_NO_LONGER_RIGHT: FactKind = FactKind(0x0703);
    /// `same_as`.
    pub const SAME_AS: FactKind = FactKind(0x0704);
    /// `asked_to_be_forgotten`.
    pub const ASKED_TO_BE_FORGOTTEN: FactKind = FactKind(0x0705);
}

/// What can happen to a record of kind `consent`.
pub mod consent {
    use crate::fact::FactKind;

    /// `given`.
    pub const GIVEN: FactKind = FactKind(0x0801);
    /// `withdrawn`.
    pub const WITHDRAWN: FactKind = FactKind(0x0802);
}

/// What can happen to a record of kind `camp`.
pub mod camp {
    use crate::fact::FactKind;

    /// `moved_in`.
    pub const MOVED_IN: FactKind = FactKind(0x0901);
    /// `moved_on`.
    pub const MOVED_ON: FactKind = FactKind(0x0902);
}

/// What can happen to a record of kind `place`.
pub mod place {
    use crate::fact::FactKind;

    /// `opened`.
    pub const OPENED: FactKind = FactKind(0x0a01);
    /// `closed`.
    pub const CLOSED: FactKind = FactKind(0x0a02);
}

/// What can happen to a record of kind `colleague`.
pub mod colleague {
    use crate::fact::FactKind;

    /// `joined`.
    pub const JOINED: FactKind = FactKind(0x0b01);
    /// `left`.
    pub const LEFT: FactKind = FactKind(0x0b02);
}

/// What can happen to a record of kind `carrier`.
pub mod carrier {
    use crate::fact::FactKind;

    /// `opened`.
    pub const OPENED: FactKind = FactKind(0x0c01);
    /// `closed`.
    pub const CLOSED: FactKind = FactKind(0x0c02);
}

/// What can happen to a record of kind `cash_pass`.
pub mod cash_pass {
    use crate::fact::FactKind;

    /// `passed`.
    pub const PASSED: FactKind = FactKind(0x0d01);
    /// `taken`.
    pub const TAKEN: FactKind = FactKind(0x0d02);
    /// `corrected`.
    pub const CORRECTED: FactKind = FactKind(0x0dfa);
    /// `discrepancy_closed`.
    pub const DISCREPANCY_CLOSED: FactKind = FactKind(0x0dfb);
}

/// What can happen to a record of kind `hand_in`.
pub mod hand_in {
    use crate::fact::FactKind;

    /// `handed_in`.
    pub const HANDED_IN: FactKind = FactKind(0x0e01);
    /// `corrected`.
    pub const CORRECTED: FactKind = FactKind(0x0efa);
    /// `discrepancy_closed`.
    pub const DISCREPANCY_CLOSED: FactKind = FactKind(0x0efb);
}

/// What can happen to a record of kind `count`.
pub mod count {
    use crate::fact::FactKind;

    /// `counted`.
    pub const COUNTED: FactKind = FactKind(0x0f01);
    /// `difference_explained`.
    pub const DIFFERENCE_EXPLAINED: FactKind = FactKind(0x0f02);
    /// `corrected`.
    pub const CORRECTED: FactKind = FactKind(0x0ffa);
    /// `discrepancy_closed`.
    pub const DISCREPANCY_CLOSED: FactKind = FactKind(0x0ffb);
}

/// What can happen to a record of kind `common_issue`.
pub mod common_issue {
    use crate::fact::FactKind;

    /// `opened`.
    pub const OPENED: FactKind = FactKind(0x1001);
    /// `measure_taken`.
    pub const MEASURE_TAKEN: FactKind = FactKind(0x1002);
    /// `closed`.
    pub const CLOSED: FactKind = FactKind(0x1003);
}

/// The keys of facts' fields.
pub mod field {
    /// `from`: Party.
    pub const FROM: u64 = 1;
    /// `to`: Party.
    pub const TO: u64 = 2;
    /// `fen`: Fen.
    pub const FEN: u64 = 3;
    /// `reason`: Code("failure_reason").
    pub const REASON: u64 = 4;
    /// `place`: Record.
    pub const PLACE: u64 = 5;
    /// `by`: Party.
    pub const BY: u64 = 6;
    /// `note`: Text(200).
    pub const NOTE: u64 = 7;
    /// `facts`: Facts.
    pub const FACTS: u64 = 8;
    /// `record`: Record.
    pub const RECORD: u64 = 9;
    /// `receiver`: Text(60).
    pub const RECEIVER: u64 = 10;
    /// `proof`: Code("proof_kind").
    pub const PROOF: u64 = 11;
    /// `consent`: Record.
    pub const CONSENT: u64 = 12;
    /// `grams`: Grams.
    pub const GRAMS: u64 = 13;
    /// `temperature`: Tenths.
    pub const TEMPERATURE: u64 = 14;
    /// `waybill`: Text(32).
    pub const WAYBILL: u64 = 15;
    /// `carrier`: Record.
    pub const CARRIER: u64 = 16;
    /// `cold_box`: Text(32).
    pub const COLD_BOX: u64 = 17;
    /// `document`: Code("identity_document").
    pub const DOCUMENT: u64 = 18;
    /// `certificate`: Text(40).
    pub const CERTIFICATE: u64 = 19;
    /// `item`: Bytes(8).
    pub const ITEM: u64 = 20;
    /// `name`: Text(60).
    pub const NAME: u64 = 21;
    /// `how`: Code("how_collected").
    pub const HOW: u64 = 22;
    /// `number`: Uint.
    pub const NUMBER: u64 = 23;
    /// `tip_kind`: Code("tip_kind").
    pub const TIP_KIND: u64 = 24;
    /// `tier`: Code("case_tier").
    pub const TIER: u64 = 25;
    /// `due`: Time.
    pub const DUE: u64 = 26;
    /// `body`: Text(60).
    pub const BODY: u64 = 27;
    /// `satisfied`: Bool.
    pub const SATISFIED: u64 = 28;
    /// `sealed`: Sealed(4096).
    pub const SEALED: u64 = 29;
    /// `extent`: Code("appeal_settlement").
    pub const EXTENT: u64 = 30;
    /// `answer_key`: Bytes(32).
    pub const ANSWER_KEY: u64 = 31;
    /// `programme`: Text(40).
    pub const PROGRAMME: u64 = 32;
    /// `basis`: Text(100).
    pub const BASIS: u64 = 33;
    /// `text`: Text(200).
    pub const TEXT: u64 = 34;
    /// `stands`: Fact.
    pub const STANDS: u64 = 35;
    /// `fact`: Fact.
    pub const FACT: u64 = 36;
    /// `case`: Record.
    pub const CASE: u64 = 37;
    /// `appeal_kind`: Code("appeal_kind").
    pub const APPEAL_KIND: u64 = 38;
    /// `reject_reason`: Code("reject_reason").
    pub const REJECT_REASON: u64 = 39;
    /// `given_how`: Code("how_consent_given").
    pub const GIVEN_HOW: u64 = 40;
    /// `township`: Uint.
    pub const TOWNSHIP: u64 = 41;
    /// `tries`: Uint.
    pub const TRIES: u64 = 42;
    /// `answer`: Text(1000).
    pub const ANSWER: u64 = 43;
    /// `calls`: Uint.
    pub const CALLS: u64 = 44;
}
