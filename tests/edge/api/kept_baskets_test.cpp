#include "edge/api/kept_baskets.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/support/result_printing.hpp"
#include "tests/support/scratch_directory.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;

namespace {

Baskets some() {
    Baskets baskets;
    baskets.version = 7;
    baskets.page = ClientId{"page-1"};
    baskets.current = {{ProductId{"adult"}, 2, {}, {}, {}},
                       {ProductId{"show"}, 1, {}, SessionId{"s-1000"}, Concession{ConcessionClass{"senior"}, "id"}}};
    baskets.held = {{{ProductId{"group"}, 1, std::uint16_t{25}, {}, {}}}};
    return baskets;
}

}  // namespace

TEST_CASE("baskets are there again as they were kept") {
    const test::ScratchDirectory folder;
    const auto where = folder.path() / "baskets";
    REQUIRE(keep_baskets(where, WindowName{"window-1"}, some()));
    REQUIRE(keep_baskets(where, WindowName{"window-2"}, Baskets{}));
    const auto found = kept_baskets(where, WindowName{"window-1"});
    REQUIRE(found);
    CHECK(baskets_json(*found) == baskets_json(some()));
    CHECK(found->held.at(0).at(0).persons == std::uint16_t{25});
    CHECK_FALSE(kept_baskets(where, WindowName{"window-3"}));
    using std::filesystem::perms;
    CHECK(std::filesystem::status(where / "window-1.json").permissions() == (perms::owner_read | perms::owner_write));
}

TEST_CASE("a basket's file that was cut off is no basket") {
    const test::ScratchDirectory folder;
    const WindowName window{"window-1"};
    REQUIRE(keep_baskets(folder.path(), window, some()));
    const auto file = folder.path() / "window-1.json";
    for (auto size = std::filesystem::file_size(file); size > 0; --size) {
        std::filesystem::resize_file(file, size - 1);
        CHECK_FALSE(kept_baskets(folder.path(), window));
    }
}

TEST_CASE("baskets that cannot be written are said so") {
    const test::ScratchDirectory folder;
    std::ofstream{folder.path() / "baskets"} << "a file";
    const auto kept = keep_baskets(folder.path() / "baskets", WindowName{"window-1"}, some());
    REQUIRE_FALSE(kept);
    CHECK(kept.error().code == ErrorCode::io);
}
