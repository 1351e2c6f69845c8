// HTTP requests and responses as values, for servers and clients alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::sync {

struct HttpField {
    std::string name;
    std::string value;
    friend bool operator==(const HttpField&, const HttpField&) = default;
};
using HttpFields = std::vector<HttpField>;

// The first field of that name, whatever its case.
[[nodiscard]] std::optional<std::string_view> find_field(const HttpFields& fields, std::string_view name);

struct HttpRequest {
    std::string method;  // upper case
    std::string path;    // percent-decoded, without the query; begins with '/', no "." or ".." segments, valid UTF-8
    std::vector<std::pair<std::string, std::string>> query;  // percent-decoded, in order
    HttpFields fields;
    std::string body;
    std::string peer;  // "127.0.0.1:51234", or "unix"
    bool unix_socket = false;
    bool secure = false;    // TLS
    std::string authority;  // the Host field's value; exactly one is required

    [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const {
        return find_field(fields, name);
    }
    [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
};

struct HttpResponse {
    unsigned status = 200;
    HttpFields fields;  // Content-Length, Date and Connection are the server's
    std::string body;

    [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const {
        return find_field(fields, name);
    }
};

[[nodiscard]] HttpResponse http_response(unsigned status, std::string content_type, std::string body);

}  // namespace gatehouse::sync
