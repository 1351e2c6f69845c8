#include "sync/web/pages.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "schemas/crypto/crypto.hpp"

namespace gatehouse::sync {

namespace {

constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri "
    "'none'; form-action 'none'; frame-ancestors 'none'";

std::string_view type_of(std::string_view name) {
    if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
    if (name.ends_with(".css")) return "text/css; charset=utf-8";
    return "text/html; charset=utf-8";
}

std::string path_of(std::string_view name) {
    constexpr std::string_view document = ".html";
    if (name.ends_with(document)) return "/" + std::string{name.substr(0, name.size() - document.size())};
    return "/pages/" + std::string{name};
}

std::shared_ptr<const PageFile> page_file(std::string_view name, std::string_view compressed) {
    const std::string tag = '"' + to_hex(sha256(view_of(compressed))).substr(0, 32) + '"';
    auto response = http_response(200, std::string{type_of(name)}, std::string{compressed});
    for (const auto& [field, value] :
         std::array<std::pair<std::string_view, std::string_view>, 7>{{{"Content-Encoding", "gzip"},
                                                                       {"Cache-Control", "no-cache"},
                                                                       {"ETag", tag},
                                                                       {"Content-Security-Policy", policy},
                                                                       {"X-Content-Type-Options", "nosniff"},
                                                                       {"Referrer-Policy", "no-referrer"},
                                                                       {"Cross-Origin-Opener-Policy", "same-origin"}}})
        response.fields.push_back({std::string{field}, std::string{value}});
    return std::make_shared<const PageFile>(PageFile{path_of(name), std::move(response), tag});
}

}  // namespace

HttpResponse PageFile::answer(const HttpRequest& request) const {
    if (request.field("if-none-match") != tag) return whole;
    HttpResponse same = whole;
    same.status = 304;
    same.body.clear();
    return same;
}

PageFiles page_files(std::span<const EmbeddedFile> files) {
    constexpr std::string_view folder = "pages/";
    constexpr std::string_view packed = ".gz";
    PageFiles pages;
    for (const EmbeddedFile& file : files) {
        std::string_view name = file.path.substr(folder.size());
        name.remove_suffix(packed.size());
        pages.push_back(page_file(name, file.bytes));
    }
    return pages;
}

}  // namespace gatehouse::sync
