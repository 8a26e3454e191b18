use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail, ensure};
use saddlebag_records::codes::{appeal_kind, failure_reason, how_consent_given, season, tip_kind};
use saddlebag_records::id::RecordId;
use saddlebag_records::position::Position;
use saddlebag_replica::surroundings::HandClock;
use saddlebag_replica::{
    AppealOutcome, CashFor, DeliverOutcome, DeliverTo, Delivering, DeliveryProof, EnrolmentText, FailOutcome,
    Failing, Fix, Lane, NewCamp, NewConsent, NewHousehold, NewTip, Replica, ScanFor, Scope, SyncOptions,
    TipOutcome,
};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use super::opened::{admitted, open, own_unsent, parcels, read};
use super::tap::Tap;
use super::{COURIER, EXCHANGES, EXPECTED, SCENE, archive, phone, server};
use crate::bench::CountyServer;
use crate::county::{self, Delivery, Sizes};
use crate::fleet::copying::copy_files;

const SEED: u64 = 1;
const MINUTE_MS: u64 = 60_000;

/// Writes what this version leaves into a folder that is not there yet. `binary`: its server.
///
/// # Errors
/// When the folder is there, or anything in the scene goes otherwise than it should.
pub fn write(binary: &Path, folder: &Path) -> Result<()> {
    ensure!(!folder.exists(), "what is kept is never written again");
    let scratch = tempfile::tempdir()?;
    let scene = scratch.path().join("scene");
    let before = scratch.path().join("before");
    let exchanging = scratch.path().join("exchanging");
    let runtime = Builder::new_current_thread().enable_all().build()?;

    let sizes = Sizes {
        couriers: 2,
        households: 6,
        deliveries: 12,
        ..Sizes::default()
    };
    let county = county::generate(SEED, sizes)?;
    let at_county = CountyServer::found(binary, &server(&scene), &county)?;
    let clock = Arc::new(HandClock::at_wall(at_county.now_ms()));
    let rider = open(&phone(&scene), clock.clone(), SEED)?;
    let given = the_first_day(&runtime, &at_county, &rider, &clock, &county.deliveries)?;
    let backup = at_county.verb(Some("M01"), &["backup"])?;
    let backup = Path::new(text(&backup, "file")?).strip_prefix(&scene)?.to_owned();
    let listed = at_county.verb(Some("M01"), &["county", "list"])?;
    let id = text(listed.get(0).context("a county")?, "county")?.to_owned();

    the_ride(&rider, &clock, &given)?;
    at_county.pass(rider.now_ms()? - at_county.now_ms())?;
    let at_ms = at_county.now_ms();
    let mut expected = read(&rider, &given)?;
    expected.at_ms = at_ms;
    expected.county = id;
    expected.backup = backup;
    expected.unsent_edits = rider.only_here()?.edits;
    expected.unsent = own_unsent(&rider)?;
    drop(rider);
    let mut at_county = at_county;
    at_county.kill()?;
    tidy(&server(&scene))?;
    expected.at_the_county = admitted(&scene)?;

    copy_files(&scene, &before)?;
    copy_files(&scene, &exchanging)?;
    let kept = super::Kept::at(exchanging, expected.clone());
    let running = kept.serve(binary)?;
    let tap = Tap::before(running.address())?;
    let rider = kept.phone(SEED + 1)?;
    let options = SyncOptions {
        address: Some(tap.url()),
        ..SyncOptions::default()
    };
    runtime.block_on(rider.sync(options))?;
    ensure!(rider.pending(usize::MAX)?.is_empty(), "not all was sent");

    fs::create_dir_all(folder)?;
    archive::pack(&before, &folder.join(SCENE))?;
    fs::write(folder.join(EXPECTED), lines(&expected)?)?;
    fs::write(folder.join(EXCHANGES), lines(&tap.heard())?)?;
    Ok(())
}

/// The courier enrols, is given parcels, and reports something that triage makes a case of. Nothing waits to be sent
/// at its end.
fn the_first_day(
    runtime: &Runtime,
    at_county: &CountyServer,
    rider: &Replica,
    clock: &HandClock,
    deliveries: &[Delivery],
) -> Result<Vec<RecordId>> {
    let said = EnrolmentText {
        address: format!("http://{}", at_county.address()),
        code: at_county.code_for(COURIER)?,
        county: None,
        server_key: None,
    };
    runtime.block_on(rider.enrol(&said, "saddlebag"))?;
    let given = at_county.give(deliveries, COURIER)?;
    runtime.block_on(rider.sync(SyncOptions::default()))?;

    report(rider, tip_kind::BRIDGE, "桥板断了两块")?;
    for parcel in parcels(rider, &given)?.into_iter().take(4) {
        rider.scan(&parcel, ScanFor::LoadingOut { place: None })?;
        clock.pass(MINUTE_MS);
    }
    runtime.block_on(rider.sync(SyncOptions::default()))?;
    at_county.pass(i64::try_from(10 * MINUTE_MS)?)?;
    let tips = at_county.verb(Some("D01"), &["tip", "list"])?;
    let tip = text(tips.get(0).context("a tip")?, "tip")?.to_owned();
    let case = [
        "case",
        "new",
        "--tip",
        &tip,
        "--kind",
        "bridge",
        "--tier",
        "handled_directly",
    ];
    at_county.verb(Some("D01"), &case)?;
    runtime.block_on(rider.sync(SyncOptions::default()))?;
    ensure!(rider.pending(usize::MAX)?.is_empty(), "not all was sent");
    Ok(given)
}

/// A day without a signal: one of everything that a courier records.
fn the_ride(rider: &Replica, clock: &HandClock, given: &[RecordId]) -> Result<()> {
    let [first, second, third, ..] = *given else {
        bail!("too few parcels")
    };
    let fix = Some(Fix {
        position: Position {
            lat_e7: 480_584_100,
            lon_e7: 864_186_000,
        },
        accuracy_m: 12,
    });
    clock.pass(90 * MINUTE_MS);
    let household = rider.register_household(&NewHousehold {
        name: "生成牧户".into(),
        language: Some("kk-Arab".into()),
        drop_point: None,
        phone: Some("12427180000".into()),
    })?;
    rider.note_camp(&NewCamp {
        household,
        season: season::SUMMER,
        days: Some(60),
        position: fix.map(|fix| fix.position),
        landmark: Some("红色水塔".into()),
        directions: Some("过桥后沿河向北".into()),
    })?;
    rider.give_consent(&NewConsent {
        household,
        scope: Scope::Proxy {
            name: "生成邻居".into(),
        },
        days: None,
        how: how_consent_given::SPOKEN,
    })?;
    clock.pass(30 * MINUTE_MS);
    let delivered = rider.deliver(&Delivering {
        records: vec![first],
        to: DeliverTo::Addressee,
        proof: DeliveryProof::Signature { strokes: vec![7; 64] },
        cash: vec![CashFor {
            record: first,
            fen: 12_350,
        }],
        note: Some("门口当面交".into()),
        fix,
    })?;
    ensure!(matches!(delivered, DeliverOutcome::Done { .. }), "{delivered:?}");
    clock.pass(45 * MINUTE_MS);
    let failed = rider.fail(&Failing {
        records: vec![second],
        reason: failure_reason::RIVER_OR_SNOW,
        note: Some("河水上涨".into()),
        place: None,
        calls: 2,
        fix,
    })?;
    ensure!(matches!(failed, FailOutcome::Done { .. }), "{failed:?}");
    rider.edit_notes(third, "下午再送")?;
    rider.scan("SBKEPT0001", ScanFor::LoadingOut { place: None })?;
    rider.keep_photo(Lane::Photo, &[0xd8; 512])?;
    report(rider, tip_kind::ROCKFALL, "路中间有落石")?;
    let raised = rider.raise_appeal(appeal_kind::PAY_LATE, "生成的诉求")?;
    ensure!(matches!(raised, AppealOutcome::Saved { .. }), "{raised:?}");
    clock.pass(MINUTE_MS);
    Ok(())
}

fn report(rider: &Replica, kind: u16, words: &str) -> Result<RecordId> {
    let tip = NewTip {
        kind,
        text: Some(words.into()),
        township: Some(1),
        ..NewTip::default()
    };
    match rider.report(&tip)? {
        TipOutcome::Saved {
            record,
            numbered: true,
        } => Ok(record),
        other => bail!("{other:?}"),
    }
}

/// Leaves the county's folder and its private keys, and nothing that was only needed to make them.
fn tidy(server: &Path) -> Result<()> {
    for entry in fs::read_dir(server)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn text<'a>(told: &'a Value, name: &str) -> Result<&'a str> {
    told.get(name)
        .and_then(Value::as_str)
        .with_context(|| format!("{name} in {told}"))
}

fn lines(value: &impl serde::Serialize) -> Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}
