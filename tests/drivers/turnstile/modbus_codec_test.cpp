#include "drivers/turnstile/modbus_codec.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "tests/drivers/hex.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using test::hex;

TEST_CASE("requests are the frames of the boards' manuals") {
    CHECK(to_hex(rtu_frame(1, write_coil(0, 0xff00))) == "01050000ff008c3a");
    CHECK(to_hex(rtu_frame(1, write_coil(0, 0x0000))) == "010500000000cdca");
    CHECK(to_hex(rtu_frame(1, write_coil(0x00ff, 0))) == "010500ff0000fdfa");
    CHECK(to_hex(rtu_frame(1, read_coils(0, 8))) == "0101000000083dcc");
    CHECK(to_hex(rtu_frame(1, read_inputs(0, 8))) == "01020000000879cc");
    CHECK(to_hex(rtu_frame(1, write_coil(0x0200, 7))) == "0105020000078db0");
    CHECK(to_hex(rtu_frame(1, hex("0f000000080101"))) == "010f0000000801013f55");  // eight relays at once
    const std::array<std::uint16_t, 2> flash{2, 7};
    CHECK(to_hex(write_registers(3, flash)) == "10000300020400020007");
    CHECK(to_hex(tcp_frame(0x1234, 1, read_inputs(0, 2))) == "123400000006010200000002");
}

TEST_CASE("an answer is matched by function, address, value and length") {
    const auto read = read_inputs(0, 3);
    CHECK(match_answer(read, hex("020105")) == ModbusAnswer{ModbusBits{{true, false, true}}});
    CHECK(match_answer(read, hex("8202")) == ModbusAnswer{ModbusException{2}});
    CHECK(match_answer(read, hex("010105")) == std::nullopt);
    CHECK(match_answer(read, hex("02020500")) == std::nullopt);
    CHECK(match_answer(read, hex("0201")) == std::nullopt);
    const auto write = write_coil(0, 0xff00);
    CHECK(match_answer(write, hex("050000ff00")) == ModbusAnswer{ModbusWritten{}});
    CHECK(match_answer(write, hex("050001ff00")) == std::nullopt);
    CHECK(match_answer(write, hex("0500000000")) == std::nullopt);
}

TEST_CASE("an RTU answer is found behind noise and the end of another frame") {
    RtuReader reader;
    reader.append(hex("ff0102"));
    CHECK(reader.find(1, read_inputs(0, 8)) == std::nullopt);
    auto frame = rtu_frame(1, hex("020104"));
    reader.append(frame);
    CHECK(reader.find(1, read_inputs(0, 8)) ==
          ModbusAnswer{ModbusBits{{false, false, true, false, false, false, false, false}}});
    CHECK(reader.find(1, read_inputs(0, 8)) == std::nullopt);
    reader.append(hex("018302c0f1"));
    CHECK(reader.find(1, read_inputs(0, 8)) == std::nullopt);  // an exception to another function
}

TEST_CASE("an RTU answer with a wrong check or of another unit is none") {
    RtuReader reader;
    auto frame = rtu_frame(1, hex("020104"));
    frame.back() ^= 1;
    reader.append(frame);
    reader.append(rtu_frame(2, hex("020104")));
    CHECK(reader.find(1, read_inputs(0, 8)) == std::nullopt);
}

TEST_CASE("a TCP stream that is not Modbus is broken until it is cleared") {
    TcpReader reader;
    reader.append(hex("000100000003018302"));
    CHECK(reader.next() == TcpAnswer{1, 1, hex("8302")});
    CHECK(reader.next() == std::nullopt);
    for (const char* bad : {"00010001000301", "00010000000201", "0001000000ff01"}) {
        reader.clear();
        reader.append(hex(bad));
        CHECK(reader.next() == std::nullopt);
        CHECK(reader.is_broken());
    }
}

TEST_CASE("a TCP stream cut anywhere gives the same answers") {
    CHECK(rc::check([] {
        Bytes stream;
        const auto count = *rc::gen::inRange(1, 6);
        for (int i = 0; i < count; ++i) {
            const auto pdu =
                *rc::gen::suchThat<Bytes>([](const Bytes& bytes) { return bytes.size() >= 2 && bytes.size() <= 253; });
            const auto frame = tcp_frame(static_cast<std::uint16_t>(i), 1, pdu);
            stream.insert(stream.end(), frame.begin(), frame.end());
        }
        TcpReader reader;
        int found = 0;
        for (std::size_t i = 0; i < stream.size();) {
            const auto length = std::min(stream.size() - i, *rc::gen::inRange<std::size_t>(1, 40));
            reader.append(ByteView(stream).subspan(i, length));
            i += length;
            while (const auto answer = reader.next()) RC_ASSERT(answer->transaction == found++);
        }
        RC_ASSERT(found == count);
    }));
}
