// A day of random work, with a crash, a failed append or a restart put in everywhere. What was answered must be there
// afterwards, and the sums must agree.
#include <map>
#include <set>

#include "tests/edge/desk/desk_rig.hpp"

using namespace gatehouse;
using namespace gatehouse::edge;
using gatehouse::test::DeskRig;

namespace {

struct CrashDay {
    explicit CrashDay(std::uint32_t seed) : random(seed) { rig.open_shift(); }

    std::uint32_t below(std::uint32_t n) {
        random = random * 1'664'525U + 1'013'904'223U;
        return (random >> 8U) % n;
    }

    void sell() {
        SellLine line;
        line.product = ProductId{below(2) == 0 ? "adult" : "family"};
        const auto id = ClientId{"s" + std::to_string(below(60))};
        rig.step(CommandReceived{CommandToken{rig.next_token++}, Actor{OperatorName{"clerk1"}},
                                 Sell{id, WindowName{"window-1"}, {line}, {{TenderKind::cash, Minor{20'000}, {}}}}});
    }
    void refund() {
        if (codes.empty()) return;
        const auto sale = decode_code(codes[below(static_cast<std::uint32_t>(codes.size()))])->payload.id.sold;
        rig.step(CommandReceived{CommandToken{rig.next_token++}, Actor{OperatorName{"clerk1"}},
                                 MakeRefund{ClientId{"r" + std::to_string(below(60))}, sale, {}, {}, "rain"}});
    }
    void scan() {
        if (codes.empty()) return;
        const auto& code = codes[below(static_cast<std::uint32_t>(codes.size()))];
        rig.step(ScanRead{DeviceName{below(2) == 0 ? "scan-1" : "scan-2"}, code});
    }
    // What people were told and what the barrier did.
    void look() {
        for (const auto& answer : std::exchange(rig.answers, {})) {
            if (!answer.reply) continue;
            if (const auto* sale = std::get_if<SaleReply>(&*answer.reply)) {
                told.insert(sale->sale);
                for (const auto& ticket : sale->tickets) codes.push_back(ticket.code);
            }
            if (const auto* refund = std::get_if<RefundReply>(&*answer.reply)) told.insert(refund->refund);
        }
        for (const auto& open : rig.take<OpenBarrier>()) {
            last_open = open.id;
            // No open without a synced record: the lane's verdict is on the disk by now.
            CHECK(rig.ledger->head(rig.options.journal)->seq > Seq{0});
            std::uint32_t reserved = 0;
            for (const auto& reservation : rig.reader->open_reservations(NodeId{7}))
                reserved += std::uint32_t{reservation.persons} + reservation.companions;
            CHECK(reserved > 0);
        }
        for (const auto& shown : rig.take<ShowVerdict>())
            if (shown.signal == Signal::welcome && shown.reply.verdict) told.insert(*shown.reply.verdict);
        rig.seen.clear();
    }

    void act() {
        rig.clock.now += std::chrono::milliseconds(below(2000));
        const auto what = below(14);
        ++fired[what];
        const DeviceName turnstile{"turn-1"};
        switch (what) {
            case 0:
            case 1: sell(); break;
            case 2: refund(); break;
            case 3:
            case 4: scan(); break;
            case 5:
            case 6: rig.settle(); break;
            case 7: rig.step(TurnstileReported{turnstile, drivers::ReportOpened{last_open}}); break;
            case 8: rig.step(TurnstileReported{turnstile, drivers::ReportPassed{Direction::entry}}); break;
            case 9: rig.step(Ticked{}); break;
            case 10:
                if (below(3) == 0) rig.fail_append();
                break;
            case 11:
                if (below(4) == 0) rig.restart();
                break;
            case 12:
                rig.step(TurnstileReported{turnstile, drivers::ReportFault{drivers::TurnstileFault::link_down}});
                rig.step(TurnstileReported{turnstile, drivers::ReportOnline{}});
                break;
            default: rig.sync(); break;
        }
        look();
    }

    void reckon() {
        rig.restart();
        std::set<RecordRef> stored;
        std::map<ClientId, int> by_id;
        std::map<RecordRef, std::int64_t> granted;
        std::map<TicketId, std::int64_t> refunds;
        for (const auto& record : rig.journal()) {
            stored.insert(record.ref());
            if (const auto* sale = std::get_if<Sale>(&record.body)) ++by_id[sale->id];
            if (const auto* refund = std::get_if<Refund>(&record.body))
                for (const auto& part : refund->tickets) ++refunds[part.ticket];
            if (const auto* verdict = std::get_if<Verdict>(&record.body))
                if (verdict->decision == Decision::admit && verdict->confirmation == Confirmation::by_passage)
                    granted[record.ref()] += std::int64_t{verdict->persons} + verdict->companions;
            if (const auto* passage = std::get_if<Passage>(&record.body))
                granted[passage->verdict] -= std::int64_t{passage->persons} + passage->companions;
        }
        for (const auto& ref : told) CHECK(stored.contains(ref));
        for (const auto& [id, times] : by_id) CHECK(times == 1);
        for (const auto& [id, times] : refunds) CHECK(times == 1);
        // Granted = turned + abandoned + unknown, once nothing is under way.
        for (const auto& [ref, left] : granted) CHECK(left == 0);
        for (const auto& code : std::set<std::string>(codes.begin(), codes.end())) {
            const auto payload = decode_code(code)->payload;
            const auto facts = rig.reader->ticket(payload.id);
            CHECK(facts.held() <= std::uint32_t{payload.entries} * payload.persons);
            CHECK((facts.refunds.empty() || facts.held() == 0));
        }
    }

    DeskRig rig;
    std::uint32_t random;
    std::vector<std::string> codes;
    std::set<RecordRef> told;
    std::map<std::uint32_t, int> fired;
    drivers::OpenId last_open;
};

}  // namespace

TEST_CASE("generated: crashes and failed appends put in everywhere lose nothing that was answered and double nothing") {
    for (std::uint32_t seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        CrashDay day{seed};
        for (int i = 0; i < 150; ++i) day.act();
        CHECK(day.fired.size() == 14);
        day.reckon();
    }
}
