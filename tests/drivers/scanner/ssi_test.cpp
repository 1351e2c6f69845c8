#include <doctest/doctest.h>

#include <algorithm>

#include "drivers/scanner/ssi_session.hpp"
#include "tests/drivers/scanner/scanner_bench.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::at_ms;
using test::hex;
using test::texts;
using test::written;

namespace {

// Published frames.
const Bytes host_ack = hex("04 D0 04 00 FF 28");
const Bytes decoder_ack = hex("04 D0 00 00 FF 2C");
const Bytes host_resend = hex("05 D1 04 00 01 FF 25");
const Bytes scan_enable = hex("04 E9 04 00 FF 0F");
const Bytes packeted = hex("07 C6 04 00 FF EE 01 FD 41");
const Bytes handshake = hex("07 C6 04 00 FF 9F 01 FD 90");
const Bytes scan = hex("14 F3 00 00 1C 54 4B 31 2E 39 46 33 41 2D 30 30 30 31 32 33 FB 99");
const Bytes scan_again = hex("14 F3 00 01 1C 54 4B 31 2E 39 46 33 41 2D 30 30 30 31 32 33 FB 98");
const ReportScan reported_scan{"TK1.9F3A-000123", ""};

ScannerEffects feed(SsiSession& session, const Bytes& bytes, std::int64_t ms) {
    return session.step(BytesRead{bytes}, at_ms(ms));
}

// Up, and every command acknowledged at 0 ms.
SsiSession working(SsiOptions options = {}) {
    SsiSession session(std::move(options));
    (void)session.step(LinkUp{}, at_ms(0));
    for (int i = 0; i < 3; ++i) (void)feed(session, decoder_ack, 0);
    return session;
}

Bytes data_packet(std::string_view text, std::uint8_t status) {
    Bytes data{0x1C};
    data.insert(data.end(), text.begin(), text.end());
    return encode_ssi(SsiOpcode::decode_data, data, SsiSource::decoder, status);
}

}  // namespace

TEST_CASE("SSI packets are encoded as published") {
    CHECK(encode_ssi(SsiOpcode::acknowledged) == host_ack);
    CHECK(encode_ssi(SsiOpcode::acknowledged, {}, SsiSource::decoder) == decoder_ack);
    CHECK(encode_ssi(SsiOpcode::refused, {0x01}) == host_resend);
    CHECK(encode_ssi(SsiOpcode::refused, {0x06}, SsiSource::decoder) == hex("05 D1 00 00 06 FF 24"));
    CHECK(encode_ssi(SsiOpcode::scan_enable) == scan_enable);
    CHECK(encode_ssi(SsiOpcode::beep, {0x00}) == hex("05 E6 04 00 00 FF 11"));
    CHECK(encode_ssi(SsiOpcode::led_on, {0x01}) == hex("05 E7 04 00 01 FF 0F"));
    CHECK(encode_ssi(SsiOpcode::parameter_send, {0xFF, 0xEE, 0x01}) == packeted);
    CHECK(encode_ssi(SsiOpcode::parameter_send, {0xFF, 0x9F, 0x01}) == handshake);
    const auto command = [](std::uint8_t opcode) { return encode(SsiPacket{opcode, 0x04, 0, {}}); };
    CHECK(command(0xE4) == hex("04 E4 04 00 FF 14"));  // start
    CHECK(command(0xE5) == hex("04 E5 04 00 FF 13"));  // stop
    CHECK(command(0xEA) == hex("04 EA 04 00 FF 0E"));  // scan disable
    CHECK(command(0xD2) == hex("04 D2 04 00 FF 26"));  // flush
    CHECK(command(0xA3) == hex("04 A3 04 00 FF 55"));  // which revision
    CHECK(command(0xD3) == hex("04 D3 04 00 FF 25"));  // which capabilities
    CHECK(encode_ssi(SsiOpcode::parameter_send, {0xFF, 0x8A, 0x08}) ==
          hex("07 C6 04 00 FF 8A 08 FD 9E"));  // host trigger
    CHECK(data_packet("TK1.9F3A-000123", 0) == scan);
    CHECK(data_packet("TK1.9F3A-000123", ssi_retransmitted) == scan_again);
}

TEST_CASE("at the start the scanner is woken, told to speak packets and to wait for answers, and switched on") {
    SsiSession session;
    CHECK(session.step(LinkUp{}, at_ms(0)) == ScannerEffects{WriteBytes{{0}}, WriteBytes{packeted}});
    CHECK(feed(session, decoder_ack, 10) == ScannerEffects{WriteBytes{handshake}});
    CHECK(feed(session, decoder_ack, 20) == ScannerEffects{WriteBytes{scan_enable}});
    CHECK(feed(session, decoder_ack, 30).empty());
    CHECK(session.deadline() == std::nullopt);
}

TEST_CASE("Every packet of a code is acknowledged before the code is reported.") {
    auto session = working();
    CHECK(feed(session, scan, 100) == ScannerEffects{WriteBytes{host_ack}, reported_scan});
}

TEST_CASE("A code that is sent again, because our acknowledgement was lost, is reported once.") {
    SsiOptions options;
    options.dedupe = Duration{0};
    auto session = working(options);
    (void)feed(session, scan, 100);
    CHECK(feed(session, scan_again, 2'100) == ScannerEffects{WriteBytes{host_ack}});
    CHECK(feed(session, scan, 2'200) ==
          ScannerEffects{WriteBytes{host_ack}, reported_scan});  // the same code, shown again
}

TEST_CASE("A packet that was spoiled on the way is asked for again, and none is lost.") {
    auto session = working();
    auto spoiled = scan;
    spoiled[6] ^= 0x40;
    CHECK(feed(session, spoiled, 100) == ScannerEffects{WriteBytes{host_resend}});
    CHECK(feed(session, scan_again, 120) == ScannerEffects{WriteBytes{host_ack}, reported_scan});
    CHECK(feed(session, Bytes(scan.begin(), scan.begin() + 9), 5'000).empty());  // half of it, and then nothing
    CHECK(session.step(Ticked{}, *session.deadline()).empty());
    CHECK(texts(feed(session, scan_again, 7'000)).empty());  // what was acknowledged before
    CHECK(texts(feed(session, scan, 9'100)).size() == 1);
}

TEST_CASE("A code of several packets is reported whole or not at all.") {
    auto session = working();
    CHECK(feed(session, data_packet(std::string(200, 'A'), ssi_continued), 100) ==
          ScannerEffects{WriteBytes{host_ack}});
    CHECK(feed(session, data_packet("BC\r", 0), 150) ==
          ScannerEffects{WriteBytes{host_ack}, ReportScan{std::string(200, 'A') + "BC", ""}});
    (void)feed(session, data_packet("TORN", ssi_continued), 200);
    CHECK(session.step(Ticked{}, *session.deadline()) == ScannerEffects{ReportDropped{DropReason::incomplete}});
    (void)feed(session, data_packet("TORN", ssi_continued), 9'000);
    CHECK(session.step(LinkDown{}, at_ms(9'001)) == ScannerEffects{ReportDropped{DropReason::incomplete}});
    auto long_one = working();
    for (int i = 0; i < 9; ++i) (void)feed(long_one, data_packet(std::string(250, 'A'), ssi_continued), 10);
    CHECK(feed(long_one, data_packet("END", 0), 20) ==
          ScannerEffects{WriteBytes{host_ack}, ReportDropped{DropReason::too_long}});
}

TEST_CASE("At most one command is under way, and one that is never answered holds nothing up for ever.") {
    SsiSession session;
    (void)session.step(LinkUp{}, at_ms(0));
    auto again = packeted;
    again = encode_ssi(SsiOpcode::parameter_send, {0xFF, 0xEE, 0x01}, SsiSource::host, ssi_retransmitted);
    CHECK(session.step(Ticked{}, at_ms(2'000)) == ScannerEffects{WriteBytes{again}});
    CHECK(session.step(Ticked{}, at_ms(4'000)) == ScannerEffects{WriteBytes{again}});
    CHECK(session.step(Ticked{}, at_ms(6'000)) == ScannerEffects{ReportAnswering{false}, WriteBytes{handshake}});
    CHECK(feed(session, scan, 6'100) == ScannerEffects{WriteBytes{host_ack}, reported_scan});
    CHECK(feed(session, decoder_ack, 6'200) == ScannerEffects{ReportAnswering{true}, WriteBytes{scan_enable}});
}

TEST_CASE("A device that answers no command is said not to answer, and asked again and again.") {
    SsiSession session;
    auto effects = session.step(LinkUp{}, at_ms(0));
    Instant now = at_ms(0);
    std::ptrdiff_t wakes = 0;
    std::ptrdiff_t complaints = 0;
    while (now < at_ms(120'000)) {
        wakes += std::ranges::count(effects, ScannerEffect{WriteBytes{{0}}});
        complaints += std::ranges::count(effects, ScannerEffect{ReportAnswering{false}});
        REQUIRE(session.deadline());
        now = *session.deadline();
        effects = session.step(Ticked{}, now);
    }
    CHECK(wakes == 3);
    CHECK(complaints == 1);
}

TEST_CASE("the verdict beeps and lights, and the light goes out again") {
    auto session = working();
    CHECK(session.step(VerdictGiven{VerdictSign::welcome}, at_ms(0)) ==
          ScannerEffects{WriteBytes{hex("05 E6 04 00 00 FF 11")}});
    CHECK(feed(session, decoder_ack, 10) == ScannerEffects{WriteBytes{hex("05 E7 04 00 01 FF 0F")}});
    CHECK(feed(session, decoder_ack, 20).empty());
    CHECK(session.deadline() == at_ms(1'000));
    CHECK(written(session.step(Ticked{}, at_ms(1'000))) == encode_ssi(SsiOpcode::led_off, {0x01}));
    (void)feed(session, decoder_ack, 1'010);
    CHECK(written(session.step(VerdictGiven{VerdictSign::refused}, at_ms(1'100))) ==
          encode_ssi(SsiOpcode::beep, {0x10}));
    CHECK(feed(session, hex("05 D1 00 00 06 FF 24"), 1'200).empty());  // it has no beeper
    CHECK(session.deadline() == std::nullopt);
}

TEST_CASE("whatever an SSI device sends, cut and lost anyhow: no code twice in the window, and time goes on") {
    CHECK(rc::check([] {
        Bytes stream;
        for (const auto kind : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 6))) {
            const Bytes piece = kind == 0   ? scan
                                : kind == 1 ? scan_again
                                : kind == 2 ? decoder_ack
                                : kind == 3 ? data_packet("PART", ssi_continued)
                                : kind == 4 ? hex("05 D1 00 00 01 FF 29")
                                            : *rc::gen::arbitrary<Bytes>();
            stream.insert(stream.end(), piece.begin(), piece.end());
        }
        SsiSession session;
        std::string last;
        Instant seen{};
        test::play_anyhow(session, stream, [&](const ScannerEffects& effects, Instant now) {
            bool acknowledged = false;
            for (const auto& effect : effects) {
                const auto* write = std::get_if<WriteBytes>(&effect);
                acknowledged = acknowledged || (write != nullptr && write->bytes == host_ack);
                const auto* found = std::get_if<ReportScan>(&effect);
                if (found == nullptr) continue;
                RC_ASSERT(acknowledged);
                RC_ASSERT(found->text != last || now - seen >= SsiOptions{}.dedupe);
                last = found->text;
                seen = now;
            }
        });
    }));
}

TEST_CASE("what an SSI device sends whole is one scan or one drop each: none is lost") {
    CHECK(rc::check([] {
        std::vector<Bytes> packets;
        const auto codes = test::some_codes(600);
        for (const auto& code : codes) {
            Bytes all;
            for (std::size_t at = 0; at < code.size(); at += 200) {
                const std::uint8_t status = at + 200 < code.size() ? ssi_continued : 0;
                const auto packet = data_packet(std::string_view(code).substr(at, 200), status);
                all.insert(all.end(), packet.begin(), packet.end());
            }
            packets.push_back(all);
        }
        SsiSession session;
        RC_ASSERT(test::play_whole(session, packets) == codes.size());
    }));
}

TEST_CASE("a device that answers no command is not asked again in the middle of its code") {
    SsiSession session;
    (void)session.step(LinkUp{}, at_ms(0));
    for (int tries = 0; tries < 9; ++tries) (void)session.step(Ticked{}, *session.deadline());
    const auto again = *session.deadline();
    (void)session.step(BytesRead{data_packet(std::string(200, 'A'), ssi_continued)}, again - Duration{1});
    CHECK(session.step(Ticked{}, again).empty());
    CHECK(session.step(BytesRead{data_packet("BC", 0)}, again + Duration{1}) ==
          ScannerEffects{WriteBytes{host_ack}, ReportScan{std::string(200, 'A') + "BC", ""}});
    CHECK(written(session.step(Ticked{}, *session.deadline())).front() == 0x00);  // and then it is
}
