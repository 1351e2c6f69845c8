#include "edge/daemon/display_words.hpp"

#include "drivers/port/device_pump.hpp"
#include "schemas/words/text.hpp"

namespace gatehouse::edge {

namespace {

std::string admission_words(const ScanReply& reply) {
    for (const auto note : reply.notes) {
        const auto said = text(text_of(note), Language::en);
        if (note != Note::group && said.size() <= drivers::longest_sign_text) return std::string{said};
    }
    return std::string{text(Text::reason_none, Language::en)};
}

}  // namespace

std::string display_words(const ShowVerdict& effect) {
    switch (effect.signal) {
        case Signal::welcome:
        case Signal::attention: return admission_words(effect.reply);
        case Signal::refused: return std::string{text(text_of(effect.reply.reason), Language::en)};
        case Signal::busy:
        case Signal::alarm: return {};
    }
    return {};
}

}  // namespace gatehouse::edge
