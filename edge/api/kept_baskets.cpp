#include "edge/api/kept_baskets.hpp"

#include <boost/json.hpp>
#include <fstream>
#include <system_error>

#include "edge/api/sales_json.hpp"
#include "edge/api/words_json.hpp"
#include "edge/ticketing/tenders.hpp"
#include "schemas/calendar/date_text.hpp"
#include "schemas/json/parse_json.hpp"

namespace gatehouse::edge {

namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_held = 20;
constexpr std::size_t longest_time = 40;
constexpr std::uint64_t latest_version = 1ULL << 53U;  // what a page counts to without a fraction

json::object lines_json(const std::vector<SellLine>& lines) {
    json::array all;
    for (const SellLine& line : lines) {
        json::object one{{"product", line.product.value}, {"quantity", line.quantity}};
        if (line.persons) one["persons"] = *line.persons;
        if (line.session) one["session"] = line.session->value;
        if (line.concession)
            one["concession"] = json::object{{"class", line.concession->concession_class.value},
                                             {"document", line.concession->document}};
        all.push_back(std::move(one));
    }
    return {{"lines", std::move(all)}};
}

json::array tenders_json(const std::vector<SellTender>& tenders) {
    json::array all;
    for (const SellTender& tender : tenders) {
        json::object one{{"kind", word(tender.kind)}, {"amount_minor", tender.amount.value}};
        if (!tender.reference.empty()) one["reference"] = tender.reference;
        all.push_back(std::move(one));
    }
    return all;
}

// What was taken is for lines: without any it would be taken off the next guest's.
bool takes_for_nothing(const Baskets& baskets) { return baskets.current.empty() && !baskets.tenders.empty(); }

fs::path file_of(const fs::path& folder, const WindowName& window) { return folder / (window.value + ".json"); }

Error io_error(const fs::path& path, const std::error_code& error) {
    return fail(ErrorCode::io, path.string() + ": " + error.message());
}

Baskets read_kept(JsonReader& in) {
    Baskets read;
    read.version = in.integer<std::uint64_t>("version", 0, latest_version);
    read.page = in.optional_named<ClientId>("page");
    JsonReader current = in.object("current");
    read.current = read_sell_lines(current, 0);
    read.id = current.optional_named<ClientId>("id");
    if (current.has("tenders")) read.tenders = read_sell_tenders(current);
    // A file is no better a place for it than a record.
    for (std::size_t i = 0; i < read.tenders.size(); ++i)
        if (read.tenders[i].kind == TenderKind::card && has_card_number(read.tenders[i].reference))
            current.report("tenders[" + std::to_string(i) + "].reference", Why::card_number, "is a card's number");
    current.finish();
    for (JsonReader& basket : in.objects("held", 0, most_held)) {
        HeldBasket held;
        held.lines = read_sell_lines(basket, 1);
        held.held_at = basket.optional_text("held_at", longest_time, 1).value_or("");
        if (!held.held_at.empty() && !parse_rfc3339(held.held_at))
            basket.report("held_at", Why::date, "is not a time of RFC 3339");
        held.by = basket.optional_named<OperatorName>("operator");
        held.id = basket.optional_named<ClientId>("id");
        basket.finish();
        read.held.push_back(std::move(held));
    }
    return read;
}

}  // namespace

json::object baskets_json(const Baskets& baskets) {
    json::array held;
    for (const HeldBasket& basket : baskets.held) {
        auto one = lines_json(basket.lines);
        if (!basket.held_at.empty()) one["held_at"] = basket.held_at;
        if (basket.by) one["operator"] = basket.by->value;
        if (basket.id) one["id"] = basket.id->value;
        held.push_back(std::move(one));
    }
    auto current = lines_json(baskets.current);
    if (baskets.id) current["id"] = baskets.id->value;
    if (!baskets.tenders.empty()) current["tenders"] = tenders_json(baskets.tenders);
    json::object body{{"version", baskets.version}, {"current", std::move(current)}, {"held", std::move(held)}};
    if (baskets.page) body["page"] = baskets.page->value;
    return body;
}

Baskets read_baskets(JsonReader& in) {
    Baskets read = read_kept(in);
    if (takes_for_nothing(read)) in.report("current.lines", Why::missing, "is empty");
    return read;
}

Result<void> keep_baskets(const fs::path& folder, const WindowName& window, const Baskets& baskets) {
    const auto file = file_of(folder, window);
    auto fresh = file;
    fresh += ".new";
    std::error_code error;
    fs::create_directories(folder, error);
    if (!error) fs::permissions(folder, fs::perms::owner_all, error);
    if (error) return io_error(folder, error);
    std::ofstream out{fresh, std::ios::binary | std::ios::trunc};
    fs::permissions(fresh, fs::perms::owner_read | fs::perms::owner_write, error);
    if (error) return io_error(fresh, error);
    out << json::serialize(baskets_json(baskets));
    out.close();
    if (!out) return fail(ErrorCode::io, fresh.string() + ": cannot be written");
    fs::rename(fresh, file, error);
    if (error) return io_error(file, error);
    return {};
}

std::optional<Baskets> kept_baskets(const fs::path& folder, const WindowName& window) {
    std::ifstream in{file_of(folder, window), std::ios::binary};
    std::string text(JsonLimits{}.octets, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    const auto value = parse_json(text);
    if (!value) return std::nullopt;
    JsonFault fault;
    JsonReader reader{fault, *value};
    Baskets baskets = read_kept(reader);
    reader.finish();
    if (takes_for_nothing(baskets)) baskets.tenders.clear();  // as an earlier release let a page say
    return fault.error ? std::nullopt : std::optional{std::move(baskets)};
}

}  // namespace gatehouse::edge
