//! Enrolment: a code that somebody was given makes a phone a device of the county.

mod code;
mod guesses;

use ed25519_dalek::VerifyingKey;
use saddlebag_protocol::limits::{ENROL_SECONDS, ENROL_TRIES, ONE_TIME_NUMBERS};
use saddlebag_protocol::{EnrolAnswer, EnrolRequest, ErrorCode, PersonInfo, Report};
use saddlebag_records::id::{ActorId, DeviceNumber, PersonId};
use saddlebag_records::plan::PlanView;

pub use code::EnrolCode;
pub(crate) use guesses::Guesses;

use crate::county::{County, Entry};
use crate::failure::Failure;
use crate::store::{EnrolmentCode, NewDevice, Person, ReadTx, StoreError, Touch, WriteTx};
use crate::token;

/// The longest name of an app and of a capability, in characters.
pub(crate) const MAX_NAME: usize = 40;
/// The most capabilities that a device may name.
pub(crate) const MAX_CAPABILITIES: usize = 16;

/// Draws an enrolment code for a person of the county, who must be active. It lives 15 minutes.
pub fn issue_code(county: &County, person: PersonId) -> Result<EnrolCode, Failure> {
    let its = county.clone();
    let drawn = county.store().write(county.moment(), move |tx| {
        let now_ms = its.now_ms();
        tx.drop_enrolment_codes(now_ms)?;
        let Some(role) = tx
            .person(person)?
            .filter(|person| person.active)
            .map(|person| person.role)
        else {
            return Ok(None);
        };
        let code = EnrolCode::draw(its.outside());
        tx.put_enrolment_code(&EnrolmentCode {
            hash: code.hash(),
            person,
            role,
            expires_ms: now_ms + ENROL_SECONDS as i64 * 1000,
            tries_left: ENROL_TRIES as u8,
            used_by: None,
        })?;
        Ok::<_, StoreError>(Some(code))
    });
    drawn
        .wait()
        .map_err(Failure::from)?
        .ok_or(ErrorCode::NotFound.into())
}

/// Enrols a device, or says again what the same request was told before. A wrong code is
/// [`ErrorCode::BadCode`], which the caller counts against the address that it came from.
pub fn enrol(county: &County, request: &EnrolRequest) -> Result<EnrolAnswer, Failure> {
    let code = EnrolCode::parse(&request.code).ok_or(ErrorCode::BadCode)?;
    let named = |name: &String| name.chars().count() <= MAX_NAME;
    let capabilities = request.capabilities.as_deref().unwrap_or_default();
    let fits =
        named(&request.app) && capabilities.len() <= MAX_CAPABILITIES && capabilities.iter().all(named);
    if !fits || VerifyingKey::from_bytes(&request.public_key).is_err() {
        return Err(ErrorCode::Malformed.into());
    }
    let (its, request) = (county.clone(), request.clone());
    let answer = county.own(move |tx| enrol_in(tx, &its, &code, &request));
    let bytes = answer??;
    minicbor::decode(&bytes).map_err(|_| ErrorCode::Internal.into())
}

/// Within the writer. A failure that leaves something behind, such as a try, is an `Ok` of the job.
fn enrol_in(
    tx: &mut dyn WriteTx,
    county: &County,
    code: &EnrolCode,
    request: &EnrolRequest,
) -> Result<Result<Vec<u8>, Failure>, Failure> {
    let denied = |code: ErrorCode| Ok(Err(Failure::from(code)));
    let nonce = nonce_of(code, &request.public_key);
    if let Some(kept) = tx.kept_answer(&nonce)? {
        return Ok(Ok(kept.bytes));
    }
    let Some(mut known) = tx.enrolment_code(&code.hash())? else {
        return denied(ErrorCode::BadCode);
    };
    if known.tries_left == 0 {
        return denied(ErrorCode::CodeSpent);
    }
    known.tries_left -= 1;
    tx.put_enrolment_code(&known)?;
    let good = known.used_by.is_none() && county.now_ms() < known.expires_ms;
    let person = tx
        .person(known.person)?
        .filter(|person| good && person.active && person.role == known.role);
    let Some(person) = person else {
        return denied(ErrorCode::BadCode);
    };
    let actor = ActorId(request.actor);
    if actor == ActorId::ZERO || tx.actor_owner(actor)?.is_some() {
        return denied(ErrorCode::BadActor);
    }

    let new = NewIdentity::give(tx, county, &person, request.public_key, None)?;
    tx.announce_actor(actor, new.device)?;
    tx.touch_device(new.device, &said_at_enrolment(request))?;
    known.used_by = Some(new.device);
    tx.put_enrolment_code(&known)?;
    let epoch = tx.epoch()?.ok_or(StoreError::Damaged("epoch"))?;
    let answer = EnrolAnswer {
        county: county.id().0,
        token: new.token,
        device: new.device.0,
        one_time: new.one_time.iter().map(|number| number.0).collect(),
        id_key: *county.keys().id_key(),
        keys: county.keys().signed_list(county.id()),
        server_keys: Vec::new(),
        person: PersonInfo {
            id: person.id.0,
            name: name_of(tx, person.id)?,
            role: person.role.name().to_owned(),
            station: person.station.map(|station| station.0.into()),
        },
        county_time: county.now_ms(),
        epoch: epoch.name,
    };
    let mut bytes = Vec::new();
    minicbor::encode(&answer, &mut bytes).map_err(|_| ErrorCode::Internal)?;
    tx.keep_answer(&nonce, new.device, &bytes)?;
    Ok(Ok(bytes))
}

/// A number, a token and one-time numbers that a device was given.
pub(crate) struct NewIdentity {
    pub(crate) device: DeviceNumber,
    pub(crate) token: String,
    pub(crate) one_time: Vec<DeviceNumber>,
}

impl NewIdentity {
    /// Gives them to a device of this person. The number is in the journal before the job ends: no backup that is
    /// restored later gives it to anybody else.
    pub(crate) fn give(
        tx: &mut dyn WriteTx,
        county: &County,
        person: &Person,
        public_key: [u8; 32],
        replaces: Option<DeviceNumber>,
    ) -> Result<Self, Failure> {
        let device = tx.take_device_number()?;
        county.journal(&[Entry::DeviceNumber { device }])?;
        let token = token::draw(county.id(), county.outside());
        tx.add_device(&NewDevice {
            number: device,
            person: person.id,
            role: person.role,
            token_hash: token::hash(&token),
            public_key,
            replaces,
        })?;
        let one_time = give_one_time_numbers(tx, county, device, ONE_TIME_NUMBERS)?;
        Ok(Self {
            device,
            token,
            one_time,
        })
    }
}

/// Gives a device so many new one-time numbers.
pub(crate) fn give_one_time_numbers(
    tx: &mut dyn WriteTx,
    county: &County,
    device: DeviceNumber,
    count: usize,
) -> Result<Vec<DeviceNumber>, StoreError> {
    let mut numbers = Vec::with_capacity(count);
    while numbers.len() < count {
        let random = u64::from_be_bytes(county.outside().random());
        let number = DeviceNumber(random | DeviceNumber::ONE_TIME);
        if tx.one_time_number(number)?.is_none() && !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    tx.add_one_time_numbers(device, &numbers)?;
    Ok(numbers)
}

/// The name of an answer that is kept: the same code with the same key is the same request, sent again.
fn nonce_of(code: &EnrolCode, public_key: &[u8; 32]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new_derive_key("saddlebag enrolment answer v1");
    hasher.update(&code.hash()).update(public_key);
    let mut nonce = [0; 16];
    hasher.finalize_xof().fill(&mut nonce);
    nonce
}

fn said_at_enrolment(request: &EnrolRequest) -> Touch {
    let report = Report {
        app: request.app.clone(),
        clock_error_ms: None,
        free_bytes: None,
        unsent_facts: 0,
        unsent_photos: 0,
        unsent_photo_bytes: 0,
    };
    let capabilities = request.capabilities.as_ref().map(encoded);
    Touch {
        cursor: None,
        report: Some(encoded(&report)),
        capabilities,
    }
}

/// What a device said, as it is stored.
pub(crate) fn encoded<T: minicbor::Encode<()>>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to a Vec cannot fail: its error type has no value.
    let _ = minicbor::encode(value, &mut bytes);
    bytes
}

/// The name in somebody's colleague record; empty where that has none yet.
fn name_of(tx: &(impl ReadTx + ?Sized), person: PersonId) -> Result<String, StoreError> {
    let plan = tx.plan(person.into())?;
    let view = plan.and_then(|plan| PlanView::from_bytes(&plan.view).ok());
    Ok(view
        .as_ref()
        .and_then(|view| view.text("name"))
        .unwrap_or_default()
        .to_owned())
}
