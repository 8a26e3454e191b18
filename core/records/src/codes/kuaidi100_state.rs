//! The states of a parcel in the interface of Kuaidi100, in and out.

use serde::{Deserialize, Serialize};

use super::CodeList;

/// What another system says about a parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Imported {
    /// A state of the list `kuaidi100`.
    Known(u16),
    /// Something else, kept as it came but for the space around it, and cut after 40 characters.
    Unknown(String),
}

const MAX_UNKNOWN: usize = 40;

/// Reads a state as Kuaidi100 writes it: a number in a text.
pub fn import(state: &str) -> Imported {
    let state = state.trim();
    let known = state
        .parse()
        .ok()
        .filter(|code| CodeList::get("kuaidi100").is_some_and(|l| l.entry(*code).is_some()));
    known.map_or_else(
        || Imported::Unknown(state.chars().take(MAX_UNKNOWN).collect()),
        Imported::Known,
    )
}

/// The state that we report for a parcel, from the latest fact that its status rests on, as `record.fact`
/// (`delivery.loaded_out`), and whether an attempt had failed before. None where the fact says nothing that
/// Kuaidi100 has a state for.
pub fn export(latest_fact: &str, after_trouble: bool) -> Option<u16> {
    let states = CodeList::get("kuaidi100")?.entries();
    let exported_for = |attribute| {
        states
            .iter()
            .find(|state| state.texts(attribute).iter().any(|fact| fact == latest_fact))
            .map(|s| s.code)
    };
    let troubled = after_trouble.then(|| exported_for("after_trouble")).flatten();
    troubled.or_else(|| exported_for("exported_for"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::kuaidi100;
    use crate::fact::schemas;

    #[test]
    fn states_are_read_by_number_and_unknown_ones_kept_as_text() {
        assert_eq!(import("0"), Imported::Known(kuaidi100::IN_TRANSIT));
        assert_eq!(
            import(" 304 "),
            Imported::Known(kuaidi100::SIGNED_AT_LOCKER_OR_STATION)
        );
        assert_eq!(import("9"), Imported::Unknown("9".into()));
        assert_eq!(import("-1"), Imported::Unknown("-1".into()));
        assert_eq!(import("70001"), Imported::Unknown("70001".into()));
        assert_eq!(import("已签收"), Imported::Unknown("已签收".into()));
        assert_eq!(import(&"x".repeat(1000)), Imported::Unknown("x".repeat(40)));
    }

    #[test]
    fn the_latest_fact_gives_the_state() {
        for (fact, after_trouble, state) in [
            ("delivery.loaded_out", false, Some(kuaidi100::OUT_FOR_DELIVERY)),
            ("delivery.attempted", false, Some(kuaidi100::TROUBLE)),
            ("delivery.delivered", false, Some(kuaidi100::SIGNED_BY_ADDRESSEE)),
            ("delivery.delivered", true, Some(kuaidi100::SIGNED_AFTER_TROUBLE)),
            (
                "delivery.delivered_to_proxy",
                true,
                Some(kuaidi100::SIGNED_BY_PROXY),
            ),
            (
                "delivery.placed_at_drop_point",
                true,
                Some(kuaidi100::PLACED_AT_LOCKER_OR_STATION),
            ),
            (
                "delivery.collected",
                false,
                Some(kuaidi100::SIGNED_AT_LOCKER_OR_STATION),
            ),
            ("pickup.collected", false, Some(kuaidi100::COLLECTED)),
            ("delivery.cancelled", false, None),
        ] {
            assert_eq!(export(fact, after_trouble), state, "{fact}");
        }
    }

    #[test]
    fn every_fact_that_is_exported_exists_and_gives_one_state() {
        let facts: Vec<String> = schemas()
            .iter()
            .filter_map(|schema| Some(format!("{}.{}", schema.kind.record()?.name(), schema.name)))
            .collect();
        let states = CodeList::get("kuaidi100").unwrap().entries();
        let mut exported: Vec<&String> = states
            .iter()
            .flat_map(|state| state.texts("exported_for"))
            .collect();
        assert!(exported.iter().all(|fact| facts.contains(fact)), "{exported:?}");
        let all = exported.len();
        exported.sort();
        exported.dedup();
        assert_eq!(exported.len(), all);
    }
}
