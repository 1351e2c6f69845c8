// What the deciding thread publishes, as events of `GET events`.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "edge/api/services.hpp"

namespace gatehouse::edge {

using Published = std::variant<PublishRecord, PublishLane, ShowVerdict, ShowTicket>;

// Counts it and sends it to those who follow. Records that nobody watches are counted only.
void publish(ApiServices& services, const Published& published);
// A piece of the board that changed, for those who follow: link, peer, device, job.
void publish(ApiServices& services, const BoardPart& part);

}  // namespace gatehouse::edge
