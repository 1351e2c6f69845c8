#include "sync/web/problem.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <string>
#include <utility>

namespace gatehouse::sync {

namespace {

std::string_view title_of(unsigned status) {
    switch (status) {
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 409: return "Conflict";
        case 412: return "Precondition Failed";
        case 413: return "Content Too Large";
        case 415: return "Unsupported Media Type";
        case 422: return "Unprocessable Content";
        case 428: return "Precondition Required";
        case 429: return "Too Many Requests";
        case 503: return "Service Unavailable";
        default: return "Internal Server Error";
    }
}

HttpResponse make(unsigned status, std::string_view code, std::string_view detail, const boost::json::object& members,
                  std::uint32_t retry_after_s) {
    boost::json::object body{
        {"type", "about:blank"}, {"title", title_of(status)}, {"status", status}, {"code", code}, {"detail", detail}};
    if (retry_after_s > 0) body["retry_after_s"] = retry_after_s;
    for (const auto& [key, value] : members) body[key] = value;
    auto response = http_response(status, "application/problem+json", boost::json::serialize(body));
    response.fields.push_back({"Cache-Control", "no-store"});
    if (retry_after_s > 0) response.fields.push_back({"Retry-After", std::to_string(retry_after_s)});
    if (status == 401) response.fields.push_back({"WWW-Authenticate", "Bearer"});
    return response;
}

// The path of the bad field that the detail of an invalid_body begins with: "lines[0].quantity"; empty: it names none.
std::string_view field_of(std::string_view detail) {
    const auto path = detail.substr(0, detail.find(": "));
    const auto is_of_path = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view{"_.-[]"}.find(c) != std::string_view::npos;
    };
    return std::ranges::all_of(path, is_of_path) ? path : std::string_view{};
}

unsigned status_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalid_body: return 422;
        case ErrorCode::truncated: return 422;
        case ErrorCode::too_large: return 413;
        case ErrorCode::bad_signature: return 422;
        case ErrorCode::unauthenticated: return 401;
        case ErrorCode::forbidden: return 403;
        case ErrorCode::locked_out: return 429;
        case ErrorCode::not_found: return 404;
        case ErrorCode::id_reused: return 409;
        case ErrorCode::no_units_left: return 409;
        case ErrorCode::shift_closed: return 409;
        case ErrorCode::tender_short: return 409;
        case ErrorCode::unverified_limit: return 409;
        case ErrorCode::sale_unknown: return 409;
        case ErrorCode::already_refunded: return 409;
        case ErrorCode::ticket_used: return 409;
        case ErrorCode::not_the_seller: return 409;
        case ErrorCode::version_conflict: return 412;
        case ErrorCode::storage_unavailable: return 503;
        case ErrorCode::chain_broken: return 500;
        case ErrorCode::journal_fork: return 409;
        case ErrorCode::schema_newer: return 503;
        case ErrorCode::unavailable: return 503;
        case ErrorCode::io: return 503;
        case ErrorCode::config: return 500;
        case ErrorCode::internal: return 500;
    }
    return 500;
}

}  // namespace

void add_reason(const Error& error, boost::json::object& members) {
    const auto path = error.code == ErrorCode::invalid_body ? field_of(error.detail) : std::string_view{};
    if (!path.empty()) members["path"] = path;
    if (error.why == Why::none) return;
    members["reason"] = to_string(error.why);
    if (error.with.empty()) return;
    auto& values = members["reason_values"].emplace_object();
    for (const auto& [name, value] : error.with) values[name] = value;
}

HttpResponse problem(const Error& error, const boost::json::object& members) {
    auto all = members;
    add_reason(error, all);
    return make(status_of(error.code), to_string(error.code), error.detail, all, error.retry_after_s);
}

HttpResponse problem(unsigned status, std::string_view code, std::string_view detail) {
    return make(status, code, detail, {}, 0);
}

HttpResponse json_response(unsigned status, const boost::json::value& body) {
    auto response = http_response(status, "application/json", boost::json::serialize(body));
    response.fields.push_back({"Cache-Control", "no-store"});
    return response;
}

}  // namespace gatehouse::sync
