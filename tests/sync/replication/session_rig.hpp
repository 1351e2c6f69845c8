// One replication session under test, and a peer whose every frame the test writes.
#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <utility>
#include <vector>

#include "sync/replication/packing.hpp"
#include "sync/replication/replication_session.hpp"
#include "tests/support/result_printing.hpp"
#include "tests/sync/replication/venue_rig.hpp"

namespace gatehouse::sync::testing {

inline constexpr NodeId self{1};
inline constexpr NodeId other{2};
inline constexpr Instant zero{};

template <class E>
std::vector<E> all(const Effects& effects) {
    std::vector<E> out;
    for (const auto& effect : effects)
        if (const auto* e = std::get_if<E>(&effect)) out.push_back(*e);
    return out;
}
template <class M>
std::vector<M> sent(const Effects& effects) {
    std::vector<M> out;
    for (const auto& send : all<SendFrame>(effects)) {
        auto message = decode_message(send.frame);
        REQUIRE(message);
        if (auto* m = std::get_if<M>(&*message)) out.push_back(std::move(*m));
    }
    return out;
}
// The reason of the one HangUp among the effects.
inline std::optional<HangUpReason> reason(const Effects& effects) {
    const auto hang_ups = all<HangUp>(effects);
    if (hang_ups.size() != 1) return std::nullopt;
    return hang_ups[0].reason;
}

// The peer is node 2 and owns a journal.
struct SessionRig {
    explicit SessionRig(ReplicationOptions options = {})
        : session(Machine::with_identity(authority, self, std::move(options))) {
        owner.append(50);
    }
    Effects tell(const Event& event, Instant now = zero) { return session.step(event, now); }
    Effects say(const Message& message) { return tell(FrameReceived{encode_message(message)}); }
    Effects greet(NodeId node = other) {
        (void)tell(RevocationsChanged{revocations});
        (void)tell(LinkUp{Authority::tls_key_of(node), floor_time});
        Hello hello;
        hello.certificate = authority.certificate(node);
        return say(hello);
    }
    // Greeted, everything wanted, the peer's journal announced: answers the Want.
    Want announce() {
        (void)greet();
        (void)tell(InterestChanged{{true, {}}});
        const auto wants = sent<Want>(say(Heads{{{*owner.held(owner.own()).head, authority.certificate(other)}}}));
        REQUIRE(wants.size() == 1);
        return wants[0];
    }
    Batch batch(const Want& want, std::uint64_t from, std::uint64_t to) {
        const auto& records = owner.journals.at(owner.own()).records;
        const std::vector<Bytes> part{records.begin() + static_cast<std::ptrdiff_t>(from - 1),
                                      records.begin() + static_cast<std::ptrdiff_t>(to)};
        return batch_of(want, from, part);
    }
    Batch batch_of(const Want& want, std::uint64_t from, const std::vector<Bytes>& records) {
        auto packed = pack_records(records);
        const auto head = sign_head(SigningKey::from_seed(Authority::seed_of(other)), authority.venue, owner.own(),
                                    Seq{from + records.size() - 1}, record_hash(records.back()));
        return {want.generation, Seq{from}, head, packed.packing, packed.unpacked, std::move(packed.packed)};
    }

    Authority authority;
    Machine owner{authority, other};
    std::vector<Revocation> revocations;
    ReplicationSession session;
};

}  // namespace gatehouse::sync::testing
