#include "schemas/base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace gatehouse {

void check_failed(const char* what, const std::source_location& where) {
    std::fprintf(stderr, "%s:%u: invariant broken: %s\n", where.file_name(), where.line(), what);
    std::abort();
}

}  // namespace gatehouse
