//! What every store promises (`src/store/mod.rs`), asked of every backend: they differ in nothing but speed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod alike;
mod changes;
mod county;
mod devices;
mod facts;
mod given;
mod grants;
mod held;
mod jobs;
mod log;
mod people;
mod records;
mod sides;

/// Every test for every backend.
macro_rules! every_backend {
    ($($area:ident: $($test:ident)*;)*) => {
        mod memory {
            $($(#[test]
            fn $test() {
                super::$area::$test(&super::given::County::in_memory());
            })*)*
        }
        mod sqlite {
            $($(#[test]
            fn $test() {
                super::$area::$test(&super::given::County::in_a_file());
            })*)*
        }
    };
}

every_backend! {
    jobs:
        a_failed_job_leaves_nothing_and_hurts_no_other
        a_job_that_panics_leaves_nothing_and_hurts_no_other
        a_job_sees_what_earlier_jobs_wrote
        jobs_are_done_in_the_order_in_which_they_were_handed_over
        a_job_is_done_even_if_nobody_waits_for_its_answer
        a_reader_sees_one_moment
        a_read_after_an_answer_sees_what_it_answered
        many_readers_and_writers_get_on;
    county:
        a_county_is_founded_once
        device_numbers_are_never_given_twice
        epochs_and_backups_come_in_their_order
        the_audit_log_is_read_a_page_at_a_time_and_drops_what_is_old
        everything_is_counted
        what_is_not_kept_is_counted_by_its_name
        what_is_carried_on_adds_up;
    people:
        a_person_is_replaced_as_a_whole
        joining_and_leaving_an_audience_stand_in_the_persons_log
        enrolment_codes_are_found_by_their_hash_until_they_are_dropped;
    devices:
        a_device_is_found_by_number_token_and_person
        a_number_or_a_token_cannot_be_given_to_two_devices
        a_sync_leaves_what_it_does_not_say
        an_actor_belongs_to_who_announced_it_first
        a_one_time_number_is_good_for_one_record
        an_answer_is_kept_until_its_device_shows_that_it_has_it;
    records:
        a_record_is_added_once
        records_of_a_kind_come_a_page_at_a_time
        a_waybill_leads_to_every_record_under_it
        the_records_that_ended_first_come_first
        references_are_found_from_both_ends
        a_forgotten_record_leaves_a_tombstone_and_the_numbers_of_its_facts
        forgetting_is_told_to_all_who_ever_saw_the_record
        nothing_revives_a_forgotten_record
        who_asked_to_be_forgotten_stays_so;
    facts:
        facts_come_back_as_they_went_in
        an_authors_numbers_have_no_gaps
        a_refused_batch_leaves_nothing
        numbers_tell_what_became_of_each_fact
        the_running_hash_is_known_at_every_number
        a_one_time_number_counts_by_itself
        a_fact_that_was_written_anew_counts_once
        a_fact_of_no_record_is_a_conflict;
    changes:
        changes_come_back_as_they_went_in
        changes_tried_on_another_plan_are_stale
        an_actors_number_is_good_for_one_change
        an_upgrade_can_read_a_plan_differently;
    sides:
        side_values_come_with_their_fact
        a_later_side_value_has_a_row_of_its_own
        a_side_value_is_written_once
        a_removed_side_value_never_comes_back
        a_side_value_of_a_held_fact_is_held
        side_values_of_a_name_come_a_page_at_a_time_the_oldest_first;
    held:
        held_items_are_listed_by_state_and_record
        looking_is_noted_once
        the_oldest_that_nobody_has_looked_at_is_known
        an_admitted_fact_takes_its_side_values_along
        a_dropped_fact_leaves_its_number
        a_plan_change_is_held_once_and_taken_out
        what_each_device_left_is_measured;
    grants:
        an_audience_is_told_what_became_visible_and_what_is_no_longer
        whoever_sees_a_record_can_be_told_to_take_it_once_more
        another_cause_is_no_news
        a_change_of_cause_is_told_where_side_values_hang_on_it
        a_grant_named_twice_counts_once
        what_is_granted_is_read_a_page_at_a_time
        grants_run_out
        who_ever_saw_a_record_is_remembered;
    log:
        the_log_is_numbered_without_gaps
        each_row_names_the_job_that_wrote_it
        a_page_is_merged_from_the_audiences_and_shows_each_row_once
        an_item_is_read_by_who_sees_its_record_then
        the_items_of_a_record_come_a_page_at_a_time
        a_pruned_log_goes_on_where_it_was;
}
