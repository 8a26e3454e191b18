//! Whether a consent covers what somebody is about to do.

use crate::codes::consent_scope;
use crate::id::RecordId;
use crate::plan::PlanView;
use crate::status::consent::State;

/// What is to be done on a household's behalf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnBehalf<'a> {
    /// Somebody else takes what is theirs.
    Proxy {
        /// Who.
        name: &'a str,
    },
    /// It is left at a drop point.
    DropPoint {
        /// Which.
        place: RecordId,
        /// The one that the household fell back on, whatever a consent names.
        fallback: Option<RecordId>,
    },
    /// A courier runs errands for them.
    ErrandHelp,
}

impl OnBehalf<'_> {
    fn scope(self) -> u16 {
        match self {
            Self::Proxy { .. } => consent_scope::PROXY,
            Self::DropPoint { .. } => consent_scope::DROP_POINT,
            Self::ErrandHelp => consent_scope::ERRAND_HELP,
        }
    }

    /// Whether a consent of this scope, given with this plan, means just this.
    fn is_meant_by(self, plan: &PlanView) -> bool {
        match self {
            Self::Proxy { name } => plan.text("proxy").is_none_or(|agreed| is_same_name(agreed, name)),
            Self::DropPoint { place, fallback } => {
                plan.record("drop_point").is_none_or(|agreed| agreed == place) || fallback == Some(place)
            }
            Self::ErrandHelp => true,
        }
    }
}

/// Whether a consent covers this for this household at this moment (UTC milliseconds): given by them and not withdrawn,
/// not past its end, and for just this. One that names nobody, or no place, covers any.
pub fn covers(
    state: &State,
    plan: Option<&PlanView>,
    household: RecordId,
    what: OnBehalf<'_>,
    now_ms: i64,
) -> bool {
    let Some(plan) = plan else { return false };
    state.holds_at(Some(plan), now_ms)
        && plan.record("household") == Some(household)
        && plan.uint("to") == Some(what.scope().into())
        && what.is_meant_by(plan)
}

/// As people write one name: spaces apart and capitals or not.
fn is_same_name(one: &str, other: &str) -> bool {
    let written = |name: &str| {
        name.chars()
            .filter(|c| !c.is_whitespace())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    written(one) == written(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::RecordKind;
    use crate::plan::PlanValue;

    const HOUSEHOLD: RecordId = RecordId([1; 16]);
    const SHOP: RecordId = RecordId([2; 16]);
    const POST: RecordId = RecordId([3; 16]);
    const GIVEN: State = State::Given { how: Some(1) };

    fn plan(fields: &[(&str, PlanValue)]) -> PlanView {
        let mut plan = PlanView::empty(RecordKind::Consent);
        plan.fields.insert("household".to_owned(), HOUSEHOLD.into());
        for (name, value) in fields {
            plan.fields.insert((*name).to_owned(), value.clone());
        }
        plan
    }

    fn scope(code: u16) -> (&'static str, PlanValue) {
        ("to", i64::from(code).into())
    }

    fn stands(plan: &PlanView, what: OnBehalf<'_>) -> bool {
        covers(&GIVEN, Some(plan), HOUSEHOLD, what, 1_000)
    }

    #[test]
    fn a_proxy_is_the_one_that_was_named_or_anybody() {
        let named = plan(&[scope(consent_scope::PROXY), ("proxy", "Aigul B".into())]);
        assert!(stands(&named, OnBehalf::Proxy { name: "aigul b " }));
        assert!(!stands(&named, OnBehalf::Proxy { name: "Marat" }));
        let anybody = plan(&[scope(consent_scope::PROXY)]);
        assert!(stands(&anybody, OnBehalf::Proxy { name: "Marat" }));
        assert!(!stands(&anybody, OnBehalf::ErrandHelp), "another scope");
    }

    #[test]
    fn a_drop_point_is_the_one_that_was_named_or_the_one_that_they_fall_back_on() {
        let named = plan(&[scope(consent_scope::DROP_POINT), ("drop_point", SHOP.into())]);
        let at = |place, fallback| OnBehalf::DropPoint { place, fallback };
        assert!(stands(&named, at(SHOP, None)));
        assert!(!stands(&named, at(POST, None)));
        assert!(stands(&named, at(POST, Some(POST))));
        assert!(stands(&plan(&[scope(consent_scope::DROP_POINT)]), at(POST, None)));
    }

    #[test]
    fn it_ends_with_its_time_with_its_withdrawal_and_at_the_next_door() {
        let until = plan(&[scope(consent_scope::ERRAND_HELP), ("until_ms", 1_000.into())]);
        let at =
            |state, household, now_ms| covers(&state, Some(&until), household, OnBehalf::ErrandHelp, now_ms);
        assert!(at(GIVEN, HOUSEHOLD, 1_000));
        assert!(!at(GIVEN, HOUSEHOLD, 1_001));
        assert!(!at(State::Withdrawn, HOUSEHOLD, 1_000));
        assert!(!at(State::Planned, HOUSEHOLD, 1_000));
        assert!(!at(GIVEN, SHOP, 1_000));
        assert!(
            !covers(&GIVEN, None, HOUSEHOLD, OnBehalf::ErrandHelp, 0),
            "of which nothing is known"
        );
    }
}
