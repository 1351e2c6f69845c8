// Sales and what follows them, as JSON.
#pragma once

#include <boost/json/value.hpp>

#include "edge/api/services.hpp"

namespace gatehouse::edge {

[[nodiscard]] boost::json::value sale_json(const ApiServices& services, const SaleReply& reply);
[[nodiscard]] boost::json::value refund_json(const ApiServices& services, const RefundReply& reply);
[[nodiscard]] boost::json::value ticket_json(const TicketView& ticket);
[[nodiscard]] boost::json::value tenders_json(const std::vector<Tender>& tenders);

}  // namespace gatehouse::edge
