#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "drivers/link/device_health.hpp"
#include "drivers/port/device_pump.hpp"
#include "drivers/printer/printer_events.hpp"
#include "drivers/turnstile/turnstile_events.hpp"
#include "edge/station/lane_session.hpp"
#include "schemas/words/text.hpp"

using namespace gatehouse;

namespace {

std::string text_of(const char* path) {
    std::ifstream file{std::string{GATEHOUSE_SOURCE_DIR "/"} + path};
    REQUIRE(file.good());
    return {std::istreambuf_iterator<char>{file}, {}};
}

template <typename Word>
void collect(std::set<std::string>& words, Word last) {
    for (unsigned i = 0; i <= static_cast<unsigned>(last); ++i) words.emplace(to_string(static_cast<Word>(i)));
}

}  // namespace

TEST_CASE("every word for a device's trouble has its text, and one of what to do about it") {
    std::set<std::string> words{"unplugged", "no_ack", std::string{to_string(drivers::GateInput::alarm)},
                                std::string{edge::LaneSession{{std::nullopt, true, 1, {}}}.trouble()}};
    collect(words, drivers::TurnstileFault::not_trusted);
    collect(words, drivers::ReaderTrouble::power_failed);
    collect(words, drivers::OpenFailure::unknown);
    collect(words, drivers::LinkTrouble::silent);
    collect(words, drivers::PrinterState::fault);
    words.erase("");
    words.erase("ready");
    CHECK(words.size() >= 20);
    const auto known = text_of("pages/shared/troubles.ts");
    const auto advice = text_of("pages/operations/checks.ts");
    for (const auto& word : words) {
        CAPTURE(word);
        CHECK(known.find("\n    " + word + ": \"fix_") != std::string::npos);
        CHECK(text_of_trouble(word).has_value());
        CHECK((device_advice(word) == Text::device_other) == (word == "fault"));
        CHECK(advice.find("\n    " + word + ": \"" + std::string{text_name(device_advice(word))} + "\"") !=
              std::string::npos);
    }
}

TEST_CASE("every word for what is counted at a device has its text") {
    for (std::size_t i = 0; i < drivers::device_counts; ++i) {
        const std::string word{to_string(static_cast<drivers::DeviceCount>(i))};
        CAPTURE(word);
        CHECK(text_of_device_count(word).has_value());
    }
}
