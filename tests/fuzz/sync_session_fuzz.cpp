// Arbitrary frames into an open session of a machine that holds and wants journals. The input is cut into frames by
// two octets of length each; a frame of 0xff-something length plays one of the shell's answers instead.
#include <cstddef>
#include <cstdint>
#include <deque>

#include "schemas/base/check.hpp"
#include "tests/sync/replication/venue_rig.hpp"

namespace {

using namespace gatehouse;
using namespace gatehouse::sync;
using gatehouse::sync::testing::Authority;
using gatehouse::sync::testing::Machine;

struct Rig {
    Authority authority;
    Machine own{authority, NodeId{1}};
    Machine peer{authority, NodeId{2}};
    Rig() {
        own.append(80);
        peer.append(30);
    }
};

// Carries out what the session asks for; its memory stays bounded.
void play(const Rig& rig, ByteView input) {
    ReplicationOptions options;
    options.largest_pending = 4U << 20U;
    ReplicationSession session{Machine::with_identity(rig.authority, NodeId{1}, options)};
    Machine store{rig.authority, NodeId{1}};
    std::deque<Event> answers;
    const auto tell = [&](const Event& event) {
        for (auto& effect : session.step(event, Instant{})) {
            if (const auto* load = std::get_if<LoadBatch>(&effect)) answers.emplace_back(rig.own.load(*load));
            if (const auto* batch = std::get_if<StoreBatch>(&effect)) answers.emplace_back(store.store(*batch));
            if (const auto* ask = std::get_if<TellTime>(&effect)) answers.emplace_back(TimeRead{ask->question, {}});
        }
        check(session.pending() <= options.largest_pending + largest_batch, "what waits is bounded");
    };
    tell(JournalsGrown{{rig.own.held(rig.own.own())}});
    tell(InterestChanged{{true, {}}});
    tell(LinkUp{Authority::tls_key_of(NodeId{2}), testing::floor_time});
    Hello hello;
    hello.certificate = rig.authority.certificate(NodeId{2});
    tell(FrameReceived{encode_message(hello)});
    tell(FrameReceived{
        encode_message(Heads{{{*rig.peer.held(rig.peer.own()).head, rig.authority.certificate(NodeId{2})}}})});
    while (input.size() >= 2) {
        const std::size_t size = input[0] | std::size_t{input[1]} << 8U;
        input = input.subspan(2);
        if (size >= 0xff00) {
            if (answers.empty()) continue;
            const Event answer = std::move(answers.front());
            answers.pop_front();
            tell(answer);
            continue;
        }
        const auto frame = input.first(std::min(size, input.size()));
        input = input.subspan(frame.size());
        tell(FrameReceived{Bytes{frame.begin(), frame.end()}});
    }
    tell(LinkDown{});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Rig rig;
    play(rig, {data, size});
    return 0;
}
