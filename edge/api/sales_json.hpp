// Sales and what follows them, as JSON.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "edge/api/services.hpp"
#include "schemas/json/json_reader.hpp"

namespace gatehouse::edge {

[[nodiscard]] boost::json::value sale_json(const ApiServices& services, const SaleReply& reply);
[[nodiscard]] boost::json::value refund_json(const ApiServices& services, const RefundReply& reply);
// What is asked about a ticket, and told when a window's scanner reads one.
[[nodiscard]] boost::json::object ticket_look_json(const ApiServices& services, const TicketReply& reply);
// The `lines` of a sale or basket; faults are the reader's.
[[nodiscard]] std::vector<SellLine> read_sell_lines(JsonReader& in, std::size_t least);
// Its `tenders`, the same way.
[[nodiscard]] std::vector<SellTender> read_sell_tenders(JsonReader& in);
[[nodiscard]] boost::json::value ticket_json(const TicketView& ticket);
[[nodiscard]] boost::json::value tenders_json(const std::vector<Tender>& tenders);

}  // namespace gatehouse::edge
