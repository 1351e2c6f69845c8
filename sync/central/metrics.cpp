#include "sync/central/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gatehouse::central {

void Metrics::count(const Ingested& batch) {
    sales_ += batch.sales;
    admissions_ += batch.admissions;
    if (const auto* stored = std::get_if<sync::BatchStored>(&batch.answer)) {
        ++batches_stored_;
        accepted_ += stored->accepted;
        duplicate_ += stored->duplicate;
        parked_ += stored->parked;
    } else {
        ++batches_refused_;
    }
}

void Metrics::count_request(unsigned status) { ++requests_[std::min(status / 100, 5U)]; }

void Metrics::count_login(bool succeeded) { ++(succeeded ? logins_ : failed_logins_); }

std::string Metrics::text() const {
    std::string out = fmt::format(
        "# TYPE gatehouse_build_info gauge\ngatehouse_build_info{{version=\"{}\"}} 1\n"
        "# TYPE central_ingest_events_total counter\n"
        "central_ingest_events_total{{result=\"accepted\"}} {}\n"
        "central_ingest_events_total{{result=\"duplicate\"}} {}\n"
        "central_ingest_events_total{{result=\"parked\"}} {}\n"
        "# TYPE central_ingest_batches_total counter\n"
        "central_ingest_batches_total{{result=\"stored\"}} {}\n"
        "central_ingest_batches_total{{result=\"refused\"}} {}\n",
        GATEHOUSE_VERSION, accepted_.load(), duplicate_.load(), parked_.load(), batches_stored_.load(),
        batches_refused_.load());
    out += fmt::format(
        "# TYPE central_sales_total counter\ncentral_sales_total {}\n"
        "# TYPE central_admissions_total counter\ncentral_admissions_total {}\n"
        "# TYPE central_logins_total counter\n"
        "central_logins_total{{result=\"succeeded\"}} {}\ncentral_logins_total{{result=\"failed\"}} {}\n"
        "# TYPE central_http_requests_total counter\n",
        sales_.load(), admissions_.load(), logins_.load(), failed_logins_.load());
    for (unsigned i = 2; i < requests_.size(); ++i)
        out += fmt::format("central_http_requests_total{{status=\"{}xx\"}} {}\n", i, requests_[i].load());
    return out;
}

}  // namespace gatehouse::central
