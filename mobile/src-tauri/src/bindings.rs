use tauri::Wry;
use tauri_specta::{Builder, ErrorHandlingMode, collect_commands, collect_events};

use crate::commands::{acts, clerk, device, lists, money, records, route, syncing};
use crate::events::{Changed, Locked, SyncProgress, SyncWaiting};

/// Every command and event of the app, with its types.
pub fn bindings() -> Builder<Wry> {
    Builder::new()
        // One TypeScript type for one of Rust's: what serde reads is what it writes.
        .disable_serde_phases()
        // Fen, milliseconds, counts and devices' numbers, which are counted up, stay far below 2^53. Ids and the names
        // of facts are texts, and one-time numbers, which fill 64 bits, stand in those alone.
        .dangerously_cast_bigints_to_number()
        // What is thrown is a stable code.
        .error_handling(ErrorHandlingMode::Throw)
        .commands(collect_commands![
            device::start,
            device::read_picture,
            device::read_enrolment,
            device::enrol,
            device::salvage,
            device::salvaged_seen,
            device::save_settings,
            device::set_pin,
            device::unlock,
            device::lock,
            device::in_use,
            device::this_device,
            route::today,
            route::carried,
            route::done_today,
            route::order_stops,
            route::move_stop,
            route::stop,
            route::way_to,
            route::call,
            route::message,
            route::open_map,
            acts::scan,
            acts::hand_over,
            acts::take_over,
            acts::deliver,
            acts::fail,
            acts::record,
            acts::undo,
            acts::return_to_station,
            acts::correct,
            acts::edit_notes,
            acts::new_pickup,
            acts::new_errand,
            records::show,
            records::household,
            records::my_data_about,
            records::register_household,
            records::phone_given,
            records::phone_no_longer_right,
            records::asked_to_be_forgotten,
            records::note_camp,
            records::give_consent,
            records::withdraw_consent,
            records::report,
            records::tips,
            records::reopen_tip,
            records::raise_appeal,
            records::appeals,
            lists::whom_to_ask,
            lists::places,
            lists::colleagues,
            lists::search,
            lists::items,
            lists::households,
            lists::carriers,
            money::cash,
            money::cash_book,
            money::pass_cash,
            money::cash_code,
            money::read_cash_code,
            money::take_cash,
            money::hand_in,
            syncing::sync,
            syncing::cancel_sync,
            syncing::safety,
            syncing::unsent,
            syncing::discrepancies,
            syncing::forks,
            syncing::fork_seen,
            syncing::refused,
            syncing::refused_seen,
            clerk::station_parcels,
            clerk::count_cash,
        ])
        .events(collect_events![Changed, SyncProgress, SyncWaiting, Locked])
}
