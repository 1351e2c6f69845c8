#include "edge/api/problem.hpp"

#include <boost/json.hpp>

namespace gatehouse::edge {

namespace json = boost::json;

unsigned http_status(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid_body:
        case ErrorCode::truncated:
        case ErrorCode::bad_signature: return 422;
        case ErrorCode::too_large: return 413;
        case ErrorCode::unauthenticated: return 401;
        case ErrorCode::forbidden: return 403;
        case ErrorCode::locked_out: return 429;
        case ErrorCode::not_found: return 404;
        case ErrorCode::id_reused:
        case ErrorCode::no_units_left:
        case ErrorCode::shift_closed:
        case ErrorCode::tender_short:
        case ErrorCode::unverified_limit:
        case ErrorCode::sale_unknown:
        case ErrorCode::already_refunded:
        case ErrorCode::ticket_used:
        case ErrorCode::not_the_seller: return 409;
        case ErrorCode::version_conflict: return 412;
        case ErrorCode::storage_unavailable:
        case ErrorCode::unavailable: return 503;
        case ErrorCode::chain_broken:
        case ErrorCode::journal_fork:
        case ErrorCode::schema_newer:
        case ErrorCode::io:
        case ErrorCode::config:
        case ErrorCode::internal: return 500;
    }
    return 500;
}

namespace {

sync::HttpResponse response(unsigned status, json::object body) {
    return sync::http_response(status, "application/problem+json", json::serialize(body));
}

json::object basics(unsigned status, std::string_view code) {
    std::string title{code};
    for (char& c : title)
        if (c == '_') c = ' ';
    return {{"type", "about:blank"}, {"title", title}, {"status", status}, {"code", code}};
}

}  // namespace

sync::HttpResponse problem(const Error& error) {
    const unsigned status = http_status(error.code);
    json::object body = basics(status, to_string(error.code));
    if (!error.detail.empty()) body["detail"] = error.detail;
    if (error.retry_after_s > 0) body["retry_after_s"] = error.retry_after_s;
    auto answer = response(status, std::move(body));
    if (error.retry_after_s > 0) answer.fields.push_back({"Retry-After", std::to_string(error.retry_after_s)});
    return answer;
}

sync::HttpResponse problem(unsigned status, std::string_view code, std::string_view detail) {
    json::object body = basics(status, code);
    body["detail"] = detail;
    return response(status, std::move(body));
}

}  // namespace gatehouse::edge
