// Unverified tenders (未确认的扫码支付): what is open, and what was found out with whoever pays them out.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <utility>

#include "schemas/json/json_reader.hpp"
#include "schemas/json/parse_json.hpp"
#include "schemas/records/words.hpp"
#include "sync/central/api/calls.hpp"
#include "sync/central/api/report_shapes.hpp"

namespace gatehouse::central {

namespace json = boost::json;

namespace {

constexpr std::size_t most_tenders = 1'000;

json::object tender_json(const ApiServices& services, ledger::LedgerReader& reader, const ledger::TenderFacts& tender) {
    json::object out{{"sale", to_string(tender.sale)},      {"line", tender.line},
                     {"kind", word(tender.kind)},           {"state", word(tender.state)},
                     {"amount_minor", tender.amount.value}, {"currency", services.settings.currency},
                     {"node", tender.sale.node.value}};
    const auto record = reader.record(tender.sale);
    const auto* sale = record ? std::get_if<Sale>(&record->body) : nullptr;
    if (sale == nullptr || tender.line >= sale->tenders.size()) return out;
    out["window"] = sale->window.value;
    out["operator"] = record->header.actor.value;
    out["time"] = time_text(services, tender.sold);
    out["business_date"] = format_date(tender.business_date);
    return out;
}

Result<TenderSettled> read_settlement(const Call& call) {
    TenderSettled wanted;
    const auto sale = parse_record_ref(call.parts.at(0));
    const std::string& line = call.parts.at(1);
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), wanted.line);
    if (!sale || error != std::errc{} || end != line.data() + line.size())
        return fail(ErrorCode::not_found, "no such tender");
    wanted.sale = *sale;
    const auto body = parse_json(call.request.body);
    if (!body) return body.error();
    JsonFault fault;
    JsonReader in{fault, *body};
    const auto state = in.text("state", 16);
    if (state != "confirmed" && state != "failed") in.report("state", Why::form, "is neither confirmed nor failed");
    wanted.state = state == "failed" ? TenderState::failed : TenderState::confirmed;
    wanted.reference = in.optional_text("reference", 200, 0).value_or("");
    in.finish();
    if (fault.error) return *fault.error;
    return wanted;
}

}  // namespace

void call_list_tenders(const Call& call) {
    answer_read(call, [](const Call& asked, Reading& reading) {
        json::array tenders;
        Minor total;
        for (const auto& tender : reading.reader.unverified_tenders(most_tenders)) {
            tenders.push_back(tender_json(*asked.services, reading.reader, tender));
            total += tender.amount;
        }
        const bool more = tenders.size() == most_tenders;
        return sync::json_response(200, {{"tenders", std::move(tenders)},
                                         {"total_minor", total.value},
                                         {"currency", asked.services->settings.currency},
                                         {"more", more}});
    });
}

void call_settle_tender(const Call& call) {
    const auto wanted = read_settlement(call);
    if (!wanted) return call.refuse(wanted.error());
    answer_write(call, [wanted = *wanted](const Call& asked, Writing& writing) -> Result<Decided> {
        auto tender = writing.reader.tender(wanted.sale, wanted.line);
        // Money that a terminal or platform confirmed at the window, and cash, need nobody's word.
        if (!tender || !tender->asked) return fail(ErrorCode::not_found, "no unverified tender of that sale");
        tender->state = wanted.state;
        auto answer = tender_json(*asked.services, writing.reader, *tender);
        return Decided{wanted, [answer](const RecordRef&) { return sync::json_response(200, answer); }};
    });
}

}  // namespace gatehouse::central
