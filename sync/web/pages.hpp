// Pages: files that are part of a program, compressed when it was built. Nothing is fetched from elsewhere and no
// script stands inside a document, so the policy that goes with them forbids both.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "schemas/base/embedded.hpp"
#include "sync/link/http_message.hpp"

namespace gatehouse::sync {

// One file as it is answered: the same for every request of the run.
struct PageFile {
    std::string path;  // "pages/window.html.gz" is /window, "pages/window.js.gz" is /pages/window.js
    HttpResponse whole;
    std::string tag;

    // 304 when the request says that the browser has these octets.
    [[nodiscard]] HttpResponse answer(const HttpRequest& request) const;
};
using PageFiles = std::vector<std::shared_ptr<const PageFile>>;

// Precondition: paths as above, contents compressed by gzip.
[[nodiscard]] PageFiles page_files(std::span<const EmbeddedFile> files);

}  // namespace gatehouse::sync
