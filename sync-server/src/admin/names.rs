//! What lists call somebody or something, beside the id that stands for it.

use saddlebag_records::codes::CodeList;
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_records::mask;
use saddlebag_records::plan::{PlanValue, PlanView};

use crate::plans::view_of;
use crate::store::{ReadTx, StoreError};

/// A place's name, in the first language that it has.
pub(super) fn place(tx: &dyn ReadTx, place: Option<RecordId>) -> Result<Option<String>, StoreError> {
    let plan = place.map_or(Ok(None), |place| view_of(tx, place))?;
    Ok(plan.as_ref().and_then(in_plan).map(str::to_owned))
}

/// A colleague's name, masked.
pub(super) fn masked(tx: &dyn ReadTx, person: PersonId) -> Result<Option<String>, StoreError> {
    let plan = view_of(tx, person.into())?;
    Ok(plan.and_then(|plan| plan.text("name").map(mask::name)))
}

/// The name in the first language that a place's plan has one in.
pub(super) fn in_plan(plan: &PlanView) -> Option<&str> {
    let tags = CodeList::get("language").into_iter().flat_map(CodeList::entries);
    let mut names = tags.filter_map(|language| plan.entry("names", language.text("tag")?));
    names.find_map(|name| match name {
        PlanValue::Text(name) => Some(name.as_str()),
        _ => None,
    })
}
