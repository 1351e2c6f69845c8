// What a device's driver says when a recording is played to it (`gatehouse devices replay`). Apart from text.hpp, which
// everything includes.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "schemas/words/text.hpp"

namespace gatehouse {

// The words behind an underscore that ends a prefix (drop_, opening_, fault_, paper_, printer_, trouble_) are the
// stable words of the drivers' own reports.
enum class ReplayText : std::uint8_t {
    scan,
    foreseen,
    dropped,
    drop_too_long,
    drop_incomplete,
    drop_repeated,
    drop_unreadable,
    wrote,
    hung_up,
    answers,
    silent,
    trouble_none,
    trouble_tampered,
    trouble_power_failed,
    opened,
    open_failed,
    opening_not_reachable,
    opening_refused,
    opening_busy,
    opening_unknown,
    passed_entry,
    passed_exit,
    alarm_begins,
    alarm_ends,
    fire_begins,
    fire_ends,
    held_none,
    held_entry,
    held_exit,
    held_both,
    online,
    fault_link_down,
    fault_no_answer,
    fault_refused,
    fault_sensor_stuck,
    fault_not_trusted,
    printed,
    not_printed,
    paper_cancelled,
    paper_waited_too_long,
    paper_queue_full,
    print_unknown,
    printer_link_down,
    printer_no_answer,
    printer_ready,
    printer_paper_low,
    printer_paper_out,
    printer_cover_open,
    printer_cutter,
    printer_fault,
    drawer_open,
    drawer_closed,
    ended,
    enciphered,
    count_,  // NOLINT(readability-identifier-naming): not a text, but how many there are
};
constexpr std::size_t replay_text_count = static_cast<std::size_t>(ReplayText::count_);

[[nodiscard]] std::string_view text(ReplayText key, Language language);
[[nodiscard]] std::string_view text_name(ReplayText key);
// By prefix and stable word, as in "fault_" and "no_answer". Precondition: there is such a text.
[[nodiscard]] ReplayText replay_text(std::string_view prefix, std::string_view word);
[[nodiscard]] std::string words(ReplayText key, Language language, std::initializer_list<TextParameter> parameters);

}  // namespace gatehouse
