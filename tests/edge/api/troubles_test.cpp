#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "drivers/port/device_pump.hpp"
#include "drivers/printer/printer_events.hpp"
#include "drivers/turnstile/turnstile_events.hpp"
#include "edge/station/lane_session.hpp"

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

TEST_CASE("every word for a device's trouble is one that the pages know and have a text for") {
    std::set<std::string> words{"unplugged", "no_ack",
                                std::string{edge::LaneSession{{std::nullopt, true, 1, {}}}.trouble()}};
    collect(words, drivers::TurnstileFault::not_trusted);
    collect(words, drivers::OpenFailure::unknown);
    collect(words, drivers::LinkTrouble::silent);
    collect(words, drivers::PrinterState::fault);
    words.erase("");
    words.erase("ready");
    CHECK(words.size() >= 18);
    const auto known = text_of("pages/shared/troubles.ts");
    const auto texts = text_of("schemas/words/pages.json");
    for (const auto& word : words) {
        CAPTURE(word);
        CHECK(known.find("\n    " + word + ": \"fix_") != std::string::npos);
        CHECK(texts.find("\"trouble_" + word + "\": [\"") != std::string::npos);
    }
}
