// The pages: files that are part of the program, compressed when it was built. Nothing is fetched from elsewhere and
// no script stands inside a page, so the policy that goes with them can forbid both.
#include <array>

#include "edge/api/answers.hpp"
#include "schemas/base/embedded.hpp"

namespace gatehouse {

std::span<const EmbeddedFile> pages();

namespace edge {

namespace {

constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri "
    "'none'; "
    "form-action 'none'; frame-ancestors 'none'";

std::string_view type_of(std::string_view name) {
    if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
    if (name.ends_with(".css")) return "text/css; charset=utf-8";
    return "text/html; charset=utf-8";
}

// What a file is answered with: the same for every request of the run.
struct Page {
    sync::HttpResponse whole;
    std::string tag;
};

std::shared_ptr<const Page> make_page(std::string_view name, std::string_view compressed) {
    const std::string tag = '"' + to_hex(sha256(view_of(compressed))).substr(0, 32) + '"';
    auto response = sync::http_response(200, std::string{type_of(name)}, std::string{compressed});
    for (auto& [field, value] :
         std::array<std::pair<std::string_view, std::string_view>, 7>{{{"Content-Encoding", "gzip"},
                                                                       {"Cache-Control", "no-cache"},
                                                                       {"ETag", tag},
                                                                       {"Content-Security-Policy", policy},
                                                                       {"X-Content-Type-Options", "nosniff"},
                                                                       {"Referrer-Policy", "no-referrer"},
                                                                       {"Cross-Origin-Opener-Policy", "same-origin"}}})
        response.fields.push_back({std::string{field}, std::string{value}});
    return std::make_shared<const Page>(Page{std::move(response), tag});
}

void answer_page(const ApiCall& call, const Page& page) {
    if (call.request.field("if-none-match") != page.tag) return call.answer(page.whole);
    sync::HttpResponse same = page.whole;
    same.status = 304;
    same.body.clear();
    call.answer(std::move(same));
}

}  // namespace

// "pages/window.html.gz" is answered at /window, "pages/window.js.gz" at /pages/window.js.
void add_page_routes(Router& router) {
    constexpr std::string_view folder = "pages/";
    constexpr std::string_view packed = ".gz";
    constexpr std::string_view document = ".html";
    for (const EmbeddedFile& file : pages()) {
        std::string_view name = file.path.substr(folder.size());
        name.remove_suffix(packed.size());
        const auto page = make_page(name, file.bytes);
        std::string path = name.ends_with(document) ? "/" + std::string{name.substr(0, name.size() - document.size())}
                                                    : "/pages/" + std::string{name};
        router.add("GET", std::move(path), Access::open,
                   [page](const std::shared_ptr<ApiCall>& call) { answer_page(*call, *page); });
    }
    router.add("GET", "/", Access::open, [](const std::shared_ptr<ApiCall>& call) {
        call->answer({303, {{"Location", "/window"}, {"Cache-Control", "no-store"}}, {}});
    });
}

}  // namespace edge
}  // namespace gatehouse
