// One Modbus master on one line: queues requests, keeps them apart, pairs answers with them.
//
//   request ─▶ [queued] ──line free──▶ [in flight] ──answer──▶ answered
//                 │ expires, LinkDown       │ no answer, LinkDown
//                 ▼                         ▼
//           unanswered, not sent      unanswered, sent ──RTU──▶ [draining: deaf until quiet for as long as an
//                                                                answer may take, so that a late one is not taken
//                                                                for the next request's]
//
// Guarantees
// - An urgent request on an idle line is written in the same step.
// - At most one request is in flight; on TCP one urgent request may join a routine one.
// - An answer is paired only with the request that it can answer.
// - A late answer is never taken for the answer to a later request.
// - Every request ends in one answered or unanswered.
#pragma once

#include <cstdint>
#include <deque>
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
    Duration answer = std::chrono::milliseconds(150);     // to one request
    Duration silence = std::chrono::microseconds(4'100);  // RTU: 3.5 characters between frames; 9600 baud
    unsigned lost_answers = 3;                            // TCP: in a row, then hang up
};

// Counts requests for years: a bus keeps its gates' tags and their positions in one.
using ModbusTag = std::uint64_t;

struct ModbusRequest {
    ModbusTag tag = 0;  // chosen by the caller, distinct among its open requests
    std::uint8_t unit = 0;
    Bytes pdu;
    bool urgent = false;
    Instant expires;  // not sent after this
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
    };

    void lose_all(ModbusLineEffects& out);
    void withdraw(std::uint8_t unit, ModbusLineEffects& out);
    void read(ByteView bytes, Instant now, ModbusLineEffects& out);
    void read_rtu(ByteView bytes, Instant now, ModbusLineEffects& out);
    void read_tcp(ByteView bytes, ModbusLineEffects& out);
    void expire(Instant now, ModbusLineEffects& out);
    void send_next(Instant now, ModbusLineEffects& out);
    [[nodiscard]] bool has_room(bool urgent, Instant now) const;

    ModbusLineOptions options_;
    bool up_ = false;
    bool draining_ = false;
    Instant quiet_until_{};
    std::uint16_t transaction_ = 0;
    unsigned lost_ = 0;
    std::deque<ModbusRequest> queue_;
    std::vector<InFlight> in_flight_;
    RtuReader rtu_;
    TcpReader tcp_;
};

}  // namespace gatehouse::drivers
