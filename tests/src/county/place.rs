//! Where things are handed over, kept and rested at.

use super::dice::{Dice, Stream};
use super::name::Name;
use super::phone::{self, Owner};
use super::reference::{self, Township, Village};

/// The county's box in degrees WGS 84: 47.63 to 49.16 north, 85.53 to 87.31 east.
const SOUTH: f64 = 47.63;
const NORTH: f64 = 49.16;
const WEST: f64 = 85.53;
const EAST: f64 = 87.31;

/// The seasons of a herding year, in their order.
pub const SEASONS: [&str; 4] = ["spring", "summer", "autumn", "winter"];

const HOSTS: [&str; 5] = [
    "village_service_post",
    "transfer_settlement",
    "points_shop",
    "shiliuzi_station",
    "shop",
];
const HOST_NAMES: [&str; 5] = ["村级服务点", "转场定居点", "积分超市", "石榴籽服务站", "商店"];

const DROP_POINT_HOURS: [&str; 3] = ["每天 10:00-21:00", "每天 11:00-19:00", "周一至周六 10:00-20:00"];

const SERVICES: [&str; 12] = [
    "meal",
    "hot_water",
    "rest",
    "charging",
    "haircut",
    "repair",
    "first_aid",
    "legal_advice",
    "meeting_others",
    "lockers",
    "winter_kit",
    "parking",
];

const OBSTACLES: [&str; 4] = [
    "河上无桥，须绕行",
    "冬季雪封垭口",
    "途经检查站，须持边境通行证",
    "融雪期涉水不可过",
];

/// A position in 1e-7 degrees WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// North is positive.
    pub lat_e7: i32,
    /// East is positive.
    pub lon_e7: i32,
}

/// A station, drop point, rest station or transfer ground. All but the name of its village is made up.
#[derive(Clone, Debug)]
pub struct Place {
    /// `S001` to `S078`, `P01` to `P17`, `R01` to `R07`, `T01` to `T12`.
    pub key: String,
    /// `station`, `drop_point`, `rest_station` or `transfer_ground`.
    pub kind: &'static str,
    /// Its Chinese name.
    pub name: String,
    /// The code of its township.
    pub township: u64,
    /// The code of its village; 0 for a township's own station.
    pub village: u64,
    /// Where it is; of the real county, only the seat's station stands where it would.
    pub position: Position,
    /// The station that serves it: a township's, which serves itself.
    pub station: String,
    /// Who lends a drop point its room; empty elsewhere.
    pub host: &'static str,
    /// Who keeps it; empty where nobody does.
    pub keeper: String,
    /// Whom to ring.
    pub phone: String,
    /// When it is open; empty where it always is.
    pub hours: &'static str,
    /// After how many days a drop point's parcels go back; 0 elsewhere.
    pub keeping_days: u32,
    /// How many parcels a drop point holds; 0 elsewhere.
    pub capacity: u32,
    /// What a rest station offers.
    pub services: Vec<&'static str>,
    /// From which places, by key, there is no direct way here, and why.
    pub not_direct: Vec<(String, &'static str)>,
}

impl Position {
    pub(super) fn of_degrees(latitude: f64, longitude: f64) -> Self {
        // A metre and more inside, so that rounding never leaves the box.
        let latitude = latitude.clamp(SOUTH + 1e-5, NORTH - 1e-5);
        let longitude = longitude.clamp(WEST + 1e-5, EAST - 1e-5);
        Self {
            lat_e7: (latitude * 1e7).round() as i32,
            lon_e7: (longitude * 1e7).round() as i32,
        }
    }

    pub(super) fn latitude(self) -> f64 {
        f64::from(self.lat_e7) / 1e7
    }

    pub(super) fn longitude(self) -> f64 {
        f64::from(self.lon_e7) / 1e7
    }

    /// Somewhere up to this many degrees of latitude off in either direction, about as far each way.
    pub(super) fn near(self, degrees: f64, dice: &mut Dice) -> Self {
        let share = |dice: &mut Dice| dice.between(-1_000_000, 1_000_000) as f64 / 1e6;
        let north = share(dice) * degrees;
        // A degree of longitude is two thirds of one of latitude here.
        let east = share(dice) * degrees * 1.5;
        Self::of_degrees(self.latitude() + north, self.longitude() + east)
    }

    /// The square of the distance, in degrees of latitude: good enough to say what is nearest.
    pub(super) fn apart(self, other: Self) -> f64 {
        let north = self.latitude() - other.latitude();
        let east = (self.longitude() - other.longitude()) / 1.5;
        north * north + east * east
    }

    /// Somewhere in the county's middle, or for summer in the mountains of its north, for winter in the
    /// valleys of its south.
    pub(super) fn in_season(season: &str, dice: &mut Dice) -> Self {
        let (low, high) = match season {
            "summer" => (0.66, 1.0),
            "winter" => (0.0, 0.3),
            _ => (0.25, 0.7),
        };
        let share = |dice: &mut Dice| dice.between(0, 1_000_000) as f64 / 1e6;
        let latitude = SOUTH + (NORTH - SOUTH) * (low + (high - low) * share(dice));
        let longitude = WEST + (EAST - WEST) * share(dice);
        Self::of_degrees(latitude, longitude)
    }
}

/// 78 stations (one a township, one a village, six in the county's seat), 17 drop points, 7 rest stations
/// and 12 transfer grounds.
pub(super) fn all(seed: u64) -> anyhow::Result<Vec<Place>> {
    let mut dice = Dice::new(seed, Stream::Places);
    let townships = reference::townships()?;
    let villages = reference::villages()?;
    let mut places = stations(&townships, &villages, reference::seat()?, &mut dice);
    drop_points(&mut places, &mut dice);
    rest_stations(&mut places, &mut dice);
    transfer_grounds(&mut places, &mut dice);
    obstacles(&mut places, &mut dice);
    for (index, place) in places.iter_mut().enumerate() {
        place.phone = phone::number(Owner::Place(index));
    }
    Ok(places)
}

fn stations(townships: &[Township], villages: &[Village], seat: (f64, f64), dice: &mut Dice) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for (index, township) in townships.iter().enumerate() {
        let position = if index == 0 {
            Position::of_degrees(seat.0, seat.1)
        } else {
            apart(&places, dice)
        };
        let key = format!("S{:03}", index + 1);
        places.push(Place {
            name: format!("{}寄递服务站", township.name),
            hours: "每天 09:30-20:00",
            ..blank(key.clone(), "station", township.code, 0, position, key)
        });
    }
    let served = villages.iter().filter(|village| !village.neighbourhood);
    let neighbourhoods = villages.iter().filter(|village| village.neighbourhood).take(6);
    for village in served.chain(neighbourhoods) {
        let Some(home) = places.iter().find(|place| place.township == village.township) else {
            continue;
        };
        let reach = if village.neighbourhood { 0.02 } else { 0.13 };
        let (position, station) = (home.position.near(reach, dice), home.key.clone());
        places.push(Place {
            name: format!("{}服务站", village.name),
            keeper: Name::draw(dice).written,
            hours: "每天 10:30-19:30",
            ..blank(
                format!("S{:03}", places.len() + 1),
                "station",
                village.township,
                village.code,
                position,
                station,
            )
        });
    }
    places
}

/// A township's middle: well inside the box and away from the others'.
fn apart(others: &[Place], dice: &mut Dice) -> Position {
    let mut best = (0.0, Position::in_season("", dice));
    for _ in 0..40 {
        let tried = Position::of_degrees(48.35, 86.42).near(0.55, dice);
        let nearest = others
            .iter()
            .map(|other| other.position.apart(tried))
            .fold(f64::MAX, f64::min);
        if nearest > best.0 {
            best = (nearest, tried);
        }
    }
    best.1
}

fn drop_points(places: &mut Vec<Place>, dice: &mut Dice) {
    for index in 0..17 {
        let host = index % HOSTS.len();
        // The border is in the north: three of four are near a village of its half.
        let village = northern_village(places, dice, 75);
        let name = village.name.trim_end_matches("服务站");
        let hours = *dice.pick(&DROP_POINT_HOURS);
        let place = Place {
            name: format!("{name}投递点（{}）", HOST_NAMES[host]),
            host: HOSTS[host],
            keeper: Name::draw(dice).written,
            hours,
            keeping_days: dice.between(3, 10) as u32,
            capacity: dice.between(3, 16) as u32 * 5,
            ..blank(
                format!("P{:02}", index + 1),
                "drop_point",
                village.township,
                village.village,
                village.position.near(0.05, dice),
                village.station.clone(),
            )
        };
        places.push(place);
    }
}

fn rest_stations(places: &mut Vec<Place>, dice: &mut Dice) {
    for index in 0..7 {
        let home = places[index].clone();
        let mut services: Vec<&'static str> = SERVICES
            .into_iter()
            .filter(|service| *service == "hot_water" || dice.percent(60))
            .collect();
        if index == 0 {
            services = SERVICES.to_vec();
        }
        places.push(Place {
            name: format!("{}暖蜂驿站", home.name.trim_end_matches("寄递服务站")),
            keeper: Name::draw(dice).written,
            hours: "每天 08:00-23:00",
            services,
            ..blank(
                format!("R{:02}", index + 1),
                "rest_station",
                home.township,
                home.village,
                home.position.near(0.004, dice),
                home.key,
            )
        });
    }
}

fn transfer_grounds(places: &mut Vec<Place>, dice: &mut Dice) {
    for index in 0..12 {
        let position = Position::in_season(SEASONS[index % 3], dice);
        let Some(home) = nearest_township_station(places, position) else {
            continue;
        };
        let place = Place {
            name: format!("{}转场点 {}", home.name.trim_end_matches("寄递服务站"), index + 1),
            ..blank(
                format!("T{:02}", index + 1),
                "transfer_ground",
                home.township,
                home.village,
                position,
                home.key.clone(),
            )
        };
        places.push(place);
    }
}

/// Every third drop point and transfer ground cannot be reached straight from some station.
fn obstacles(places: &mut [Place], dice: &mut Dice) {
    let stations: Vec<String> = places
        .iter()
        .filter(|place| place.kind == "station")
        .map(|place| place.key.clone())
        .collect();
    let behind = places
        .iter_mut()
        .filter(|place| ["drop_point", "transfer_ground"].contains(&place.kind));
    for place in behind.step_by(3) {
        place
            .not_direct
            .push((dice.pick(&stations).clone(), *dice.pick(&OBSTACLES)));
    }
}

fn northern_village(places: &[Place], dice: &mut Dice, share: usize) -> Place {
    let mut villages: Vec<&Place> = places
        .iter()
        .filter(|place| place.kind == "station" && place.village != 0)
        .collect();
    villages.sort_by_key(|place| -place.position.lat_e7);
    if dice.percent(share) {
        villages.truncate(villages.len() / 2);
    }
    (*dice.pick(&villages)).clone()
}

fn nearest_township_station(places: &[Place], position: Position) -> Option<&Place> {
    places
        .iter()
        .filter(|place| place.kind == "station" && place.village == 0)
        .min_by(|one, other| {
            one.position
                .apart(position)
                .total_cmp(&other.position.apart(position))
        })
}

fn blank(
    key: String,
    kind: &'static str,
    township: u64,
    village: u64,
    position: Position,
    station: String,
) -> Place {
    Place {
        key,
        kind,
        name: String::new(),
        township,
        village,
        position,
        station,
        host: "",
        keeper: String::new(),
        phone: String::new(),
        hours: "",
        keeping_days: 0,
        capacity: 0,
        services: Vec::new(),
        not_direct: Vec::new(),
    }
}
