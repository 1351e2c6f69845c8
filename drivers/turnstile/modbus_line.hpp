// One Modbus master on one line: queues requests, keeps them apart, pairs answers with them.
//
//   request ─▶ [queued] ──line free──▶ [in flight] ──answer──▶ answered
//                 │ expires, LinkDown       │ no answer, LinkDown
//                 ▼                         ▼
//           unanswered, not sent      unanswered, sent ──RTU──▶ [draining: deaf until quiet for as long as an
//                                                                answer may take, so that a late one is not taken
//                                                                for the next request's; on a line that is never
//                                                                quiet only so long, and then hung up on]
//
// Guarantees
// - An urgent request on an idle line is written in the same step.
// - At most one request is in flight; on TCP one urgent request may join a routine one.
// - An answer is paired only with the request that it can answer.
// - A late answer is never taken for the answer to a later request.
// - Every request ends in one answered or unanswered.
// - Noise delays a request, but not for ever; a line of nothing but noise is hung up on.
// - A probe of a board that seems absent takes a fraction of the time that an answer may take, and of the line's time.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "drivers/link/link_events.hpp"
#include "drivers/turnstile/modbus_codec.hpp"
#include "schemas/base/time.hpp"

namespace gatehouse::drivers {

enum class ModbusFraming : std::uint8_t { rtu, tcp };

struct ModbusLineOptions {
    ModbusFraming framing = ModbusFraming::rtu;
    Duration answer = std::chrono::milliseconds(150);         // to one request
    Duration silence = std::chrono::microseconds(4'100);      // RTU: 3.5 characters between frames; 9600 baud
    Duration quick_answer = std::chrono::milliseconds(30);    // the least that a probe waits, beside its own octets
    Duration longest_noise = std::chrono::milliseconds(500);  // RTU: beyond the wanted silence; then it is talked into
    unsigned lost_answers = 3;  // in a row, then hang up; RTU: those after which the line did not become quiet
};

// Counts requests for years: a bus keeps its gates' tags and their positions in one.
using ModbusTag = std::uint64_t;

struct ModbusRequest {
    ModbusTag tag = 0;  // chosen by the caller, distinct among its open requests
    std::uint8_t unit = 0;
    Bytes pdu;
    bool urgent = false;
    Instant expires;     // not sent after this
    bool probe = false;  // of a board that seems absent: waits behind others, and for a short time
    friend bool operator==(const ModbusRequest&, const ModbusRequest&) = default;
};

// What has not been sent yet will not be.
struct RequestsWithdrawn {
    std::uint8_t unit = 0;
    friend bool operator==(const RequestsWithdrawn&, const RequestsWithdrawn&) = default;
};

struct ReportAnswered {
    ModbusTag tag = 0;
    ModbusAnswer answer;
    friend bool operator==(const ReportAnswered&, const ReportAnswered&) = default;
};
struct ReportUnanswered {
    ModbusTag tag = 0;
    bool sent = false;
    friend bool operator==(const ReportUnanswered&, const ReportUnanswered&) = default;
};

using ModbusLineEvent = std::variant<LinkUp, LinkDown, BytesRead, Ticked, ModbusRequest, RequestsWithdrawn>;
using ModbusLineEffect = std::variant<WriteBytes, HangUp, ReportAnswered, ReportUnanswered>;
using ModbusLineEffects = std::vector<ModbusLineEffect>;

class ModbusLine {
public:
    explicit ModbusLine(ModbusLineOptions options = {}) : options_(options) {}

    [[nodiscard]] ModbusLineEffects step(const ModbusLineEvent& event, Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    struct InFlight {
        ModbusRequest request;
        std::uint16_t transaction = 0;
        Instant sent;
        Instant until;  // for its answer
    };
    struct Board {
        Duration slowest{};   // answer, ever; zero: none
        unsigned probes = 0;  // since its last answer
    };

    void lose_all(ModbusLineEffects& out);
    void withdraw(std::uint8_t unit, ModbusLineEffects& out);
    void read(ByteView bytes, Instant now, ModbusLineEffects& out);
    void read_rtu(ByteView bytes, Instant now, ModbusLineEffects& out);
    void read_tcp(ByteView bytes, Instant now, ModbusLineEffects& out);
    void answered(const InFlight& flying, ModbusAnswer answer, Instant now, ModbusLineEffects& out);
    void disturbed(Duration quiet, Instant now);
    void expire(Instant now, ModbusLineEffects& out);
    void drain(bool probe, Instant now);
    [[nodiscard]] bool is_hopeless(Instant now);
    [[nodiscard]] std::deque<ModbusRequest>::iterator next_request(Instant now);
    [[nodiscard]] Duration window(const ModbusRequest& request);
    void send_next(Instant now, ModbusLineEffects& out);
    [[nodiscard]] bool has_room(bool urgent, Instant now) const;

    ModbusLineOptions options_;
    bool up_ = false;
    Duration drain_{};  // so long the line must be quiet after a lost answer; zero: none was lost
    Instant disturbed_since_{};
    Instant last_noise_{};  // or the loss of the answer that is waited out
    Instant quiet_until_{};
    Instant probe_turn_{};  // before, a probe goes only when nobody else waits
    std::uint16_t transaction_ = 0;
    unsigned lost_ = 0;
    std::deque<ModbusRequest> queue_;
    std::vector<InFlight> in_flight_;
    std::map<std::uint8_t, Board> boards_;
    RtuReader rtu_;
    TcpReader tcp_;
};

}  // namespace gatehouse::drivers
