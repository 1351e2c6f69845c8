#include "edge/cli/client.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "schemas/crypto/crypto.hpp"
#include "schemas/json/parse_json.hpp"
#include "schemas/words/why_words.hpp"

namespace gatehouse::cli {

namespace {

constexpr JsonLimits answer_limits{512U * 1024U * 1024U, 32};

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

std::string token_path(const Options& options) {
    return options.token_file.empty() ? default_token_file() : options.token_file;
}

std::optional<ErrorCode> error_code(std::string_view word) {
    for (auto code = ErrorCode::invalid_body; code <= ErrorCode::internal;
         code = static_cast<ErrorCode>(static_cast<unsigned>(code) + 1))
        if (to_string(code) == word) return code;
    return std::nullopt;
}

Why why_of(std::string_view word) {
    for (unsigned i = 0; i < enum_count(Why{}); ++i)
        if (to_string(static_cast<Why>(i)) == word) return static_cast<Why>(i);
    return Why::none;
}

std::string text_in(const boost::json::object& body, std::string_view key) {
    const auto* value = body.if_contains(key);
    return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

// What a problem says, as the server had it; nothing of a code that is not known here. The names of what it says are
// the body's.
std::optional<Error> error_in(const boost::json::object& body) {
    const auto code = error_code(text_in(body, "code"));
    if (!code) return std::nullopt;
    Error error = gatehouse::fail(*code, text_in(body, "detail"));
    const auto* wait = body.if_contains("retry_after_s");
    if (wait != nullptr && wait->is_int64()) error.retry_after_s = static_cast<std::uint32_t>(wait->get_int64());
    error.why = why_of(text_in(body, "reason"));
    const auto* values = body.if_contains("reason_values");
    if (values != nullptr && values->is_object())
        for (const auto& [name, value] : values->get_object())
            if (value.is_string()) error.with.emplace_back(name, std::string{value.get_string()});
    return error;
}

}  // namespace

Exit exit_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::unauthenticated:
        case ErrorCode::forbidden: return Exit::denied;
        case ErrorCode::locked_out:
        case ErrorCode::storage_unavailable: return Exit::try_again;
        case ErrorCode::unavailable: return Exit::unavailable;
        case ErrorCode::not_found: return Exit::no_input;
        case ErrorCode::io: return Exit::io;
        case ErrorCode::config: return Exit::config;
        case ErrorCode::internal:
        case ErrorCode::schema_newer: return Exit::internal;
        case ErrorCode::invalid_body:
        case ErrorCode::truncated:
        case ErrorCode::too_large:
        case ErrorCode::bad_signature:
        case ErrorCode::id_reused:
        case ErrorCode::no_units_left:
        case ErrorCode::shift_closed:
        case ErrorCode::tender_short:
        case ErrorCode::unverified_limit:
        case ErrorCode::sale_unknown:
        case ErrorCode::already_refunded:
        case ErrorCode::ticket_used:
        case ErrorCode::not_the_seller:
        case ErrorCode::version_conflict:
        case ErrorCode::chain_broken:
        case ErrorCode::journal_fork: return Exit::bad_data;
    }
    return Exit::internal;
}

Exit exit_of_status(unsigned status) {
    if (status < 300) return Exit::ok;
    if (status == 401 || status == 403) return Exit::denied;
    if (status == 404) return Exit::no_input;
    if (status == 429 || status == 503) return Exit::try_again;
    return status < 500 ? Exit::bad_data : Exit::internal;
}

std::string sentence_of(const Error& error, Language language, const std::string& field) {
    auto why = why_words(error, language);
    // These words say what the detail says.
    if (why && error.code != ErrorCode::invalid_body) return *std::move(why);
    if (why && !field.empty())
        return said({FaultText::request_field_why, {{"field", field}, {"why", *std::move(why)}}}, language);
    auto sentence = field.empty()
                        ? words(text_of(error.code), language, {{"retry_after_s", std::to_string(error.retry_after_s)}})
                        : said({FaultText::request_field, {{"field", field}}}, language);
    return with_remark(std::move(sentence), error.detail, language);
}

std::string default_token_file() {
    std::string base = environment("XDG_CONFIG_HOME");
    if (base.empty()) base = environment("HOME") + "/.config";
    return base + "/gatehouse/token";
}

std::string new_client_id() { return "cli-" + to_hex(random_bytes(12)); }

sync::HttpFields Client::fields() const {
    sync::HttpFields fields{{"Content-Type", "application/json"}};
    std::ifstream in{token_path(options_)};
    std::string token;
    if (in && std::getline(in, token) && !token.empty()) fields.push_back({"Authorization", "Bearer " + token});
    return fields;
}

Result<sync::HttpResponse> Client::request(const std::string& method, const std::string& target,
                                           const std::string& body) {
    if (!client_) {
        sync::HttpClientOptions wanted;
        wanted.url = options_.url;
        wanted.unix_socket = options_.socket;
        wanted.answer_within = patience_;
        auto made = sync::HttpClient::make(std::move(wanted));
        if (!made) return made.error();
        client_.emplace(std::move(*made));
    }
    return client_->request(method, target, body, fields());
}

int Client::fail(const Error& error) const {
    std::fprintf(stderr, "gatehouse: %s\n", sentence_of(error, options_.language).c_str());
    return exit_of(error.code);
}

int Client::fail(const Error& error, const FaultWords& better) const {
    const auto line = with_remark(said(better, options_.language), error.detail, options_.language);
    std::fprintf(stderr, "gatehouse: %s\n", line.c_str());
    return exit_of(error.code);
}

int Client::not_ours(const Error& error) const { return fail(error, {FaultText::answer_no_json, {{"status", "200"}}}); }

std::string Client::sentence_of_answer(const sync::HttpResponse& response, bool logging_in) const {
    const Language language = options_.language;
    const auto problem = parse_json(response.body);
    if (!problem || !problem->is_object())
        return said({FaultText::answer_no_json, {{"status", std::to_string(response.status)}}}, language);
    const auto& body = problem->as_object();
    const std::string code = text_in(body, "code");
    const auto error = error_in(body);
    if (!error)
        return with_remark(said({FaultText::answer_unknown, {{"code", code}}}, language), text_in(body, "detail"),
                           language);
    // Only the login itself is refused for a name or PIN.
    if (error->code == ErrorCode::unauthenticated && !logging_in) {
        const bool had = fields().size() > 1;
        return with_remark(said({had ? FaultText::login_over : FaultText::login_missing, {}}, language), error->detail,
                           language) +
               " [" + code + "]";
    }
    return sentence_of(*error, language, text_in(body, "path")) + " [" + code + "]";
}

int Client::tell(const sync::HttpResponse& response, bool logging_in) const {
    std::fprintf(stderr, "gatehouse: %s\n", sentence_of_answer(response, logging_in).c_str());
    return exit_of_status(response.status);
}

std::optional<std::string> Client::fetch(const std::string& method, const std::string& target, const std::string& body,
                                         int& exit) {
    auto response = request(method, target, body);
    if (!response) {
        exit = fail(response.error());
        if (response.error().code == ErrorCode::unavailable && response.error().why == Why::none)
            std::fprintf(stderr, "gatehouse: %s\n", word(Text::cli_no_daemon).c_str());
        return std::nullopt;
    }
    if (response->status >= 300) {  // the daemon sends nobody elsewhere
        if (options_.json) std::fwrite(response->body.data(), 1, response->body.size(), stdout);
        exit = tell(*response, target == "/api/v1/login");
        return std::nullopt;
    }
    exit = Exit::ok;
    return std::move(response->body);
}

std::optional<boost::json::value> Client::ask(const std::string& method, const std::string& target,
                                              const std::string& body, int& exit) {
    const auto answer = fetch(method, target, body, exit);
    if (!answer) return std::nullopt;
    auto value = parse_json(*answer, answer_limits);
    if (value) return std::move(*value);
    exit = not_ours(value.error());
    return std::nullopt;
}

int Client::call(const std::string& method, const std::string& target, const std::string& body, const Show& show) {
    int exit = Exit::ok;
    const auto answer = fetch(method, target, body, exit);
    if (!answer) return exit;
    if (options_.json) {
        std::printf("%s\n", answer->c_str());
        return Exit::ok;
    }
    const auto value = parse_json(*answer, answer_limits);
    if (!value) return not_ours(value.error());
    show(*value);
    return Exit::ok;
}

Result<void> Client::keep_token(const std::string& token) const {
    namespace fs = std::filesystem;
    const fs::path path = token_path(options_);
    std::error_code failed;
    if (path.has_parent_path()) fs::create_directories(path.parent_path(), failed);
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) return gatehouse::fail(ErrorCode::io, path.string() + ": " + std::strerror(errno));
    const std::string line = token + "\n";
    const bool written = ::fchmod(descriptor, 0600) == 0 &&
                         ::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    ::close(descriptor);
    if (!written) return gatehouse::fail(ErrorCode::io, path.string() + " could not be written");
    return {};
}

}  // namespace gatehouse::cli
