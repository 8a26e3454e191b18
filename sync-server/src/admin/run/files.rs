use super::{Desk, code};
use crate::admin::cli::{Import, ImportVerb, PeopleVerb, SheetVerb, TermsVerb, Verb};
use crate::admin::import::{
    Imported, import_camps, import_carriers, import_deliveries, import_households, import_people,
    import_places, import_terms,
};
use crate::admin::sheet::CsvFile;
use crate::admin::{AdminError, Answer, Done};
use crate::county::County;
use saddlebag_records::id::PersonId;

type Importing = fn(&County, PersonId, &CsvFile) -> Result<Imported, AdminError>;

impl Desk<'_> {
    /// The verbs that take a file.
    pub(super) fn file(&self) -> Answer {
        let (importing, import): (Importing, &Import) = match &self.request.verb {
            Verb::People(PeopleVerb::Import(import)) => (import_people, import),
            Verb::Places(SheetVerb::Import(import)) => (import_places, import),
            Verb::Carriers(TermsVerb::Import(import)) => (import_carriers, import),
            Verb::Carriers(TermsVerb::Terms(import)) => (import_terms, import),
            Verb::Households(SheetVerb::Import(import)) => (import_households, import),
            Verb::Camps(SheetVerb::Import(import)) => (import_camps, import),
            Verb::Import(ImportVerb::Deliveries(deliveries)) if deliveries.new_generation => (
                |county, by, file| import_deliveries(county, by, file, true),
                &deliveries.import,
            ),
            Verb::Import(ImportVerb::Deliveries(deliveries)) => (
                |county, by, file| import_deliveries(county, by, file, false),
                &deliveries.import,
            ),
            _ => return Err(AdminError::new(code::INTERNAL, "no file")),
        };
        let mut imported = importing(self.county, self.by()?.id, &import.file)?;
        if !import.ids {
            imported.ids = None;
        }
        let in_part = !imported.refused.is_empty();
        Done::told(imported, in_part)
    }
}
