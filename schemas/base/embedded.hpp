// Files that are part of the program: SQL migrations, API documents. Made by cmake/embed.cmake.
#pragma once

#include <span>
#include <string_view>

namespace gatehouse {

struct EmbeddedFile {
    std::string_view path;  // below the source folder
    std::string_view bytes;
};

}  // namespace gatehouse
