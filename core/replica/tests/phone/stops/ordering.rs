//! In which order stops are ridden: by the shortest way, and by hand.

use super::*;

#[test]
fn the_stops_are_put_in_the_order_of_the_shortest_way() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    parcels_to(&mut county, &[(4_000, 0), (1_000, 0), (3_000, 0), (2_000, 0)]);
    county.sync(&phone);
    assert_eq!(phone.order_stops(None).unwrap(), Moved { stops: 4, moved: 4 });
    assert_eq!(order(&phone), [2, 4, 3, 1]);
    let plan = phone.show(id(4)).unwrap().plan.unwrap();
    assert_eq!(plan.int("order"), Some(2_048), "the plan says it to everybody");
    assert_eq!(
        phone.order_stops(None).unwrap().moved,
        0,
        "it is in order already"
    );
    phone.order_stops(Some(at(5_000, 0))).unwrap();
    assert_eq!(order(&phone), [1, 3, 4, 2], "from the other end");
}

#[test]
fn what_is_urgent_or_cold_is_ridden_to_before_all_else() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    parcels_to(&mut county, &[(1_000, 0), (2_000, 0), (9_000, 0), (8_000, 0)]);
    for (number, flag) in [(3, delivery_flag::URGENT), (4, delivery_flag::COLD_CHAIN)] {
        county.write(id(number), &[PlanEdit::set("flags", i64::from(flag))], None);
    }
    county.sync(&phone);
    phone.order_stops(None).unwrap();
    assert_eq!(
        order(&phone),
        [3, 4, 2, 1],
        "and the whole way is the shortest such one"
    );
}

#[test]
fn places_with_a_river_between_them_do_not_follow_each_other() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    parcels_to(&mut county, &[(1_000, 0), (1_000, 300), (0, 5_000)]);
    let river = PlanEdit::AddItem {
        field: "not_direct".to_owned(),
        item: ItemId([1; 8]),
        values: [
            ("place".to_owned(), PlanValue::from(id(0xa2))),
            ("reason".to_owned(), PlanValue::from("没有桥")),
        ]
        .into(),
    };
    county.sync(&phone);
    phone.order_stops(None).unwrap();
    assert_eq!(order(&phone), [1, 2, 3], "before anybody said so");
    county.write_as(RecordKind::Place, id(0xa1), &[river], None, vec![]);
    county.sync(&phone);
    phone.order_stops(None).unwrap();
    let ridden = order(&phone);
    let follow = ridden.windows(2).any(|pair| matches!(pair, [1, 2] | [2, 1]));
    assert!(!follow, "{ridden:?}");

    let way = phone.way_to(id(0xa1), None).unwrap().unwrap();
    assert_eq!(way.not_direct[0].place, id(0xa2));
    assert_eq!(way.not_direct[0].reason, "没有桥");
    assert_eq!(way.not_direct[0].names["zh-Hans"], "村");
}

#[test]
fn sixty_stops_are_put_in_order_and_none_is_lost() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    let places: Vec<(i32, i32)> = (0..60)
        .map(|n| (n * 7_919 % 30_011, n * 104_729 % 40_009))
        .collect();
    parcels_to(&mut county, &places);
    county.sync(&phone);
    assert_eq!(phone.order_stops(None).unwrap().moved, 60);
    let mut all = order(&phone);
    all.sort_unstable();
    assert_eq!(all, (1..=60).collect::<Vec<u8>>());
}

#[test]
fn a_stop_is_moved_by_hand_and_stays_there() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    parcels_to(
        &mut county,
        &[(1_000, 0), (2_000, 0), (3_000, 0), (4_000, 0), (5_000, 0)],
    );
    county.sync(&phone);
    phone.order_stops(None).unwrap();
    let key = |number: u8| {
        let stops = stops(&phone);
        let stop = stops.iter().find(|stop| stop.items[0].item.record == id(number));
        stop.unwrap().key.clone()
    };
    assert_eq!(
        phone.move_stop(&key(4), MoveStop::First).unwrap(),
        Moved { stops: 5, moved: 1 }
    );
    assert_eq!(order(&phone), [4, 1, 2, 3, 5]);
    assert_eq!(phone.move_stop(&key(3), MoveStop::Up).unwrap().moved, 1);
    assert_eq!(order(&phone), [4, 1, 3, 2, 5]);
    assert_eq!(phone.move_stop(&key(4), MoveStop::Down).unwrap().moved, 1);
    assert_eq!(order(&phone), [1, 4, 3, 2, 5]);
    assert_eq!(
        phone.move_stop(&key(1), MoveStop::Up).unwrap().moved,
        0,
        "nothing is before it"
    );
    assert_eq!(
        phone.move_stop(&key(5), MoveStop::Down).unwrap().moved,
        0,
        "nothing is after it"
    );
    let refused = phone.move_stop("household-nobody", MoveStop::Up).unwrap_err();
    assert_eq!(refused.code(), "unknown_stop");
    let phone = phone.opened_again();
    assert_eq!(order(&phone), [1, 4, 3, 2, 5]);
}

#[test]
fn what_nobody_put_in_order_is_moved_without_ordering_the_rest() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    parcels_to(&mut county, &[(1_000, 0), (2_000, 0), (3_000, 0), (4_000, 0)]);
    county.sync(&phone);
    let third = stops(&phone)[2].key.clone();
    assert_eq!(phone.move_stop(&third, MoveStop::Up).unwrap().moved, 3);
    assert_eq!(order(&phone), [1, 3, 2, 4]);
    assert_eq!(phone.move_stop(&third, MoveStop::First).unwrap().moved, 1);
    assert_eq!(order(&phone), [3, 1, 2, 4]);
}

#[test]
fn what_this_person_may_not_order_in_its_plan_is_in_order_on_this_phone() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    parcels_to(&mut county, &[(1_000, 0)]);
    county.sync(&phone);
    phone
        .scan("YT200000001", ScanFor::LoadingOut { place: None })
        .unwrap();
    let scanned = stops(&phone)[1].clone();
    phone.move_stop(&scanned.key, MoveStop::First).unwrap();
    assert_eq!(stops(&phone)[0].key, scanned.key);
    let page = phone.show(scanned.items[0].item.record).unwrap();
    assert_eq!(
        page.plan.unwrap().int("order"),
        None,
        "its plan is not theirs to order"
    );
    let phone = phone.opened_again();
    assert_eq!(stops(&phone)[0].key, scanned.key);
}

#[test]
fn what_becomes_urgent_after_the_ordering_is_ridden_to_first() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    parcels_to(&mut county, &[(1_000, 0), (2_000, 0)]);
    county.sync(&phone);
    phone.order_stops(None).unwrap();
    let urgent = PlanEdit::set("flags", i64::from(delivery_flag::URGENT));
    for (number, edits) in [(3, vec![urgent]), (4, vec![])] {
        let mut all = vec![PlanEdit::set("place", id(0xa0 + number))];
        all.extend(edits);
        delivery(&mut county, number, &all);
    }
    county.sync(&phone);
    assert_eq!(order(&phone), [3, 1, 2, 4]);
    let last = stops(&phone)[3].key.clone();
    phone.move_stop(&last, MoveStop::First).unwrap();
    assert_eq!(
        order(&phone),
        [4, 3, 1, 2],
        "but not before what they put first by hand"
    );
}

#[test]
fn a_number_at_the_end_of_all_numbers_leaves_room_for_others() {
    let (phone, mut county) = (Phone::of_courier(1), County::default());
    parcels_to(&mut county, &[(1_000, 0), (2_000, 0), (3_000, 0)]);
    county.write(id(2), &[PlanEdit::set("order", (1i64 << 53) - 1)], None);
    county.sync(&phone);
    phone.order_stops(None).unwrap();
    assert_eq!(order(&phone), [1, 2, 3]);
    let first = stops(&phone)[0].key.clone();
    phone.move_stop(&first, MoveStop::Down).unwrap();
    assert_eq!(order(&phone), [2, 1, 3]);
}
