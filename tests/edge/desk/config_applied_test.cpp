#include <algorithm>

#include "tests/edge/desk/desk_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using gatehouse::test::DeskRig;
using namespace std::chrono_literals;

TEST_CASE("a configuration is recorded behind the start that is the first with it") {
    DeskRig rig;
    CHECK(rig.stored<ConfigApplied>().empty());  // the rig has none to tell
    const auto starts_with = [&](std::uint8_t config) {
        rig.options.config = Hash{config};
        rig.restart();
        const auto records = rig.journal();
        const auto start = std::ranges::find_if(records.rbegin(), records.rend(), [](const auto& record) {
            return record.header.kind == Kind::node_started;
        });
        return start != records.rbegin() && std::prev(start)->body == Body{ConfigApplied{Hash{config}}};
    };
    CHECK(starts_with(1));
    CHECK_FALSE(starts_with(1));
    CHECK(starts_with(2));
    CHECK(starts_with(1));
    CHECK(rig.stored<ConfigApplied>().size() == 3);
}

TEST_CASE("a configuration whose record is lost is recorded later") {
    DeskRig rig;
    rig.options.config = Hash{1};
    Desk fresh{rig.options, *rig.reader};
    const auto head = rig.ledger->head(rig.options.journal);
    REQUIRE(head.has_value());
    const auto bodies = [](const Effects& effects) {
        std::vector<Body> out;
        for (const auto& effect : effects)
            if (const auto* append = std::get_if<AppendRecord>(&effect)) out.push_back(append->record->body);
        return out;
    };
    const std::vector<Body> start{NodeStarted{"test", false}, ConfigApplied{Hash{1}}};
    CHECK(bodies(fresh.step(JournalOpened{head->seq, head->hash, false, std::nullopt}, rig.clock)) == start);
    (void)fresh.step(AppendFailed{"test", head->seq, head->hash}, rig.clock);
    rig.clock.now += 1s;
    CHECK(bodies(fresh.step(Ticked{}, rig.clock)) == start);
}
