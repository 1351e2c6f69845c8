#include "drivers/osdp/osdp_codec.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "drivers/osdp/osdp_messages.hpp"
#include "tests/drivers/hex.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::hex;

namespace {

Bytes wire(std::uint8_t address, std::uint8_t sequence, const OsdpCommand& command, bool crc = true) {
    return encode_osdp(
        {address, false, sequence, crc, std::nullopt, static_cast<std::uint8_t>(command.code), command.data, {}});
}

OsdpReply reply(std::string_view text) {
    const auto frame = decode_osdp(hex(text)).value();
    CHECK(frame.reply);
    return parse_osdp_reply(frame.code, frame.data).value();
}

}  // namespace

TEST_CASE("the frames of annex E, with CRC and with checksum") {
    const OsdpCommand comset{OsdpCommandCode::comset, hex("00 80 25 00 00")};
    const OsdpCommand id{OsdpCommandCode::id, {0}};
    CHECK(wire(0x7f, 0, comset) == hex("53 7F 0D 00 04 6E 00 80 25 00 00 6E 38"));
    CHECK(wire(0x00, 0, id) == hex("53 00 09 00 04 61 00 C0 66"));
    CHECK(wire(0x7f, 0, comset, false) == hex("53 7F 0C 00 00 6E 00 80 25 00 00 0F"));
    CHECK(wire(0x00, 0, id, false) == hex("53 00 08 00 00 61 00 44"));
}

TEST_CASE("commands are the frames of a real control panel") {
    CHECK(wire(5, 2, {OsdpCommandCode::poll, {}}) == hex("53 05 08 00 06 60 DE EF"));
    CHECK(wire(5, 1, {OsdpCommandCode::cap, {0}}) == hex("53 05 09 00 05 62 00 A2 47"));
    CHECK(wire(5, 1, osdp_out(0, OsdpOutput::pulse, 10)) == hex("53 05 0C 00 05 68 00 05 0A 00 0A E9"));
    CHECK(wire(5, 1, osdp_buzzer(0, 2, 1, 2)) == hex("53 05 0D 00 05 6A 00 02 02 01 02 9B ED"));
    CHECK(wire(5, 1, {OsdpCommandCode::text, osdp_text(0, "WELCOME", 3).data}) ==
          hex("53 05 15 00 05 6B 00 03 03 01 01 07 57 45 4C 43 4F 4D 45 4C C5"));
    CHECK(osdp_led(0, OsdpColour::green, true, 30).data == hex("00 00 02 02 02 02 00 1E 00 00 00 00 00 00"));
}

TEST_CASE("replies of a real device are read") {
    CHECK(reply("53 85 08 00 06 40 6C E9") == OsdpReply{OsdpAck{}});
    CHECK(reply("53 85 09 00 05 41 03 54 F0") == OsdpReply{OsdpNak{3}});
    CHECK(reply("53 85 14 00 04 45 CA 44 CA 99 01 BE BA FE CA 01 02 03 A4 FB") ==
          OsdpReply{OsdpIdentity{{0xca, 0x44, 0xca}, 0x99, 1, 0xcafebabe, {1, 2, 3}}});
    const auto capabilities = std::get<OsdpCapabilities>(reply(
        "53 85 29 00 05 46 01 01 04 02 04 02 03 01 00 04 04 01 05 02 01 06 01 01 08 01 00 09 01 00 0A 00 01 0D 00 01 "
        "10 02 00 A0 6E"));
    CHECK(capabilities.list.size() == 11);
    CHECK(capabilities.list.front() == OsdpCapability{1, 1, 4});
    CHECK(reply("53 85 0C 00 05 49 00 00 00 00 66 F0") == OsdpReply{OsdpInputs{{false, false, false, false}}});
    CHECK(reply("53 85 0A 00 06 4A 01 00 B0 78") == OsdpReply{OsdpOutputs{{true, false}}});
    CHECK(reply("53 85 10 00 06 50 00 00 20 00 04 A1 B2 C3 52 53") ==
          OsdpReply{OsdpCard{0, 0, 32, {0x04, 0xa1, 0xb2, 0xc3}}});
    CHECK(reply("53 85 0D 00 04 54 06 00 96 00 00 86 89") == OsdpReply{OsdpOther{0x54}});
}

TEST_CASE("a reply whose data does not hold what it says is none") {
    for (const char* data : {"", "00 00 20", "00 00 00 00", "00 00 20 00 04 A1 B2", "00 00 20 00 04 A1 B2 C3 D4"})
        CHECK_FALSE(parse_osdp_reply(0x50, hex(data)));
    for (const char* data : {"", "00", "00 02 31", "00 01 31 32"}) CHECK_FALSE(parse_osdp_reply(0x53, hex(data)));
    CHECK_FALSE(parse_osdp_reply(0x41, {}));
    CHECK_FALSE(parse_osdp_reply(0x45, hex("00 01")));
    CHECK_FALSE(parse_osdp_reply(0x46, hex("01 02")));
    CHECK_FALSE(parse_osdp_reply(0x48, hex("00")));
    CHECK_FALSE(parse_osdp_reply(0x76, hex("00")));
    CHECK_FALSE(parse_osdp_reply(0x78, hex("00")));
}

TEST_CASE("bits beyond a card's length count for nothing") {
    CHECK(parse_osdp_reply(0x50, hex("00 01 1A 00 12 34 56 FF")) ==
          OsdpReply{OsdpCard{0, 1, 26, {0x12, 0x34, 0x56, 0xc0}}});
}

TEST_CASE("a frame is refused when its length, control, security block, MAC or check is wrong") {
    for (const char* bad : {"53 85 08 00 06 40 6C E8",  // CRC
                            "53 00 08 00 00 61 00 45",  // checksum
                            "53 85 09 00 06 40 6C E9",  // longer than it is
                            "54 85 08 00 06 40 6C E9", "53 85 08 00", ""}) {
        CHECK_FALSE(decode_osdp(hex(bad)));
    }
    const auto checked = [](Bytes body) {
        const auto crc = osdp_crc(body);
        body.push_back(static_cast<std::uint8_t>(crc));
        body.push_back(static_cast<std::uint8_t>(crc >> 8U));
        return body;
    };
    CHECK_FALSE(decode_osdp(checked(hex("53 85 09 00 0C 01 40"))));              // block of one octet
    CHECK_FALSE(decode_osdp(checked(hex("53 85 0A 00 0C 03 15 40"))));           // block without a code behind it
    CHECK_FALSE(decode_osdp(checked(hex("53 85 0D 00 0C 02 16 40 01 02 03"))));  // MAC of three octets
    CHECK_FALSE(decode_osdp(checked(hex("53 85 08 00 86 40"))));                 // a control bit of nobody
    CHECK(decode_osdp(checked(hex("53 85 0E 00 0C 02 16 40 01 02 03 04")))->mac == OsdpMac{1, 2, 3, 4});
}

TEST_CASE("frames are found behind noise, marks, half frames and a false beginning that claims a long one") {
    OsdpReader reader;
    reader.append(hex("00 53 53 85 00 05 04 FF 53 85 10 00 06 50 00"));
    CHECK_FALSE(reader.next());
    reader.append(hex("FF 53 85 08 00 06 40 6C E9 FF 53 85 09 00 05 41 03 54 F0 FF 53"));
    CHECK(reader.next()->code == 0x40);
    CHECK(reader.next()->code == 0x41);
    CHECK_FALSE(reader.next());
}

TEST_CASE("what is encoded is decoded, in any pieces") {
    CHECK(rc::check([] {
        OsdpFrame frame;
        frame.address = *rc::gen::inRange<std::uint8_t>(0, 128);
        frame.reply = *rc::gen::arbitrary<bool>();
        frame.sequence = *rc::gen::inRange<std::uint8_t>(0, 4);
        frame.crc = *rc::gen::arbitrary<bool>();
        frame.code = *rc::gen::arbitrary<std::uint8_t>();
        frame.data = *rc::gen::arbitrary<Bytes>();
        if (*rc::gen::arbitrary<bool>()) {
            frame.security = OsdpSecurityBlock{*rc::gen::inRange<std::uint8_t>(0x11, 0x19), {1}};
            if (frame.security->type >= 0x15) frame.mac = OsdpMac{1, 2, 3, 4};
        }
        const auto bytes = encode_osdp(frame);
        OsdpReader reader;
        std::optional<OsdpFrame> found;
        for (const auto byte : bytes) {
            RC_ASSERT(!found);
            reader.append({&byte, 1});
            found = reader.next();
        }
        RC_ASSERT(found == frame);
    }));
}
