use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use saddlebag_records::codes::{failure_reason, proof_kind};
use saddlebag_records::fact::{Body, FactKind, SideName, field, kinds::delivery};
use saddlebag_records::id::{PersonId, RecordId};
use saddlebag_replica::NewFact;

use crate::county::Position;

/// A parcel on a courier's route.
#[derive(Clone, Debug)]
pub struct Job {
    /// The delivery.
    pub record: RecordId,
    /// Whose it is, where the county knows them.
    pub household: Option<RecordId>,
    /// Where it is to be brought, about.
    pub site: Position,
    /// Cash to collect, fen.
    pub cash_fen: i64,
    /// What the household agreed to, where it did.
    pub consents: Option<Consents>,
}

/// What a household agreed to before the day.
#[derive(Clone, Copy, Debug)]
pub struct Consents {
    /// That somebody else takes its parcels.
    pub proxy: RecordId,
    /// That they are left at the drop point.
    pub drop_point: RecordId,
    /// That drop point.
    pub place: RecordId,
}

/// Who rides, and from where.
#[derive(Clone, Copy, Debug)]
pub struct Rider {
    /// The courier.
    pub courier: PersonId,
    /// A courier of the same station.
    pub colleague: PersonId,
    /// Their station.
    pub station: RecordId,
    /// Where it is.
    pub from: Position,
}

/// Something that a courier does.
#[derive(Clone, Debug)]
pub struct Step {
    /// Time since the step before, in milliseconds.
    pub wait_ms: u64,
    /// What is recorded.
    pub fact: NewFact,
    /// A photo that shows it.
    pub photo: Option<Vec<u8>>,
}

const NOTES: [&str; 6] = [
    "电话无人接听，放牧去了",
    "河水上涨，摩托过不去",
    "邻居说下午回来",
    "门锁着，狗拴在院里",
    "约好傍晚再送",
    "搬到夏牧场去了",
];
const RECEIVERS: [&str; 6] = ["本人", "阿依古丽", "儿子", "妻子", "巴合提", "邻居老王"];
const REASONS: [u16; 8] = [
    failure_reason::RECIPIENT_ABSENT,
    failure_reason::RECIPIENT_ABSENT,
    failure_reason::PHONE_UNREACHABLE,
    failure_reason::CAMP_MOVED,
    failure_reason::ROAD_CLOSED,
    failure_reason::RIVER_OR_SNOW,
    failure_reason::ADDRESS_WRONG,
    failure_reason::ASKED_FOR_LATER,
];

/// What happens to a parcel once it is on the road.
type Course = [(FactKind, Body); 2];

/// A day of this seed: three facts a job. All are loaded out at the station; then comes a round from each site to the
/// nearest, in which some are brought and some only tried; then the way back, on which those are brought, or left
/// elsewhere. Three in four of the facts on the road carry a position: half of all.
pub fn draw(seed: u64, jobs: &[Job], rider: Rider) -> Vec<Step> {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let (mut round, mut way_back) = (Vec::new(), Vec::new());
    for job in ridden(jobs, rider.from) {
        let [first, then] = course(job, rider, &mut dice);
        let comes_again = first.0 == delivery::ATTEMPTED;
        round.push((job, first));
        if comes_again { &mut way_back } else { &mut round }.push((job, then));
    }
    way_back.reverse();
    let on_the_road: Vec<_> = round.into_iter().chain(way_back).collect();
    let mut with_position: Vec<bool> = (0..on_the_road.len()).map(|at| at % 4 != 3).collect();
    with_position.shuffle(&mut dice);

    let mut day = Vec::new();
    for job in jobs {
        let loaded = NewFact::new(job.record, delivery::LOADED_OUT, place(rider.station));
        day.push(Step {
            wait_ms: dice.random_range(4_000..20_000),
            fact: loaded,
            photo: None,
        });
    }
    let mut before = None;
    for ((job, (kind, body)), with_position) in on_the_road.into_iter().zip(with_position) {
        let is_there = before.replace(job.record) == Some(job.record);
        let wait_ms = if is_there { 5_000..60_000 } else { 40_000..240_000 };
        let is_photo = body.uint(field::PROOF) == Some(proof_kind::PHOTO.into());
        let mut fact = NewFact::new(job.record, kind, body);
        if with_position {
            fact = fact.with_side(SideName::Position, fix_near(job.site, &mut dice));
        }
        day.push(Step {
            wait_ms: dice.random_range(wait_ms),
            fact,
            photo: is_photo.then(|| dice.random::<[u8; 32]>().to_vec()),
        });
    }
    day
}

/// The jobs from each site to the nearest of those that are left.
fn ridden(jobs: &[Job], mut from: Position) -> Vec<&Job> {
    let mut left: Vec<&Job> = jobs.iter().collect();
    let mut route = Vec::new();
    while let Some((at, job)) = left
        .iter()
        .enumerate()
        .min_by_key(|(_, job)| apart(job.site, from))
    {
        from = job.site;
        route.push(left.swap_remove(at));
    }
    route
}

/// The square of a distance. A degree of longitude is two thirds of one of latitude here.
fn apart(a: Position, b: Position) -> i64 {
    let north = i64::from(a.lat_e7) - i64::from(b.lat_e7);
    let east = (i64::from(a.lon_e7) - i64::from(b.lon_e7)) * 2 / 3;
    north * north + east * east
}

fn course(job: &Job, rider: Rider, dice: &mut impl Rng) -> Course {
    let tried = (delivery::ATTEMPTED, tried(dice));
    let delivered = (delivery::DELIVERED, proof(dice));
    if job.cash_fen > 0 {
        let cash = Body::new()
            .with(field::FROM, job.household.unwrap_or(job.record))
            .with(field::TO, rider.courier)
            .with(field::FEN, job.cash_fen);
        return [delivered, (delivery::CASH_COLLECTED, cash)];
    }
    match (dice.random_range(0..100), job.consents) {
        (0..5, _) => {
            let degrees = Body::new().with(field::TEMPERATURE, dice.random_range(-40i64..60));
            [(delivery::TEMPERATURE, degrees), delivered]
        }
        (5..9, _) => [(delivery::DAMAGED, note(dice)), delivered],
        (9..16, _) => {
            let back = place(rider.station).with(field::REASON, pick(&REASONS, dice));
            [tried, (delivery::RETURNED_TO_STATION, back)]
        }
        (16..19, _) => [
            tried,
            (
                delivery::HANDED_OVER,
                Body::new().with(field::TO, rider.colleague),
            ),
        ],
        (19..50, Some(agreed)) => {
            let left = place(agreed.place).with(field::CONSENT, agreed.drop_point);
            [tried, (delivery::PLACED_AT_DROP_POINT, left)]
        }
        (50..80, Some(agreed)) => {
            let taken = Body::new()
                .with(field::PROOF, proof_kind::RECEIVER_NAMED)
                .with(field::RECEIVER, pick(&RECEIVERS, dice))
                .with(field::CONSENT, agreed.proxy);
            [tried, (delivery::DELIVERED_TO_PROXY, taken)]
        }
        _ => [tried, delivered],
    }
}

fn tried(dice: &mut impl Rng) -> Body {
    let note = if dice.random_bool(0.3) {
        note(dice)
    } else {
        Body::new()
    };
    let tried = note.with(field::REASON, pick(&REASONS, dice));
    if dice.random_bool(0.3) {
        tried.with(field::TRIES, dice.random_range(1u16..4))
    } else {
        tried
    }
}

/// The receiver's name, the pickup code, or a photo.
fn proof(dice: &mut impl Rng) -> Body {
    match dice.random_range(0..4) {
        0 | 1 => Body::new()
            .with(field::PROOF, proof_kind::RECEIVER_NAMED)
            .with(field::RECEIVER, pick(&RECEIVERS, dice)),
        2 => Body::new().with(field::PROOF, proof_kind::PICKUP_CODE),
        _ => Body::new().with(field::PROOF, proof_kind::PHOTO),
    }
}

fn note(dice: &mut impl Rng) -> Body {
    Body::new().with(field::NOTE, pick(&NOTES, dice))
}

fn place(place: RecordId) -> Body {
    Body::new().with(field::PLACE, place)
}

/// Where satellites say that one stands: within 50 m of the site or so, 3 to 40 m sure.
fn fix_near(site: Position, dice: &mut impl Rng) -> Vec<u8> {
    let lat = site.lat_e7 + dice.random_range(-5_000..5_000);
    let lon = site.lon_e7 + dice.random_range(-5_000..5_000);
    let accuracy = dice.random_range(3u16..40);
    [
        &lat.to_be_bytes()[..],
        &lon.to_be_bytes(),
        &accuracy.to_be_bytes(),
    ]
    .concat()
}

fn pick<T: Copy + Default>(list: &[T], dice: &mut impl Rng) -> T {
    list.choose(dice).copied().unwrap_or_default()
}
