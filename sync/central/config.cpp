#include "sync/central/config.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>

#include "schemas/calendar/calendar.hpp"
#include "sync/central/toml_section.hpp"

namespace gatehouse::central {

namespace {

constexpr std::size_t largest_file = 1U << 20U;  // octets
constexpr std::size_t longest_name = 200;        // octets, of a venue
constexpr std::string_view sqlite_scheme = "sqlite://";

void read_endpoint(TomlSection& section, std::string_view key, Endpoint& into) {
    const auto* node = section.find(key);
    if (node == nullptr) return;
    std::string text;
    section.text(key, text);
    if (!node->is_string()) return;
    if (const auto endpoint = parse_endpoint(text))
        into = *endpoint;
    else
        section.fault_at(*node, key, FaultText::not_host_port);
}

void read_server(TomlSection& server, Settings& settings) {
    read_endpoint(server, "listen", settings.listen);
    std::string data_dir;
    server.required_text("data_dir", data_dir);
    settings.data_dir = data_dir;
    if (const auto* node = server.find("data_dir"); node != nullptr && !settings.data_dir.is_absolute())
        server.fault_at(*node, "data_dir", FaultText::not_absolute);
    server.finish();
}

void read_store(TomlSection& store, Settings& settings) {
    settings.database = settings.data_dir / "central.db";
    std::string url;
    store.text("url", url);
    if (const auto* node = store.find("url"); node != nullptr && node->is_string()) {
        if (url.starts_with("postgresql://") || url.starts_with("postgres://"))
            store.fault_at(*node, "url", FaultText::not_postgresql);
        else if (!url.starts_with(sqlite_scheme) || url.size() <= sqlite_scheme.size() + 1 ||
                 url[sqlite_scheme.size()] != '/')
            store.fault_at(*node, "url", FaultText::not_sqlite);
        else
            settings.database = url.substr(sqlite_scheme.size());
    }
    store.finish();
}

// "04:00", a local time 04:00:00, or 4.
std::optional<std::chrono::minutes> cutover_of(const toml::node& node) {
    if (const auto* time = node.as_time()) {
        const auto& t = time->get();
        if (t.second != 0 || t.nanosecond != 0) return std::nullopt;
        return std::chrono::minutes{t.hour * 60 + t.minute};
    }
    if (const auto* number = node.as_integer()) {
        if (number->get() < 0 || number->get() > 23) return std::nullopt;
        return std::chrono::hours{number->get()};
    }
    const auto* text = node.as_string();
    return text == nullptr ? std::nullopt : parse_hour(text->get());
}

bool is_time_zone(const std::string& name) {
    return static_cast<bool>(VenueCalendar::make(name, std::chrono::minutes{0}));
}

void read_venue(TomlSection& venue, Settings& settings) {
    venue.required_text("name", settings.venue_name);
    if (const auto* node = venue.find("name");
        node != nullptr && (settings.venue_name.empty() || settings.venue_name.size() > longest_name))
        venue.fault_at(*node, "name", FaultText::not_octets_long, {{"most", std::to_string(longest_name)}});
    venue.required_text("time_zone", settings.time_zone);
    if (const auto* node = venue.find("time_zone"); node != nullptr && !is_time_zone(settings.time_zone))
        venue.fault_at(*node, "time_zone", FaultText::not_time_zone);
    venue.required_text("currency", settings.currency);
    const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (const auto* node = venue.find("currency");
        node != nullptr && (settings.currency.size() != 3 || !std::ranges::all_of(settings.currency, upper)))
        venue.fault_at(*node, "currency", FaultText::not_currency);
    if (const auto* node = venue.find("business_day_cutover")) {
        if (const auto cutover = cutover_of(*node))
            settings.cutover = *cutover;
        else
            venue.fault_at(*node, "business_day_cutover", FaultText::not_time_of_day);
    }
    venue.finish();
}

void read_api(TomlSection& api, Settings& settings) {
    read_endpoint(api, "listen", settings.api);
    api.flag("tls", settings.api_tls);
    api.texts("hosts", settings.api_hosts);
    if (const auto* node = api.find("listen"); node != nullptr && !settings.api_tls && !is_loopback(settings.api.host))
        api.fault_at(*node, "listen", FaultText::needs_tls);
    api.finish();
}

}  // namespace

std::string to_string(const Endpoint& endpoint) {
    const bool v6 = endpoint.host.find(':') != std::string::npos;
    return fmt::format(fmt::runtime(v6 ? "[{}]:{}" : "{}:{}"), endpoint.host, endpoint.port);
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || text.size() > 256) return std::nullopt;
    auto host = text.substr(0, colon);
    const auto port = text.substr(colon + 1);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string_view::npos)
        return std::nullopt;
    std::uint16_t number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (error != std::errc{} || end != port.data() + port.size() || host.empty()) return std::nullopt;
    return Endpoint{std::string{host}, number};
}

bool is_loopback(std::string_view host) {
    // Of an address alone: a name may begin with 127, and stand for any address.
    std::array<unsigned char, 4> octets{};
    const bool address = ::inet_pton(AF_INET, std::string{host}.c_str(), octets.data()) == 1;
    return host == "localhost" || host == "::1" || (address && octets[0] == 127);
}

LoadedSettings load_settings(const std::filesystem::path& path) {
    std::ifstream in{path, std::ios::binary};
    if (!in) return {{}, {{{path.string()}, {FaultText::file_unreadable, {}}, {}}}};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    if (text.size() > largest_file)
        return {{}, {{{path.string()}, {FaultText::file_too_large, {{"most", std::to_string(largest_file)}}}, {}}}};
    return parse_settings(text, path.string());
}

namespace {

// Debian's library is built with exceptions: they end here.
std::optional<toml::table> parse_document(std::string_view text, const std::string& file, FaultList& faults) {
    try {
        return toml::parse(text, file);
    } catch (const toml::parse_error& fault) {
        faults.add(fault.source(), {FaultText::no_toml, {{"fault", std::string{fault.description()}}}});
        return std::nullopt;
    }
}

}  // namespace

LoadedSettings parse_settings(std::string_view text, const std::string& file) {
    LoadedSettings loaded;
    FaultList faults{file};
    const auto table = parse_document(text, file, faults);
    if (!table) return {{}, faults.take()};
    TomlSection root{&*table, "", faults};
    TomlSection server{root.section("server"), "server", faults};
    TomlSection store{root.section("store"), "store", faults};
    TomlSection venue{root.section("venue"), "venue", faults};
    TomlSection api{root.section("api"), "api", faults};
    read_server(server, loaded.settings);
    read_store(store, loaded.settings);
    read_venue(venue, loaded.settings);
    read_api(api, loaded.settings);
    root.finish();
    loaded.faults = faults.take();
    return loaded;
}

namespace {
std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
        else
            out += c;
    }
    return out + '"';
}
}  // namespace

std::string print_settings(const Settings& settings) {
    std::string hosts;
    for (const auto& host : settings.api_hosts) hosts += (hosts.empty() ? "" : ", ") + quoted(host);
    return fmt::format(
        "[server]\nlisten = {}\ndata_dir = {}\n\n[store]\nurl = {}\n\n[venue]\nname = {}\ntime_zone = {}\n"
        "currency = {}\nbusiness_day_cutover = \"{:02}:{:02}\"\n\n[api]\nlisten = {}\ntls = {}\nhosts = [{}]\n",
        quoted(to_string(settings.listen)), quoted(settings.data_dir.string()),
        quoted(std::string{sqlite_scheme} + settings.database.string()), quoted(settings.venue_name),
        quoted(settings.time_zone), quoted(settings.currency), settings.cutover.count() / 60,
        settings.cutover.count() % 60, quoted(to_string(settings.api)), settings.api_tls, hosts);
}

}  // namespace gatehouse::central
