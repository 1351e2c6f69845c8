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
    baskets.id = ClientId{"sale-1"};
    baskets.tenders = {{TenderKind::cash, Minor{5'000}, ""}, {TenderKind::wechat, Minor{100}, "4200001234"}};
    HeldBasket group;
    group.lines = {{ProductId{"group"}, 1, std::uint16_t{25}, {}, {}}};
    group.held_at = "2026-05-01T10:20:30+08:00";
    group.by = OperatorName{"li"};
    group.id = ClientId{"sale-2"};
    baskets.held = {group};
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
    CHECK(found->held.at(0).lines.at(0).persons == std::uint16_t{25});
    CHECK(found->held.at(0).held_at == "2026-05-01T10:20:30+08:00");
    CHECK(found->held.at(0).by == OperatorName{"li"});
    CHECK(found->held.at(0).id == ClientId{"sale-2"});
    CHECK(found->id == ClientId{"sale-1"});
    CHECK(found->tenders == some().tenders);
    CHECK_FALSE(kept_baskets(where, WindowName{"window-3"}));
    using std::filesystem::perms;
    CHECK(std::filesystem::status(where / "window-1.json").permissions() == (perms::owner_read | perms::owner_write));
}

TEST_CASE("a file of an earlier release, without who held a basket and when, is read") {
    const test::ScratchDirectory folder;
    const auto file = [&](const std::string& held) {
        std::ofstream{folder.path() / "window-1.json"}
            << R"({"version":3,"current":{"lines":[]},"held":[)" + held + "]}";
        return kept_baskets(folder.path(), WindowName{"window-1"});
    };
    const auto found = file(R"({"lines":[{"product":"adult","quantity":2}]})");
    REQUIRE(found);
    REQUIRE(found->held.size() == 1);
    CHECK(found->held[0].lines.at(0).quantity == 2);
    CHECK(found->held[0].held_at.empty());
    CHECK(found->tenders.empty());
    CHECK_FALSE(found->held[0].by);
    CHECK_FALSE(found->held[0].id);
    CHECK(file(R"({"lines":[{"product":"adult","quantity":2}],"held_at":"2026-05-01T10:20:30Z"})"));
    CHECK_FALSE(file(R"({"lines":[{"product":"adult","quantity":2}],"held_at":"yesterday"})"));
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

TEST_CASE("a card's number is not kept with a basket either") {
    const test::ScratchDirectory folder;
    const WindowName window{"window-1"};
    auto baskets = some();
    baskets.tenders = {{TenderKind::card, Minor{100}, "4111 1111 1111 1111"}};
    REQUIRE(keep_baskets(folder.path(), window, baskets));
    CHECK_FALSE(kept_baskets(folder.path(), window));
    baskets.tenders.front().reference = "123456 789012";
    REQUIRE(keep_baskets(folder.path(), window, baskets));
    CHECK(kept_baskets(folder.path(), window));
}

TEST_CASE("nothing is taken for no lines") {
    const test::ScratchDirectory folder;
    const WindowName window{"window-1"};
    auto baskets = some();
    baskets.current.clear();
    JsonFault fault;
    const boost::json::value body = baskets_json(baskets);
    JsonReader in{fault, body};
    (void)read_baskets(in);
    REQUIRE(fault.error);
    CHECK(fault.error->detail == "current.lines: is empty");
    // A file of an earlier release that has it keeps the rest.
    REQUIRE(keep_baskets(folder.path(), window, baskets));
    const auto found = kept_baskets(folder.path(), window);
    REQUIRE(found);
    CHECK(found->tenders.empty());
    CHECK(found->held.size() == 1);
}

TEST_CASE("baskets that cannot be written are said so") {
    const test::ScratchDirectory folder;
    std::ofstream{folder.path() / "baskets"} << "a file";
    const auto kept = keep_baskets(folder.path() / "baskets", WindowName{"window-1"}, some());
    REQUIRE_FALSE(kept);
    CHECK(kept.error().code == ErrorCode::io);
}
