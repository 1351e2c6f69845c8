#include "tests/bench/generate.hpp"

#include <deque>
#include <memory>
#include <utility>

#include "schemas/records/issued_codes.hpp"
#include "schemas/ticket/ticket_code.hpp"

namespace gatehouse::bench {

namespace {

struct SoldTicket {
    TicketId id;
    std::string code;
};

class Writer {
public:
    Writer(edge::Journal& journal, const SigningKey& key, const Outage& outage, std::size_t codes)
        : journal_(journal), key_(key), outage_(outage), codes_(codes), head_(journal.own_head()) {}

    Result<Generated> run() {
        shift_ = {head_.journal.node, head_.journal.epoch, Seq{head_.seq.value + 1}};
        if (auto done = put(ShiftOpened{ClientId{name("shift")}, WindowName{"window-1"}, Minor{50'000}}); !done)
            return done.error();
        constexpr std::string_view pattern = "SVPSVPVPoSVPSVPoSVPo";
        for (std::uint64_t i = 1; i < outage_.records; ++i)
            if (auto done = one(pattern[i % pattern.size()]); !done) return done.error();
        if (auto done = flush(); !done) return done.error();
        for (; !waiting_.empty() && made_.unused_codes.size() < codes_; waiting_.pop_front())
            made_.unused_codes.push_back(std::move(waiting_.front().code));
        return made_;
    }

private:
    std::string name(const char* what) {
        return "bench-" + std::string{what} + '-' + std::to_string(head_.seq.value + 1);
    }

    Result<void> one(char what) {
        if (what == 'S') return sell();
        if (what == 'V' && !waiting_.empty()) return admit();
        if (what == 'P' && reserved_) return pass();
        ++made_.others;
        switch (made_.others % 3) {
            case 0: return put(DeviceChanged{DeviceName{"scan-1"}, DeviceState::online, "plugged"});
            case 1: return put(CashMoved{ClientId{name("cash")}, shift_, CashDirection::pay_in, Minor{100}, "coins"});
            default: return put(LoginSucceeded{OperatorName{"bench"}});
        }
    }

    Result<void> sell() {
        // Six verdicts come to five sales: one guest in five has company.
        const bool company = outage_.tickets_a_sale == 1 && made_.sales % 5 == 0;
        const std::uint32_t tickets = company ? 2 : outage_.tickets_a_sale;
        const RecordRef ref{head_.journal.node, head_.journal.epoch, Seq{head_.seq.value + 1}};
        Sale sale;
        sale.id = ClientId{name("sale")};
        sale.window = WindowName{"window-1"};
        sale.shift = shift_;
        sale.catalogue_version = 1;
        sale.total = Minor{outage_.price.value * tickets};
        sale.lines = {SaleLine{outage_.product, tickets, 1, std::nullopt, std::nullopt, outage_.price}};
        sale.tenders = {Tender{TenderKind::cash, TenderState::confirmed, sale.total, ""}};
        std::vector<IssuedCode> issued;
        for (std::uint16_t ordinal = 1; ordinal <= tickets; ++ordinal) {
            TicketPayload payload;
            payload.id = {ref, ordinal};
            payload.product = outage_.product;
            payload.valid_from = payload.valid_to = outage_.calendar.business_date(wall());
            payload.zones = {outage_.zone};
            auto octets = encode_payload(payload);
            if (!octets) return octets.error();
            waiting_.push_back({payload.id, issue_code(key_, outage_.venue, *octets)});
            issued.push_back(issued_code(waiting_.back().code));
            sale.tickets.push_back(std::move(*octets));
        }
        ++made_.sales;
        made_.tickets += tickets;
        return put(std::move(sale), issued_codes_extension(issued));
    }

    Result<void> admit() {
        Verdict verdict;
        verdict.lane = LaneName{"lane-1"};
        verdict.gate = GateName{"south"};
        verdict.zone = outage_.zone;
        verdict.ticket = waiting_.front().id;
        verdict.product = outage_.product;
        verdict.persons = 1;
        waiting_.pop_front();
        reserved_ = RecordRef{head_.journal.node, head_.journal.epoch, Seq{head_.seq.value + 1}};
        ++made_.verdicts;
        return put(std::move(verdict));
    }

    Result<void> pass() {
        Passage passage{*reserved_, PassageOutcome::turned, Evidence::device, 1, 0};
        reserved_.reset();
        ++made_.passages;
        return put(passage);
    }

    [[nodiscard]] WallTime wall() const {
        return {outage_.from.value + static_cast<std::int64_t>(head_.seq.value + 1) * 1000};
    }

    Result<void> put(Body body, ByteView extension = {}) {
        Header header;
        header.node = head_.journal.node;
        header.epoch = head_.journal.epoch;
        header.seq = Seq{head_.seq.value + 1};
        header.prev = head_.hash;
        header.wall = wall();
        header.boot_ns = header.seq.value * 1'000'000'000ULL;
        header.business_date = outage_.calendar.business_date(header.wall);
        header.actor = OperatorName{"bench"};
        auto record = ledger::make_record(std::move(header), std::move(body), extension);
        head_.seq = record.header.seq;
        head_.hash = record.hash;
        work_.own.push_back(std::make_shared<const ledger::Record>(std::move(record)));
        return work_.own.size() < 1000 ? Result<void>{} : flush();
    }

    Result<void> flush() {
        if (work_.own.empty()) return {};
        auto done = journal_.commit(work_);
        work_.own.clear();
        if (!done) return done.error();
        static_cast<void>(journal_.sign_head(key_));
        journal_.checkpoint(true);
        return {};
    }

    edge::Journal& journal_;
    const SigningKey& key_;
    const Outage& outage_;
    std::size_t codes_;
    edge::OwnHead head_;
    RecordRef shift_;
    std::deque<SoldTicket> waiting_;
    std::optional<RecordRef> reserved_;
    edge::Work work_;
    Generated made_;
};

}  // namespace

Result<Generated> generate(edge::Journal& journal, const SigningKey& key, const Outage& outage, std::size_t codes) {
    return Writer{journal, key, outage, codes}.run();
}

}  // namespace gatehouse::bench
