// What is told at a terminal of what is wrong, in both languages: a configuration file, what keeps a daemon from
// starting, a command that cannot do what it was told. Each says what would be right. schemas/config has where in a
// file it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/base/filled.hpp"
#include "schemas/words/text.hpp"

namespace gatehouse {

// {key} is written as a person finds it in the file: `api.listen`, or `baud` of a device.
enum class FaultText : std::uint8_t {
    // the file
    file_unreadable,
    file_too_large,
    too_many_files,
    no_toml,  // {fault} is toml++'s own English
    // keys and the kinds of their values
    unknown_key,
    unknown_key_near,
    missing,
    not_text,
    not_short_text,
    not_octets_long,
    not_name,
    not_one_of,
    not_flag,
    not_number,
    not_texts,
    not_short_texts,
    too_many_items,
    not_table,
    not_tables,
    no_setting_value,
    empty_text,
    // addresses
    not_host_port,
    not_host_ports,
    not_sync_urls,
    discovery_without_listen,
    needs_tls,
    // node: names that are used once, and references
    bus_twice,
    device_twice,
    lane_twice,
    window_twice,
    unknown_bus_kind,
    unknown_bus,
    bus_of_another_kind,
    unknown_device,
    no_scanner,
    no_turnstile,
    no_printer,
    device_serves_already,
    // node: what drivers take
    of_device,  // "device '{device}': {fault}"
    unknown_driver,
    not_of_driver,
    not_one_place,
    only_with,
    not_hex,
    not_wires,
    not_lines,
    not_line,
    unknown_line,
    line_twice,
    no_lines_to_open,
    no_chip,
    not_hundreds,
    not_hundreds_of_board,
    no_way_opens,
    no_output,
    same_as,
    same_output,
    not_inputs,
    // node: devices that share a port
    port_taken,
    speed_differs,
    place_taken,
    // central
    not_absolute,
    not_postgresql,
    not_sqlite,
    not_time_zone,
    not_currency,
    not_time_of_day,
    // scenarios of emulated devices
    not_key,
    // why a daemon does not start
    start_not_enrolled,
    start_no_venue,
    start_venue_exists,
    start_wrong_config,
    start_busy,
    start_io,
    start_newer,
    start_damaged,
    start_no_thread,
    start_failed,
    // why a daemon goes on as it was told before
    reload_kept,
    reload_no_way_back,
    peers_closed,
    // why a node ends: others hold what it wrote, and this disk does not
    journal_ahead,
    journal_ahead_appended,
    journal_differs,
    // why a command did not do what it was told; what the daemon refuses is said by its code, see text_of(ErrorCode)
    command_no_file,
    command_no_recording,
    command_not_adoptable,
    command_no_place,
    command_device_name,
    command_not_written,
    command_output,
    command_no_folder,
    command_no_journal,
    command_broken_journal,
    command_pin,
    command_type_pin,  // in front of what is typed and not shown
    command_token,
    command_amount,
    command_line_form,
    login_missing,
    login_over,
    enrol_refused,
    enrol_other_name,
    enrol_already,
    enrol_unreachable,
    request_field,  // {field} is the path within a body that is not valid
    request_field_why,
    answer_unknown,
    answer_no_json,
    remark,  // what was said, and the technical remark behind it
    count_,  // NOLINT(readability-identifier-naming): not a text, but how many there are
};
constexpr std::size_t fault_text_count = static_cast<std::size_t>(FaultText::count_);

[[nodiscard]] std::string_view text(FaultText key, Language language);
[[nodiscard]] std::string_view text_name(FaultText key);  // "not_name", for tests

// A fault and what it names.
struct FaultWords {
    FaultText text{};
    std::vector<TextParameter> with;
    friend bool operator==(const FaultWords&, const FaultWords&) = default;
};

// The sentence. Control characters of what it names are shown as '?': it goes to a terminal.
[[nodiscard]] std::string said(const FaultWords& fault, Language language);

// A sentence with the English detail of an error set apart behind it; the sentence alone when there is no detail.
[[nodiscard]] std::string with_remark(std::string sentence, const std::string& detail, Language language);

}  // namespace gatehouse
