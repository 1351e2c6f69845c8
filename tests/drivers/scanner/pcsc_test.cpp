#include <doctest/doctest.h>

#include "drivers/scanner/pcsc_session.hpp"
#include "tests/drivers/scanner/scanner_bench.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::at_ms;
using test::hex;
using test::texts;

namespace {

BytesRead said(CardTag tag, const Bytes& data = {}) { return {encode(CardMessage{tag, data})}; }
const Bytes ask_uid = encode(CardMessage{CardTag::transmit, hex("FF CA 00 00 00")});
const Bytes answer_bytes_read = hex("04 A1 B2 C3 D4 E5 F6 90 00");

}  // namespace

TEST_CASE("One card that is shown is one scan, or one drop with the reason.") {
    PcscSession session;
    CHECK(session.step(LinkUp{}, at_ms(0)).empty());
    CHECK(session.step(said(CardTag::arrived, {0x3B}), at_ms(0)) == ScannerEffects{WriteBytes{ask_uid}});
    CHECK(session.step(said(CardTag::answered, answer_bytes_read), at_ms(10)) ==
          ScannerEffects{ReportScan{"04A1B2C3D4E5F6", ""}});
    CHECK(session.step(said(CardTag::left), at_ms(900)).empty());
    CHECK(session.deadline() == std::nullopt);

    (void)session.step(said(CardTag::arrived), at_ms(1'000));
    CHECK(session.step(said(CardTag::answered, answer_bytes_read), at_ms(1'010)) ==
          ScannerEffects{ReportDropped{DropReason::repeated}});
    (void)session.step(said(CardTag::arrived), at_ms(2'000));
    CHECK(session.step(said(CardTag::left), at_ms(2'010)) == ScannerEffects{ReportDropped{DropReason::incomplete}});
    (void)session.step(said(CardTag::arrived), at_ms(3'000));
    CHECK(session.step(Ticked{}, at_ms(5'000)) == ScannerEffects{ReportDropped{DropReason::unreadable}});
    CHECK(session.step(said(CardTag::answered, answer_bytes_read), at_ms(5'100)).empty());
    for (const auto& refused : {hex("6A 81"), hex("63 00"), Bytes{}, hex("90 00")}) {
        (void)session.step(said(CardTag::arrived), at_ms(6'000));
        CHECK(session.step(said(CardTag::answered, refused), at_ms(6'010)) ==
              ScannerEffects{ReportDropped{DropReason::unreadable}});
    }
    (void)session.step(said(CardTag::arrived), at_ms(7'000));
    CHECK(session.step(LinkDown{}, at_ms(7'010)) == ScannerEffects{ReportDropped{DropReason::incomplete}});
}

TEST_CASE("The random number that a phone shows (four octets that begin with 08) is never reported.") {
    PcscSession session;
    (void)session.step(said(CardTag::arrived), at_ms(0));
    CHECK(session.step(said(CardTag::answered, hex("08 12 34 56 90 00")), at_ms(10)) ==
          ScannerEffects{ReportDropped{DropReason::unreadable}});
    (void)session.step(said(CardTag::arrived), at_ms(20));
    CHECK(texts(session.step(said(CardTag::answered, hex("09 12 34 56 90 00")), at_ms(30))).size() == 1);
}

TEST_CASE("what a reader says whole of its cards is one scan or one drop each: none is lost") {
    CHECK(rc::check([] {
        std::vector<Bytes> cards;
        const auto count = *rc::gen::inRange(0, 12);
        for (int i = 0; i < count; ++i) {
            Bytes all;
            for (const auto& each :
                 {said(CardTag::arrived, {0x3B}),
                  said(CardTag::answered, *rc::gen::element(answer_bytes_read, hex("09 12 34 56 90 00"),
                                                            hex("08 12 34 56 90 00"), hex("6A 81"))),
                  said(CardTag::left)})
                all.insert(all.end(), each.bytes.begin(), each.bytes.end());
            cards.push_back(all);
        }
        PcscSession session;
        RC_ASSERT(test::play_whole(session, cards) == cards.size());
    }));
}

TEST_CASE("whatever a reader says, cut and lost anyhow: never more scans and drops than cards") {
    CHECK(rc::check([] {
        Bytes stream;
        for (const auto kind : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4))) {
            const auto piece = kind == 0   ? said(CardTag::arrived).bytes
                               : kind == 1 ? said(CardTag::answered, answer_bytes_read).bytes
                               : kind == 2 ? said(CardTag::left).bytes
                                           : *rc::gen::arbitrary<Bytes>();
            stream.insert(stream.end(), piece.begin(), piece.end());
        }
        PcscSession session;
        std::size_t asked = 0;
        std::size_t ended = 0;
        test::play_anyhow(session, stream, [&](const ScannerEffects& effects, Instant /*now*/) {
            for (const auto& effect : effects) {
                if (std::holds_alternative<WriteBytes>(effect))
                    ++asked;
                else
                    ++ended;
            }
            RC_ASSERT(ended <= asked);
        });
    }));
}
