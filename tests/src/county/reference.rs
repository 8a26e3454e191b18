//! The real places of the county, from `assets/reference`.

use anyhow::Context as _;
use serde::Deserialize;

const TOWNSHIPS: &str = include_str!("../../../assets/reference/habahe-townships.csv");
const VILLAGES: &str = include_str!("../../../assets/reference/habahe-villages.csv");
const GEONAMES: &str = include_str!("../../../assets/reference/altay-places-geonames.tsv");

/// The Corps regiment is not the county's to serve.
const CORPS_REGIMENT: u64 = 654_324_500;
/// The county's seat at GeoNames.
const QABA: &str = "1529489";

/// A town or township.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Township {
    /// GB/T 2260 code with three digits of the township's own.
    pub code: u64,
    /// Its Chinese name.
    pub name: String,
}

/// A village, or a neighbourhood of the county's seat.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Village {
    /// Its township's code with three more digits.
    pub code: u64,
    /// Its Chinese name, as the place and not as its committee.
    pub name: String,
    /// Its township's code.
    #[serde(rename = "streetCode")]
    pub township: u64,
    /// Whether it is a neighbourhood of the county's seat.
    #[serde(skip)]
    pub neighbourhood: bool,
}

/// The seven townships.
///
/// # Errors
/// When the reference file cannot be read.
pub fn townships() -> anyhow::Result<Vec<Township>> {
    let mut townships: Vec<Township> = csv::Reader::from_reader(TOWNSHIPS.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()?;
    townships.retain(|township| township.code != CORPS_REGIMENT);
    Ok(townships)
}

/// The 65 villages and, after them, the seven neighbourhoods of the county's seat.
///
/// # Errors
/// When the reference file cannot be read.
pub fn villages() -> anyhow::Result<Vec<Village>> {
    let units: Vec<Village> = csv::Reader::from_reader(VILLAGES.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()?;
    let (mut villages, mut neighbourhoods) = (Vec::new(), Vec::new());
    for unit in units.into_iter().filter(|unit| unit.township != CORPS_REGIMENT) {
        if let Some(name) = unit.name.strip_suffix("委会").filter(|name| name.ends_with('村')) {
            villages.push(Village {
                name: name.to_owned(),
                ..unit
            });
        } else if let Some(name) = unit.name.strip_suffix("居委会") {
            neighbourhoods.push(Village {
                name: format!("{name}社区"),
                neighbourhood: true,
                ..unit
            });
        }
    }
    villages.append(&mut neighbourhoods);
    Ok(villages)
}

/// Where the county's seat is, by GeoNames: degrees WGS 84, latitude first.
///
/// # Errors
/// When the reference file cannot be read.
pub(super) fn seat() -> anyhow::Result<(f64, f64)> {
    let row = GEONAMES
        .lines()
        .find(|line| line.split('\t').next() == Some(QABA))
        .context("no Qaba")?;
    let columns: Vec<&str> = row.split('\t').collect();
    match columns.as_slice() {
        [_, _, _, _, latitude, longitude, ..] => Ok((latitude.parse()?, longitude.parse()?)),
        _ => anyhow::bail!("the row of Qaba is cut"),
    }
}
