#include "drivers/link/recording.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <optional>

#include "schemas/base/check.hpp"

namespace gatehouse::drivers {

namespace {

constexpr std::string_view first_line = "gatehouse recording 1";
constexpr std::size_t most_header_lines = 100;
constexpr std::int64_t longest_seconds = 100'000'000;
constexpr std::array<std::string_view, 4> words{"up", "down", "read", "wrote"};

bool is_key(std::string_view key) {
    return !key.empty() && std::ranges::all_of(key, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
    });
}

template <class Number>
std::optional<Number> number_in(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || text.front() == '-' || error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

// "12.000345"
std::optional<Duration> time_in(std::string_view text) {
    const auto point = text.find('.');
    if (point == std::string_view::npos || text.size() - point != 7) return std::nullopt;
    const auto seconds = number_in<std::int64_t>(text.substr(0, point));
    const auto micros = number_in<std::int64_t>(text.substr(point + 1));
    if (!seconds || !micros || *seconds > longest_seconds) return std::nullopt;
    return std::chrono::seconds(*seconds) + std::chrono::microseconds(*micros);
}

std::optional<RecordedMoment> moment_in(std::string_view line) {
    const auto space = line.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const auto at = time_in(line.substr(0, space));
    line.remove_prefix(space + 1);
    const auto end = std::min(line.find(' '), line.size());
    const auto* const word = std::ranges::find(words, line.substr(0, end));
    if (!at || word == words.end()) return std::nullopt;
    RecordedMoment moment{*at, static_cast<PortMoment>(word - words.begin()), {}};
    const bool has_bytes = moment.what == PortMoment::read || moment.what == PortMoment::wrote;
    if (!has_bytes) return end == line.size() ? std::optional(moment) : std::nullopt;
    if (end == line.size()) return std::nullopt;
    auto bytes = from_hex(line.substr(end + 1));
    if (!bytes || bytes->empty()) return std::nullopt;
    moment.bytes = std::move(*bytes);
    return moment;
}

// Takes the text apart line by line and counts them.
class Lines {
public:
    explicit Lines(std::string_view text) : left_(text) {}
    [[nodiscard]] bool is_done() const { return left_.empty(); }
    std::string_view next() {
        const auto end = std::min(left_.find('\n'), left_.size());
        const auto line = left_.substr(0, end);
        left_.remove_prefix(std::min(end + 1, left_.size()));
        ++number_;
        return line;
    }
    [[nodiscard]] Error fault(const char* what) const {
        return fail(ErrorCode::invalid_body, "line " + std::to_string(number_) + ": " + what);
    }

private:
    std::string_view left_;
    std::size_t number_ = 0;
};

Result<RecordingHeader> parse_header(Lines& lines) {
    RecordingHeader header;
    while (true) {
        if (lines.is_done()) return lines.fault("the header has no end");
        const auto line = lines.next();
        if (line.empty()) return header;
        const auto colon = line.find(": ");
        if (colon == std::string_view::npos || !is_key(line.substr(0, colon)) || header.size() == most_header_lines)
            return lines.fault("is not \"key: value\"");
        if (!header.emplace(line.substr(0, colon), line.substr(colon + 2)).second) return lines.fault("repeats a key");
    }
}

}  // namespace

std::string format_header(const RecordingHeader& header) {
    std::string text(first_line);
    text += '\n';
    for (const auto& [key, value] : header) {
        check(is_key(key) && value.find('\n') == std::string::npos, "a recording's header is lines of \"key: value\"");
        text += key + ": " + value + '\n';
    }
    return text + '\n';
}

std::string format_moment(const RecordedMoment& moment) {
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(moment.at).count();
    std::array<char, 48> time{};
    std::snprintf(time.data(), time.size(), "%lld.%06lld", static_cast<long long>(micros / 1'000'000),
                  static_cast<long long>(micros % 1'000'000));
    std::string text = std::string(time.data()) + ' ' + std::string(words[static_cast<std::size_t>(moment.what)]);
    if (!moment.bytes.empty()) text += ' ' + to_hex(moment.bytes);
    return text + '\n';
}

Result<Recording> parse_recording(std::string_view text) {
    if (text.size() > largest_recording) return fail(ErrorCode::too_large, "a recording has at most 64 MiB");
    Lines lines(text);
    if (lines.next() != first_line) return lines.fault("is not \"gatehouse recording 1\"");
    auto header = parse_header(lines);
    if (!header) return header.error();
    Recording recording{std::move(*header), {}};
    while (!lines.is_done()) {
        auto moment = moment_in(lines.next());
        if (!moment) return lines.fault("is not a moment of a port");
        if (!recording.moments.empty() && moment->at < recording.moments.back().at)
            return lines.fault("is earlier than the line before");
        recording.moments.push_back(std::move(*moment));
    }
    return recording;
}

}  // namespace gatehouse::drivers
