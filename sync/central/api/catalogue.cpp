// GET and PUT catalogue, and the question whether it could be published. The version is the ETag; PINs come in, are
// hashed on the worker, and never go out.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <optional>
#include <utility>

#include "schemas/json/catalogue_json.hpp"
#include "schemas/json/parse_json.hpp"
#include "sync/central/api/calls.hpp"
#include "sync/central/venue_facts.hpp"
#include "sync/ledger/catalogue_versions.hpp"

namespace gatehouse::central {

namespace json = boost::json;

namespace {

constexpr std::size_t most_versions = 50;

std::string etag_of(std::uint64_t version) { return '"' + std::to_string(version) + '"'; }

sync::HttpResponse catalogue_response(const ApiServices& services, const Catalogue& catalogue) {
    auto response = sync::json_response(200, catalogue_json(catalogue, services.calendar, services.settings.currency));
    response.fields.push_back({"ETag", etag_of(catalogue.version)});
    return response;
}

// The version that If-Match names: "7", with or without quotes.
std::optional<std::uint64_t> expected_version(std::string_view text) {
    if (text.size() >= 2 && text.starts_with('"') && text.ends_with('"')) text = text.substr(1, text.size() - 2);
    std::uint64_t version = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return version;
}

// Decides, and writes the next version. What came again is answered as it was, and written once.
sync::HttpResponse published(const Call& call, std::uint64_t expected, const Catalogue& proposed, Writing& writing) {
    const auto current = writing.reader.catalogue().value_or(Catalogue{});
    if (is_in_force(current, proposed, expected)) return catalogue_response(*call.services, current);
    const auto next = publish_catalogue(current, proposed, expected, may(call.who.roles, Right::write_operators),
                                        pool_facts(writing.reader));
    if (writing.reader.fault() != ledger::Fault::none)
        return sync::problem(fail(ErrorCode::storage_unavailable, "the database cannot be read"));
    if (!next) return sync::problem(next.error());
    const auto record = writing.journal.append(writing.ledger, *next, call.who.name, writing.clock);
    return record ? catalogue_response(*call.services, next->catalogue) : sync::problem(record.error());
}

void publish(const Call& call, std::uint64_t expected, Catalogue proposed) {
    const auto job = [call, expected, proposed = std::move(proposed)](Writing& writing) -> Committed {
        return [call, response = published(call, expected, proposed, writing)](const Result<void>& outcome) {
            call.answer(outcome ? response : sync::problem(outcome.error()));
        };
    };
    call.services->store.submit(job, [call](const Error& why) { call.refuse(why); });
}

// A PIN's new hash; in a publication that may have come again, the one that the PIN has already, or was given when the
// publication came before and still waits to be written.
std::string pin_hash(const ApiServices& services, const Catalogue& current, std::uint64_t expected,
                     const OperatorName& name, std::string_view pin) {
    const auto& pepper = services.identity.pepper;
    const auto* former = current.version == expected + 1 ? current.operator_named(name) : nullptr;
    const auto is_of = [&](const std::string& hash) { return verify_pin(pepper, pin, hash); };
    if (former != nullptr && is_of(former->pin_hash)) return former->pin_hash;
    return services.fresh_pins.hash(expected, name, is_of, [&] { return hash_pin(pepper, pin); });
}

struct Proposal {
    std::uint64_t expected = 0;
    CatalogueBody body;
};

// Answers what is wrong, and gives nothing.
std::optional<Proposal> read_proposal(const Call& call) {
    const auto condition = call.request.field("if-match");
    if (!condition) {
        call.answer(sync::problem(428, "version_required", "If-Match: the ETag of the catalogue you changed"));
        return std::nullopt;
    }
    const auto refused = [&](const Error& why) {
        call.refuse(why);
        return std::optional<Proposal>{};
    };
    const auto expected = expected_version(*condition);
    if (!expected) return refused(fail(ErrorCode::version_conflict, "If-Match names no version of the catalogue"));
    auto body = parse_catalogue(call.request.body);
    if (!body) return refused(body.error());
    if (body->currency && *body->currency != call.services->settings.currency)
        return refused(fail_at("currency", Why::currency, "the venue's is {currency}",
                               {{"currency", call.services->settings.currency}}));
    if (!body->pins.empty() && !may(call.who.roles, Right::write_operators))
        return refused(fail(ErrorCode::forbidden, Why::not_administrator, "only an administrator sets PINs"));
    return Proposal{*expected, std::move(*body)};
}

}  // namespace

void call_get_catalogue(const Call& call) {
    const auto catalogue = call.services->store.catalogue();
    const auto etag = etag_of(catalogue->version);
    if (call.request.field("if-none-match") == etag) {
        sync::HttpResponse same;
        same.status = 304;
        same.fields.push_back({"ETag", etag});
        return call.answer(std::move(same));
    }
    call.answer(catalogue_response(*call.services, *catalogue));
}

void call_list_versions(const Call& call) {
    const auto before = number_of(call, "before", ledger::largest_seq, ledger::largest_seq);
    if (!before) return call.refuse(fail(ErrorCode::invalid_body, "before: a version"));
    answer_read(call, [before = *before](const Call& asked, Reading& reading) {
        json::array versions;
        for (const auto& one : ledger::catalogue_versions(reading.reader.database(), before, most_versions))
            versions.push_back(json::object{{"version", one.version},
                                            {"record", to_string(one.published.ref())},
                                            {"time", time_text(*asked.services, one.published.wall)},
                                            {"operator", one.published.actor.value}});
        const bool more = versions.size() == most_versions;
        auto next = more ? versions.back().at("version") : json::value{};
        return sync::json_response(200, json::object{{"next", std::move(next)}, {"versions", std::move(versions)}});
    });
}

void call_get_version(const Call& call) {
    const auto version = whole_number(call.parts.at(0), ledger::largest_seq);
    if (!version) return call.refuse(fail(ErrorCode::not_found, "that is no version"));
    answer_read(call, [version = *version](const Call& asked, Reading& reading) {
        const auto catalogue = ledger::catalogue_of(reading.reader.database(), version);
        if (!catalogue) return sync::problem(fail(ErrorCode::not_found, "there was no such version"));
        return catalogue_response(*asked.services, *catalogue);
    });
}

void call_put_catalogue(const Call& call) {
    auto proposal = read_proposal(call);
    if (!proposal) return;
    const auto taken =
        call.services->pins.submit([call, expected = proposal->expected, body = std::move(proposal->body)]() mutable {
            const auto current = call.services->store.catalogue();
            for (auto& person : body.catalogue.operators)
                if (const auto pin = body.pins.find(person.name); pin != body.pins.end())
                    person.pin_hash = pin_hash(*call.services, *current, expected, person.name, pin->second);
            publish(call, expected, std::move(body.catalogue));
        });
    if (!taken) call.refuse(fail(ErrorCode::unavailable, "too many PINs are being checked"));
}

// Judged as if it were published; nothing is written, and no PIN is hashed: a new operator's counts as given.
void call_check_catalogue(const Call& call) {
    auto proposal = read_proposal(call);
    if (!proposal) return;
    for (auto& person : proposal->body.catalogue.operators)
        if (proposal->body.pins.contains(person.name)) person.pin_hash = "given";
    answer_read(call, [expected = proposal->expected, proposed = std::move(proposal->body.catalogue)](
                          const Call& asked, Reading& reading) {
        const auto current = reading.reader.catalogue().value_or(Catalogue{});
        const auto next = publish_catalogue(current, proposed, expected, may(asked.who.roles, Right::write_operators),
                                            pool_facts(reading.reader));
        if (!next) return sync::problem(next.error());
        return sync::json_response(200, {{"version", next->catalogue.version}});
    });
}

}  // namespace gatehouse::central
