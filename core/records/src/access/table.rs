//! Reading `rules/*.csv`: one column a role, comments begin with `#`.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Role;

/// One cell for each role.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct PerRole<T> {
    courier: T,
    clerk: T,
    dispatcher: T,
    liaison: T,
    auditor: T,
    admin: T,
}

impl<T: Copy> PerRole<T> {
    pub(super) fn get(&self, role: Role) -> T {
        match role {
            Role::Courier => self.courier,
            Role::Clerk => self.clerk,
            Role::Dispatcher => self.dispatcher,
            Role::Liaison => self.liaison,
            Role::Auditor => self.auditor,
            Role::Admin => self.admin,
        }
    }
}

/// The rows of a table. The tables are part of the program and every test of them reads them whole, so what
/// fails here fails there first.
#[allow(clippy::expect_used)]
pub(super) fn rows<Row: DeserializeOwned>(text: &str) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    reader
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("rules/*.csv are well formed")
}
