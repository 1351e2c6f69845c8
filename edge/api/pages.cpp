// The node's pages: the window, the gate, the customers' display and the operator's console.
#include "sync/web/pages.hpp"
#include "edge/api/services.hpp"

namespace gatehouse {

std::span<const EmbeddedFile> pages();

namespace edge {

void add_page_routes(Router& router) {
    for (const auto& page : sync::page_files(pages()))
        router.add("GET", page->path, Access::open,
                   [page](const std::shared_ptr<ApiCall>& call) { call->answer(page->answer(call->request)); });
    router.add("GET", "/", Access::open, [](const std::shared_ptr<ApiCall>& call) {
        call->answer({303, {{"Location", "/window"}, {"Cache-Control", "no-store"}}, {}});
    });
}

}  // namespace edge
}  // namespace gatehouse
