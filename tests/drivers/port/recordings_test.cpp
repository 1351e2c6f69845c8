#include "drivers/port/recordings.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "drivers/catalog/replay.hpp"
#include "drivers/emulator/plug.hpp"
#include "tests/drivers/port/loopback.hpp"
#include "tests/support/result_printing.hpp"

using namespace gatehouse;
using namespace gatehouse::drivers;
using namespace std::chrono_literals;
using test::run_until;

TEST_CASE("a port is recorded while it works, and its driver says the same when it is played again") {
    const test::Scratch scratch;
    boost::asio::io_context io;
    const auto link = (scratch / "tty").string();
    const auto file = (scratch / "scan.rec").string();
    const DeviceSettings settings{
        DeviceName{"scan-1"}, "ssi", {{"port", link}, {"dedupe_ms", std::int64_t{0}}, {"prefix", std::string("G:")}}};
    std::string heard;
    const auto plug =
        emulator::make_plug(io, {.link = link}, {[&](auto, ByteView bytes, auto) { heard += text_of(bytes); }, {}});
    plug->connect();
    auto& recordings = Recordings::of(io);
    REQUIRE(recordings.start(link, file, header_of(settings)));
    CHECK(recordings.start("/another", file, {}).error().code == ErrorCode::io);  // never over another
    CHECK(recordings.start(link, file + "2", {}).error() ==
          fail(ErrorCode::unavailable, link + ": is recorded already, to " + file));
    CHECK_FALSE(std::filesystem::exists(file + "2"));
    bool up = false;
    Bytes read;
    bool down = false;
    const auto port = make_port(io, SerialSettings{link});
    port->open({[&] { up = true; }, [&](ByteView bytes) { read.insert(read.end(), bytes.begin(), bytes.end()); },
                [&](const Error&) { down = true; }});
    REQUIRE(run_until(io, [&] { return up; }));
    const auto scan = encode_ssi(SsiOpcode::decode_data, bytes_of("\x1cG:TK1"), SsiSource::decoder);
    plug->send(scan, std::nullopt);
    REQUIRE(run_until(io, [&] { return read == scan; }));
    port->write(view_of("ack"), 1s);
    REQUIRE(run_until(io, [&] { return heard == "ack"; }));
    plug->disconnect();
    REQUIRE(run_until(io, [&] { return down; }));
    const auto stopped = recordings.stop(link);
    REQUIRE(stopped);
    CHECK(stopped->file == file);
    CHECK(stopped->octets == std::filesystem::file_size(file));
    CHECK_FALSE(recordings.running(link));
    CHECK_FALSE(recordings.stop(link));

    struct stat status{};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    const auto recording = parse_recording(text.str());
    REQUIRE(recording);
    std::vector<PortMoment> what;
    for (const auto& moment : recording->moments) what.push_back(moment.what);
    CHECK(what.front() == PortMoment::up);
    CHECK(what.back() == PortMoment::down);
    CHECK(std::ranges::count(what, PortMoment::wrote) == 1);

    const auto again = settings_in(recording->header);
    REQUIRE(again);
    const auto sorted = [](DeviceSettings each) {
        std::ranges::sort(each.settings, {}, &Setting::key);
        return each;
    };
    CHECK(sorted(*again) == sorted(settings));
    const auto played = replay(*recording);
    REQUIRE(played);
    CHECK(std::ranges::count(played->effects, ReplayedEffect{ReportScan{"TK1", ""}}, &Replayed::effect) == 1);
    CHECK(settings_in({{"driver", "line"}}).error().code == ErrorCode::config);
    CHECK(settings_in({{"driver", "line"}, {"device", "a"}, {"setting.port", "?"}}).error().code == ErrorCode::config);
}

TEST_CASE("a recording that is full, or cannot be written, ends and says so, and what it has can be played") {
    const test::Scratch scratch;
    boost::asio::io_context io;
    auto& recordings = Recordings::of(io);
    std::vector<std::pair<Recordings::Running, bool>> ended;
    const auto tell = [&](const Recordings::Running& over, bool full) { ended.emplace_back(over, full); };
    const auto file = (scratch / "full.rec").string();
    REQUIRE(recordings.start("/a", file, {{"driver", "line"}}, tell, 100));
    recordings.note("/a", PortMoment::read, Bytes(10, 'A'));
    REQUIRE(recordings.running("/a"));
    CHECK(recordings.running("/a")->octets == std::filesystem::file_size(file));
    CHECK(ended.empty());
    recordings.note("/a", PortMoment::read, Bytes(30, 'B'));
    CHECK_FALSE(recordings.running("/a"));
    REQUIRE(ended.size() == 1);
    CHECK(ended[0].first.file == file);
    CHECK(ended[0].first.octets == std::filesystem::file_size(file));
    CHECK(ended[0].second);
    recordings.note("/a", PortMoment::read, Bytes(1, 'C'));
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    CHECK(parse_recording(text.str()).value().moments.size() == 2);
    REQUIRE(recordings.start("/a", (scratch / "next.rec").string(), {{"driver", "line"}}, tell));
    CHECK(recordings.stop("/a"));
    CHECK(ended.size() == 1);  // who ends it is told by the answer
}
