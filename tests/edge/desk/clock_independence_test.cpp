// Whatever a machine's wall clock does, the same day is decided alike: order is the journal's, waiting times are of the
// boot-time clock. What a wall clock may change is how far it is believed, what was dated by it, and within what is
// believed whether a ticket's own time has come.
#include <algorithm>
#include <functional>

#include "tests/edge/desk/gate_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using namespace gatehouse::test;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t ten_years_ms = 3'652 * 24 * hour_ms;

// What a wall clock shows, in ms, beyond what it showed at the day's beginning when `ms` have passed.
struct WallClock {
    const char* name;
    std::function<std::int64_t(std::int64_t ms)> shows;
};

std::int64_t right(std::int64_t ms) { return ms; }

std::vector<WallClock> wrong_clocks() {
    std::vector<WallClock> all{
        {"stands still", [](std::int64_t) { return 0; }},
        {"500 ppm fast", [](std::int64_t ms) { return ms + ms / 2'000; }},
        {"500 ppm slow", [](std::int64_t ms) { return ms - ms / 2'000; }},
        {"1970 from the beginning", [](std::int64_t ms) { return ms - rig_noon.value + 1'000; }},
        {"back and forth every minute",
         [](std::int64_t ms) { return ms + (ms / 60'000 % 2 == 0 ? ten_years_ms : -ten_years_ms); }},
    };
    // Set once, by a hand or a hostile server, early and late in the day.
    for (const std::int64_t at : {30'000, 90'000, 200'000})
        for (const std::int64_t by : {std::int64_t{1'000}, hour_ms / 3, 60 * 24 * hour_ms, ten_years_ms})
            for (const std::int64_t way : {1, -1})
                all.push_back({way > 0 ? "set ahead" : "set back",
                               [=](std::int64_t ms) { return ms + (ms >= at ? way * by : 0); }});
    return all;
}

// One day of a node with a window and two lanes. `decisions` has what people were told, without what is dated.
class Day {
public:
    explicit Day(const std::function<std::int64_t(std::int64_t)>& shows, bool trusted) : shows_(shows) {
        rig.central(LeaseGranted{NodeId{7}, SessionId{"s1"}, 2});
        rig.store_foreign();
        rig.settle();
        rig.clock.quality = trusted ? ClockQuality::synced : ClockQuality::holdover;
        begin_ = rig.clock.now;
        pass(0ms);
    }

    std::vector<std::string> play() {
        window();
        lane_without_turnstile();
        lane_with_turnstile();
        handing_back();
        logins();
        rig.restart();
        pass(1s);
        asked_again();
        return decisions;
    }

    Gate rig;
    std::vector<std::string> decisions;
    std::size_t suspect = 0;  // records whose clock was not believed

private:
    // Time goes by, and the desk is woken whenever it asked for it.
    void pass(Duration time) {
        const auto end = rig.clock.now + time;
        while (const auto due = rig.desk->deadline()) {
            if (*due > end) break;
            set(std::max(*due, rig.clock.now + 1ms));
            rig.step(Ticked{});
            rig.settle();
        }
        set(end);
        rig.step(Ticked{});
        rig.settle();
    }
    void set(Instant now) {
        rig.clock.now = now;
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now - begin_).count();
        rig.clock.wall = WallTime{rig_noon.value + shows_(ms)};
    }
    void say(const std::string& what) { decisions.push_back(what); }
    void say(const Result<Reply>& reply) {
        if (!reply) {
            const auto& error = reply.error();
            return say(std::string{to_string(error.code)} + " " + std::to_string(error.retry_after_s));
        }
        if (const auto* scan = std::get_if<ScanReply>(&*reply)) return say(*scan);
        say("done " + std::to_string(reply->index()));
    }
    void say(const ScanReply& reply) {
        std::string text = reply.decision == Decision::admit ? "admit" : "refuse";
        text += " " + std::string{to_string(reply.reason)} + " " + std::to_string(reply.persons);
        for (const auto note : reply.notes)
            if (note != Note::clock_suspect) text += " " + std::string{to_string(note)};
        say(text);
    }
    Result<Reply> ask(const std::string& who, const Command& command) {
        auto reply = rig.ask(who, command);
        say(reply);
        pass(700ms);
        return reply;
    }
    SaleReply sell(const char* product, std::uint32_t quantity) {
        auto sale = sale_of(("sale-" + std::to_string(++ids_)).c_str(), product, quantity, much_cash);
        if (product == std::string{"group"}) sale.lines[0].persons = 12;
        if (product == std::string{"show"}) sale.lines[0].session = SessionId{"s1"};
        last_sale_ = sale;
        const auto reply = ask("clerk1", sale);
        return reply ? std::get<SaleReply>(*reply) : SaleReply{};
    }
    void scan(const std::string& code, std::optional<std::uint16_t> persons = {}) {
        (void)ask("gate1",
                  Scan{ClientId{"scan-" + std::to_string(++ids_)}, LaneName{"lane-2"}, code, persons, {}, {}, false});
    }

    void window() {
        say(rig.ask("clerk1", OpenShift{ClientId{"shift"}, WindowName{"window-1"}, Minor{20'000}}));
        adults = sell("adult", 3);
        card = sell("card", 1);
        group = sell("group", 1);
        for (int i = 0; i < 3; ++i) (void)sell("show", 1);  // two units
        // 8,000 of 10,000 may be unverified.
        for (const char* id : {"w-1", "w-2"})
            (void)ask("clerk1", sale_of(id, "adult", 1, {{TenderKind::wechat, Minor{8'000}, {}}}));
    }
    void lane_without_turnstile() {
        scan(adults.tickets[0].code);
        scan(adults.tickets[0].code);
        scan(group.tickets[0].code, std::uint16_t{12});
        scan(group.tickets[0].code, std::uint16_t{1});
        for (int i = 0; i < 3; ++i) scan(card.tickets[0].code);
        scan("no ticket at all");
        pass(40s);
        scan(adults.tickets[0].code);
    }
    // One walks, one does not come, and the lane takes the next when its time is over and not before.
    void lane_with_turnstile() {
        for (const bool walks : {true, false}) {
            rig.seen.clear();
            rig.step(read(foreign_code(walks ? 1 : 2)));
            rig.settle();
            pass(20ms);
            const auto opened = rig.take<OpenBarrier>();
            say("opened " + std::to_string(opened.size()));
            if (opened.empty()) continue;
            rig.step(TurnstileReported{turnstile, drivers::ReportOpened{opened[0].id}});
            for (const auto wait : {1s, 3s, 2s}) {
                pass(wait);
                if (walks && wait == 1s)
                    rig.step(TurnstileReported{turnstile, drivers::ReportPassed{Direction::entry}});
                rig.settle();
                const auto passages = rig.stored<Passage>();
                say(passages.empty() ? "nothing"
                                     : std::to_string(static_cast<int>(passages.back().outcome)) + " of " +
                                           std::to_string(passages.size()));
            }
        }
        scan(foreign_code(1));
        scan(foreign_code(2));
    }
    void handing_back() {
        const auto refund = [&](std::size_t ticket) {
            (void)ask("clerk1", MakeRefund{ClientId{"refund-" + std::to_string(++ids_)},
                                           adults.sale,
                                           {},
                                           {adults.tickets.at(ticket).id},
                                           "rain"});
        };
        refund(0);
        refund(1);
        refund(1);
        scan(adults.tickets[1].code);
        const auto fresh = ask("boss", MakeReissue{ClientId{"fresh"}, adults.tickets[2].id, {}, "lost", {}});
        scan(adults.tickets[2].code);
        if (fresh) scan(std::get<ReissueReply>(*fresh).ticket.code);
        (void)ask("clerk1", MakeReprint{ClientId{"copy"}, card.tickets[0].id, {}, "torn"});
    }
    // Wrong PINs cost time, which no wall clock shortens.
    void logins() {
        for (const auto wait : {0s, 0s, 0s, 0s, 1s, 2s, 0s, 30s, 0s}) {
            pass(wait);
            rig.answers.clear();
            rig.seen.clear();
            const CommandToken token{rig.next_token++};
            rig.step(CommandReceived{token, {}, Login{OperatorName{"clerk2"}}});
            rig.settle();
            if (!rig.take<CheckPin>().empty()) rig.step(PinChecked{token, false});
            rig.settle();
            REQUIRE(rig.answers.size() == 1);
            say(rig.answers[0].reply);
        }
        rig.answers.clear();
    }
    // A repeated command is the former one's however long ago the clock says that was.
    void asked_again() {
        const auto written = rig.journal().size();
        (void)ask("clerk1", last_sale_);
        scan(adults.tickets[0].code);
        say(rig.journal().size() == written + 1 ? "once" : "again");
        for (const auto& record : rig.journal()) suspect += record.header.clock == ClockQuality::suspect ? 1 : 0;
    }

    std::function<std::int64_t(std::int64_t)> shows_;
    Instant begin_;
    int ids_ = 0;
    Sell last_sale_;
    SaleReply adults, card, group;
};

}  // namespace

TEST_CASE("a clock that is set, drifts, stands still or is in 1970 changes no decision") {
    const auto truth = Day{right, true}.play();
    REQUIRE(truth.size() > 45);
    REQUIRE(std::ranges::count(truth, "admit none 1") >= 6);
    std::size_t suspected = 0;
    for (const auto& clock : wrong_clocks()) {
        const std::string name = clock.name;
        CAPTURE(name);
        CAPTURE(clock.shows(400'000));
        Day day{clock.shows, false};
        const auto told = day.play();
        for (std::size_t i = 0; i < std::min(told.size(), truth.size()); ++i) {
            CAPTURE(i);
            CHECK(told[i] == truth[i]);
        }
        CHECK(told.size() == truth.size());
        suspected += day.suspect > 0 ? 1 : 0;
    }
    CHECK(suspected > 10);  // these clocks were not believed, and told nobody anything else
}

TEST_CASE("a machine that slept for an hour gives up whom it let in before, and goes on") {
    for (const Duration slept : {Duration{60s}, Duration{1h}}) {
        Gate rig;
        rig.step(read(foreign_code(1)));
        rig.settle();
        const auto opened = rig.take<OpenBarrier>();
        REQUIRE(opened.size() == 1);
        rig.step(TurnstileReported{turnstile, drivers::ReportOpened{opened[0].id}});
        // A scan whose record waits for the disk while the machine sleeps.
        const CommandToken token{900};
        rig.step(CommandReceived{token, Actor{OperatorName{"gate1"}},
                                 Scan{ClientId{"by-hand"}, LaneName{"lane-2"}, foreign_code(2), {}, {}, {}, false}});
        CHECK(rig.answers.empty());
        rig.tick(slept);
        rig.settle();
        REQUIRE(rig.stored<Passage>().size() == 1);
        CHECK(rig.stored<Passage>()[0].outcome == PassageOutcome::abandoned);
        REQUIRE(rig.answers.size() == 1);
        CHECK(std::get<ScanReply>(*rig.answers[0].reply).decision == Decision::admit);
        // The one who did not get through keeps the ticket; the other's is used.
        CHECK(rig.scan("lane-2", foreign_code(1)).decision == Decision::admit);
        CHECK(rig.scan("lane-2", foreign_code(2)).reason == Reason::already_used);
    }
}
