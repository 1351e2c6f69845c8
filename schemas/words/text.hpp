// Every text that a person sees, in Chinese (zh-CN) and English: one typed table. Words are the venue's vocabulary.
//
// A text may have parameters, written {name}; `words` fills them in. To add one: a constant here, a line at the same
// place in the table of text.cpp; a test says when one is missing, empty, or has other parameters in the other
// language.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "schemas/base/result.hpp"
#include "schemas/records/admission.hpp"

namespace gatehouse {

enum class Language : std::uint8_t { zh, en };

// "zh", "zh-CN", "zh_CN.UTF-8", "en", "en_GB"…; nothing for another language.
[[nodiscard]] std::optional<Language> parse_language(std::string_view tag);

enum class Text : std::uint16_t {
    // why a ticket was refused, in the order of Reason; `reason_none` is the admission
    reason_none,
    reason_unknown,
    reason_bad_signature,
    reason_revoked_key,
    reason_revoked,
    reason_refunded,
    reason_blocked,
    reason_already_used,
    reason_not_yet_valid,
    reason_expired,
    reason_wrong_session,
    reason_wrong_zone,
    reason_wrong_direction,
    reason_no_entries_left,
    reason_lane_closed,
    reason_policy_isolated,
    reason_storage_unavailable,
    // what to do about it, in the same order
    advice_none,
    advice_unknown,
    advice_bad_signature,
    advice_revoked_key,
    advice_revoked,
    advice_refunded,
    advice_blocked,
    advice_already_used,
    advice_not_yet_valid,
    advice_expired,
    advice_wrong_session,
    advice_wrong_zone,
    advice_wrong_direction,
    advice_no_entries_left,
    advice_lane_closed,
    advice_policy_isolated,
    advice_storage_unavailable,
    // notes of an admission, in the order of Note
    note_check_id,
    note_concession,
    note_group,
    note_unconfirmed,
    note_clock_suspect,
    // what went wrong and what to do, in the order of ErrorCode
    error_invalid_body,
    error_truncated,
    error_too_large,
    error_bad_signature,
    error_unauthenticated,
    error_forbidden,
    error_locked_out,
    error_not_found,
    error_id_reused,
    error_no_units_left,
    error_shift_closed,
    error_tender_short,
    error_unverified_limit,
    error_sale_unknown,
    error_already_refunded,
    error_ticket_used,
    error_not_the_seller,
    error_version_conflict,
    error_storage_unavailable,
    error_chain_broken,
    error_journal_fork,
    error_schema_newer,
    error_unavailable,
    error_io,
    error_config,
    error_internal,
    gate_wait,  // in place of a reason: another passage is under way
    // on the paper
    paper_ticket,
    paper_persons,
    paper_entries,
    paper_valid_on,
    paper_valid_from_to,
    paper_session,
    paper_price,
    paper_concession,
    paper_sold,
    paper_window,
    paper_reprint,
    paper_reissue,
    paper_check_id,
    paper_number,
    // tender kinds, in the order of TenderKind
    tender_cash,
    tender_card,
    tender_wechat,
    tender_alipay,
    tender_agency,
    tender_voucher,
    tender_free,
    // lane modes, in the order of LaneMode
    mode_normal,
    mode_green,
    mode_free,
    mode_closed,
    // what a lane does, in the order of LanePhase
    lane_idle,
    lane_recording,
    lane_opening,
    lane_open,
    lane_faulted,
    // in the order of Role
    role_clerk,
    role_attendant,
    role_supervisor,
    role_operator,
    role_manager,
    role_auditor,
    role_administrator,
    // the operator's command
    cli_enrolled,
    cli_logged_in,
    cli_up,
    cli_down,
    cli_node,
    cli_central,
    cli_journal,
    cli_journal_line,
    cli_fault,
    cli_clock,
    cli_clock_synced,
    cli_clock_holdover,
    cli_clock_suspect,
    cli_disk,
    cli_disk_low,
    cli_incidents,
    cli_no_daemon,
    cli_emergency_open,
    cli_peer,
    cli_copied,
    cli_lag,
    cli_device,
    cli_driver,
    cli_state,
    cli_last_error,
    cli_last_error_at,
    cli_lane,
    cli_mode,
    cli_admitted,
    cli_admit,
    cli_refuse,
    cli_left,
    cli_recorded,
    cli_not_recorded,
    cli_resync_started,
    cli_resync_waits,
    cli_resync_result,
    cli_resync_preview,
    cli_sold,
    cli_refunded,
    cli_reprinted,
    cli_shift,
    cli_float,
    cli_cash_sales,
    cli_cash_refunds,
    cli_paid_in,
    cli_paid_out,
    cli_expected,
    cli_counted,
    cli_difference,
    cli_tender,
    cli_handed_back,
    cli_unverified,
    cli_tickets,
    cli_persons,
    cli_product,
    cli_amount,
    cli_total,
    cli_net,
    cli_refunded_tickets,
    cli_tender_confirmed,
    cli_tender_unverified,
    cli_tender_failed,
    cli_day_counts,
    cli_silent,
    cli_signature_not_judged,
    cli_verified,
    cli_rebuilt_same,
    cli_rebuilt_other,
    cli_counts,
    cli_answers,
    cli_advice,
    cli_recording,
    cli_recording_already,
    cli_recording_ended,
    cli_recording_over,
    cli_is_recorded,
    cli_replayed,
    cli_plug_in,
    cli_adopted,
    cli_adopted_by_socket,
    cli_reload_rules,
    // command lines: schemas/command; what each verb and option is for: help.hpp
    cli_usage,
    cli_arguments,
    cli_options,
    cli_verb,
    cli_verbs,
    cli_required,
    cli_type_text,
    cli_type_number,
    cli_usage_verb,
    cli_usage_unknown_verb,
    cli_usage_unknown_verb_near,
    cli_usage_missing,
    cli_usage_no_value,
    cli_usage_unexpected,
    cli_usage_value,
    cli_usage_allowed,
    cli_usage_other,
    cli_usage_help,
    cli_sale_forms,
    cli_epoch,
    cli_head,
    cli_acked,
    cli_hash,
    cli_venue_made,
    // what a test of a device has shown, by its outcome: see test_words
    test_shown,
    test_answered,
    test_connected,
    test_printed,
    test_not_printed,
    test_print_unknown,
    paper_test,
    paper_test_printer,
    paper_test_time,
    // what to do about a device, by its trouble: see device_advice
    device_absent,
    device_denied,
    device_busy,
    device_unreachable,
    device_lost,
    device_silent,
    device_refused,
    device_not_trusted,
    device_paper_low,
    device_paper_out,
    device_cover_open,
    device_cutter,
    device_sensor_stuck,
    device_tampered,
    device_power_failed,
    device_alarm,
    device_other,
    // what troubles a device, by its stable word: see text_of_trouble
    trouble_absent,
    trouble_denied,
    trouble_busy,
    trouble_unreachable,
    trouble_refused,
    trouble_lost,
    trouble_link_down,
    trouble_silent,
    trouble_no_answer,
    trouble_no_ack,
    trouble_not_reachable,
    trouble_not_seen,
    trouble_unknown,
    trouble_not_trusted,
    trouble_unplugged,
    trouble_sensor_stuck,
    trouble_tampered,
    trouble_power_failed,
    trouble_alarm,
    trouble_paper_low,
    trouble_paper_out,
    trouble_cover_open,
    trouble_cutter,
    trouble_fault,
    // what is counted at a device, by its stable word: see text_of_device_count
    count_opened,
    count_lost,
    count_faults,
    count_scans,
    count_dropped,
    count_repeated,
    count_opens,
    count_passages,
    count_prints,
    count_alarms,
    count_drawer,
    count_,  // NOLINT(readability-identifier-naming): not a text, but how many there are
};
constexpr std::size_t text_count = static_cast<std::size_t>(Text::count_);

[[nodiscard]] std::string_view text(Text key, Language language);
[[nodiscard]] std::string_view text_name(Text key);  // "reason_unknown", for tests and pages

using TextParameter = NamedValue;
// The text with each {name} replaced by its parameter; a name without a parameter stays as it is.
[[nodiscard]] std::string words(Text key, Language language, std::initializer_list<TextParameter> parameters);

[[nodiscard]] Text text_of(Reason reason);
[[nodiscard]] Text advice_on(Reason reason);
[[nodiscard]] Text text_of(Note note);
[[nodiscard]] Text text_of(ErrorCode code);
// By the stable words of the API; of one that is not known, nothing.
[[nodiscard]] std::optional<Text> text_of_lane_state(std::string_view state);
[[nodiscard]] std::optional<Text> text_of_role(std::string_view role);
[[nodiscard]] std::optional<Text> text_of_trouble(std::string_view trouble);
[[nodiscard]] std::optional<Text> text_of_device_count(std::string_view what);
// By the stable word of a device's trouble; device_other for words that nothing more is to be said about.
[[nodiscard]] Text device_advice(std::string_view trouble);
// By the outcome that a test's answer names.
[[nodiscard]] Text test_words(std::string_view outcome);

}  // namespace gatehouse
