#include "drivers/catalog/setting_reader.hpp"

#include <algorithm>
#include <charconv>

namespace gatehouse::drivers {

namespace {

constexpr std::array<std::string_view, 3> parities{"none", "even", "odd"};
constexpr std::size_t longest_octets = 64;

std::string join(std::span<const std::string_view> words) {
    std::string list;
    for (const auto word : words) list += (list.empty() ? "" : ", ") + std::string(word);
    return list;
}

std::string join(const Numbers& numbers) {
    std::string list;
    for (const auto number : numbers) list += (list.empty() ? "" : ", ") + std::to_string(number);
    return list;
}

}  // namespace

std::string SettingReader::text(std::string_view key, std::string otherwise) {
    const auto* value = find(key);
    if (value == nullptr) return otherwise;
    if (const auto* text = std::get_if<std::string>(value)) return *text;
    blame(key, FaultText::not_text);
    return otherwise;
}

std::int64_t SettingReader::number(std::string_view key, std::int64_t otherwise, std::int64_t low, std::int64_t high) {
    const auto* value = find(key);
    if (value == nullptr) return otherwise;
    const auto* number = std::get_if<std::int64_t>(value);
    if (number != nullptr && *number >= low && *number <= high) return *number;
    blame(key, FaultText::not_number, {{"low", std::to_string(low)}, {"high", std::to_string(high)}});
    return otherwise;
}

Duration SettingReader::milliseconds(std::string_view key, std::int64_t otherwise, std::int64_t low,
                                     std::int64_t high) {
    return std::chrono::milliseconds(number(key, otherwise, low, high));
}

std::size_t SettingReader::choice(std::string_view key, std::span<const std::string_view> words) {
    const auto word = text(key, std::string(words.front()));
    const auto found = std::ranges::find(words, word);
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    blame(key, FaultText::not_one_of, {{"choices", join(words)}});
    return 0;
}

std::optional<std::uint8_t> SettingReader::wire(std::string_view key, std::int64_t otherwise) {
    const auto number = this->number(key, otherwise, -1, 255);
    if (number < 0) return std::nullopt;
    return static_cast<std::uint8_t>(number);
}

bool SettingReader::flag(std::string_view key, bool otherwise) {
    const auto* value = find(key);
    if (value == nullptr) return otherwise;
    if (const auto* flag = std::get_if<bool>(value)) return *flag;
    blame(key, FaultText::not_flag);
    return otherwise;
}

Bytes SettingReader::octets(std::string_view key, Bytes otherwise) {
    if (!has(key)) return otherwise;
    auto bytes = from_hex(text(key, ""));
    if (bytes && bytes->size() <= longest_octets) return std::move(*bytes);
    blame(key, FaultText::not_hex, {{"most", std::to_string(longest_octets)}});
    return otherwise;
}

std::vector<std::optional<std::uint8_t>> SettingReader::wires(std::string_view key, const Numbers& otherwise,
                                                              std::size_t most) {
    const auto* value = find(key);
    Numbers numbers = otherwise;
    if (value != nullptr) {
        if (const auto* list = std::get_if<Numbers>(value))
            numbers = *list;
        else if (const auto* number = std::get_if<std::int64_t>(value))
            numbers = {*number};
        else
            numbers = {-2};
    }
    const bool good = !numbers.empty() && numbers.size() <= most &&
                      std::ranges::all_of(numbers, [](std::int64_t number) { return number >= -1 && number <= 255; });
    if (!good) {
        blame(key, FaultText::not_wires, {{"most", std::to_string(most)}});
        numbers = otherwise;
    }
    std::vector<std::optional<std::uint8_t>> wires(most);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        if (numbers[i] >= 0) wires[i] = static_cast<std::uint8_t>(numbers[i]);
    return wires;
}

Numbers SettingReader::inputs(std::string_view key, const Numbers& wired) {
    const auto* value = find(key);
    if (value == nullptr) return {};
    Numbers numbers;
    if (const auto* list = std::get_if<Numbers>(value))
        numbers = *list;
    else if (const auto* number = std::get_if<std::int64_t>(value))
        numbers = {*number};
    const bool known = std::ranges::all_of(
        numbers, [&](std::int64_t number) { return std::ranges::find(wired, number) != wired.end(); });
    if (!numbers.empty() && known) return numbers;
    blame(key, FaultText::not_inputs, {{"wired", join(wired)}});
    return {};
}

std::optional<std::uint16_t> SettingReader::line(std::string_view key, std::string_view entry) {
    const auto* value = find(key);
    const auto* table = value == nullptr ? nullptr : std::get_if<NumberTable>(value);
    if (table == nullptr) {
        if (value != nullptr) blame(key, FaultText::not_lines);
        return std::nullopt;
    }
    const auto found = std::ranges::find(*table, entry, &NumberTable::value_type::first);
    if (found == table->end()) return std::nullopt;
    if (found->second >= 0 && found->second <= 0xffff) return static_cast<std::uint16_t>(found->second);
    blame(key, FaultText::not_line, {{"entry", std::string(entry)}});
    return std::nullopt;
}

void SettingReader::refuse_entries(std::string_view key, std::span<const std::string_view> known) {
    const auto* value = find(key);
    const auto* table = value == nullptr ? nullptr : std::get_if<NumberTable>(value);
    if (table == nullptr) return;
    for (const auto& [entry, number] : *table)
        if (std::ranges::find(known, entry) == known.end())
            blame(key, FaultText::unknown_line, {{"entry", entry}, {"known", join(known)}});
}

PortSettings SettingReader::port(std::span<const std::string_view> keys, std::int64_t baud) {
    const auto given = std::ranges::count_if(keys, [this](std::string_view key) { return has(key); });
    if (given != 1) blame(keys.front(), FaultText::not_one_place, {{"places", join(keys)}});
    if (!has("port"))
        for (const std::string_view key : {"baud", "parity"})
            if (has(key)) blame(key, FaultText::only_with, {{"other", "port"}});
    if (has("tcp")) return tcp();
    if (has("path")) {
        DeviceFileSettings file{text("path", "")};
        if (file.path.empty()) blame("path", FaultText::empty_text);
        return file;
    }
    return serial(baud);
}

PortSettings SettingReader::serial(std::int64_t baud) {
    SerialSettings serial;
    serial.path = text("port", "");
    if (has("port") && serial.path.empty()) blame("port", FaultText::empty_text);
    serial.baud = static_cast<std::uint32_t>(number("baud", baud, 300, 4'000'000));
    serial.parity = static_cast<Parity>(choice("parity", parities));
    return serial;
}

PortSettings SettingReader::tcp() {
    const auto address = text("tcp", "");
    const auto colon = address.rfind(':');
    TcpSettings tcp{address.substr(0, colon), 0};
    if (colon != std::string::npos) {
        const auto* const end = address.data() + address.size();
        const auto [stop, error] = std::from_chars(address.data() + colon + 1, end, tcp.port);
        if (error != std::errc{} || stop != end) tcp.port = 0;
    }
    if (tcp.host.starts_with('[') && tcp.host.ends_with(']')) tcp.host = tcp.host.substr(1, tcp.host.size() - 2);
    if (tcp.host.empty() || tcp.port == 0) blame("tcp", FaultText::not_host_port);
    return tcp;
}

void SettingReader::blame(std::string_view key, FaultText text, std::vector<TextParameter> with) {
    if (std::ranges::find(faults_, key, &SettingFault::key) != faults_.end()) return;
    with.emplace_back("key", key);
    faults_.push_back({std::string(key), {text, std::move(with)}});
}

const SettingValue* SettingReader::find(std::string_view key) const {
    const auto found = std::ranges::find(settings_.settings, key, &Setting::key);
    return found == settings_.settings.end() ? nullptr : &found->value;
}

}  // namespace gatehouse::drivers
