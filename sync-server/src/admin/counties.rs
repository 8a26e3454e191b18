//! The counties of a folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use saddlebag_records::access::Role;
use saddlebag_records::id::{CountyId, PersonId};
use saddlebag_records::kind::RecordKind;
use serde::Serialize;

use super::{AdminError, code, find, fresh_id, people, value};
use crate::county::{Counties, County};
use crate::outside::Outside;
use crate::people::{By, Colleague};

/// A county that was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Created {
    /// Its id.
    pub county: CountyId,
    /// Its name.
    pub name: String,
    /// Its first admin.
    pub admin: PersonId,
    /// Where its recovery, liaison and backup private keys were written.
    pub keys_out: PathBuf,
}

/// A county in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Its id.
    pub county: CountyId,
    /// Its name.
    pub name: String,
}

/// Creates a county with its first admin.
pub fn create(
    counties: &Counties,
    outside: Arc<dyn Outside>,
    name: &str,
    keys_out: &Path,
    admin: &str,
    admin_key: Option<&str>,
) -> Result<Created, AdminError> {
    let bad = |what: &str, why: &str| AdminError::new(code::BAD_VALUE, format!("{what}: {why}"));
    let name = value::text(name, 60).map_err(|why| bad("name", why))?;
    let admin = value::text(admin, 60).map_err(|why| bad("admin", why))?;
    let key = admin_key
        .map(value::key)
        .transpose()
        .map_err(|why| bad("admin-key", why))?;
    let county = counties.create(&name, keys_out, outside)?;
    let id = match key {
        Some(key) => find::meant(&county, RecordKind::Colleague, key).map_err(|why| bad("admin-key", why))?,
        None => fresh_id(&county),
    };
    let colleague = Colleague {
        name: admin,
        role: Role::Admin,
        station: None,
        mentor: None,
        phone: None,
    };
    people::add(&county, By::Founding, id.into(), colleague)?;
    Ok(Created {
        county: county.id(),
        name,
        admin: id.into(),
        keys_out: keys_out.to_owned(),
    })
}

/// Every county of the folder.
pub fn list(counties: &Counties) -> Vec<Listed> {
    let listed = |county: County| Listed {
        county: county.id(),
        name: county.name().to_owned(),
    };
    counties.all().into_iter().map(listed).collect()
}
