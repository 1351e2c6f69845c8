// Drivers that hear their port's octets as they come.
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "drivers/catalog/replay_holds.hpp"
#include "drivers/catalog/replay_players.hpp"
#include "drivers/link/feed_codec.hpp"
#include "schemas/base/match.hpp"

namespace gatehouse::drivers {

namespace {

// A machine that asks again and again would play for ever. A scanner may have a code without its end; of others nothing
// is known once the recording is over.
constexpr Duration after_scanner = std::chrono::seconds(10);
constexpr Duration after_others{0};
// Between two things that a driver wrote in one step.
constexpr Duration at_once = std::chrono::milliseconds(10);

template <class Event, class Session>
class Player {
public:
    explicit Player(Session session) : session_(std::move(session)) {}

    void play_until(Duration end) {
        for (auto due = deadline(); due && *due <= Instant{end}; due = deadline()) step(Ticked{}, *due);
    }
    void step(const Event& event, Instant now) {
        auto effects = std::visit([&](auto& machine) { return machine.step(event, now); }, session_);
        for (auto& effect : effects)
            std::visit([&](auto& each) { replayed_.push_back({now.time_since_epoch(), std::move(each)}); }, effect);
    }
    [[nodiscard]] std::vector<Replayed> take() { return std::move(replayed_); }

private:
    [[nodiscard]] std::optional<Instant> deadline() const {
        return std::visit([](const auto& machine) { return machine.deadline(); }, session_);
    }
    Session session_;
    std::vector<Replayed> replayed_;
};

// `asked` gives what was asked of the driver at a moment, by its position. A machine whose recording begins midway
// hears `greeting` as the answer to what it says first.
template <class Event, class Session, class Asked>
std::vector<Replayed> play(const Recording& recording, Session session, Asked asked, Duration after,
                           std::size_t first = 0, const Bytes& greeting = {}) {
    Player<Event, Session> player(std::move(session));
    bool begun = false;
    Duration last{};
    for (std::size_t i = first; i < recording.moments.size(); ++i) {
        const auto& moment = recording.moments[i];
        const Instant now{moment.at};
        player.play_until(moment.at);
        last = moment.at;
        if (!std::exchange(begun, true) && moment.what != PortMoment::up) {
            player.step(LinkUp{}, now);
            if (!greeting.empty()) player.step(BytesRead{greeting}, now);
        }
        for (const Event& event : asked(i)) player.step(event, now);
        switch (moment.what) {
            case PortMoment::up: player.step(LinkUp{}, now); break;
            case PortMoment::down: player.step(LinkDown{}, now); break;
            case PortMoment::read: player.step(BytesRead{moment.bytes}, now); break;
            case PortMoment::wrote: break;
        }
    }
    player.play_until(last + after);
    return player.take();
}

bool ends_with(ByteView bytes, ByteView end) {
    return bytes.size() >= end.size() && std::ranges::equal(bytes.last(end.size()), end);
}

// The paper in what a printer's driver wrote at once; nothing when it is none.
std::optional<Bytes> escpos_paper(const Bytes& wrote) {
    constexpr std::array<std::uint8_t, 6> begins{0x1d, 0x61, 0x00, 0x1d, 0x72, 0x01};  // a connection
    const auto marker = ByteView(begins).last(3);
    const bool asks_again = wrote.size() == marker.size();
    if (!ends_with(wrote, marker) || asks_again || ends_with(wrote, begins)) return std::nullopt;
    return Bytes(wrote.begin(), wrote.end() - static_cast<std::ptrdiff_t>(marker.size()));
}
std::optional<Bytes> fgl_paper(const Bytes& wrote) {
    const bool prints = ends_with(wrote, bytes_of("<p>")) || ends_with(wrote, bytes_of("<q>"));
    return prints ? std::optional(wrote) : std::nullopt;
}
std::optional<Bytes> zpl_paper(const Bytes& wrote) {
    return text_of(wrote).starts_with("^XA") ? std::optional(wrote) : std::nullopt;
}

// A paper leaves in answer to what the printer said last: it was asked for before that.
template <class Paper>
auto papers_asked(const Recording& recording, Paper paper_in) {
    return [&recording, paper_in, jobs = std::uint64_t{0}](std::size_t i) mutable {
        std::vector<PrinterEvent> asked;
        const auto paper = [&](std::size_t at) -> std::optional<Bytes> {
            const bool wrote = at < recording.moments.size() && recording.moments[at].what == PortMoment::wrote;
            return wrote ? paper_in(recording.moments[at].bytes) : std::nullopt;
        };
        const auto is_read = [&](std::size_t at) { return recording.moments[at].what == PortMoment::read; };
        auto found = is_read(i) ? paper(i + 1) : i == 0 || !is_read(i - 1) ? paper(i) : std::nullopt;
        if (found) asked.emplace_back(PrintRequested{PrintJobId{++jobs}, {std::move(*found)}});
        return asked;
    };
}

// The ways that a controller was told to leave free from moment `first` on, in the step of `begun`. Where its words for
// them are the same, one word is an entry's and two are both.
EachWay<bool> freed(const Recording& recording, std::size_t first, Duration begun,
                    const BytesTurnstileOptions& options) {
    EachWay<bool> ways{};
    for (std::size_t i = first; i < recording.moments.size(); ++i) {
        const auto& moment = recording.moments[i];
        if (moment.what != PortMoment::wrote || moment.at > begun + at_once) break;
        const auto way = std::ranges::find_if(both_ways, [&](Direction each) {
            return !ways[way_index(each)] && !moment.bytes.empty() && moment.bytes == options.free[way_index(each)];
        });
        if (way == both_ways.end()) break;
        ways[way_index(*way)] = true;
    }
    return ways;
}

// Answers to its requests do not say what they answer: so it is played from the beginning of a round on.
std::size_t first_round(const Recording& recording) {
    const auto begins = [request = status_request(StatusQuery::printer)](const RecordedMoment& moment) {
        return moment.what == PortMoment::up || (moment.what == PortMoment::wrote && moment.bytes == request);
    };
    const auto found = std::ranges::find_if(recording.moments, begins);
    return static_cast<std::size_t>(found - recording.moments.begin());
}

}  // namespace

std::vector<Replayed> play_scanner(const Recording& recording, ScannerSession session) {
    const auto nothing = [](std::size_t) { return std::vector<ScannerEvent>{}; };
    return play<ScannerEvent>(recording, std::move(session), nothing, after_scanner);
}

std::vector<Replayed> play_words(const Recording& recording, const BytesTurnstileOptions& options) {
    const auto asked = [&, opens = std::uint64_t{0}, holds = ReplayedHolds()](std::size_t i) mutable {
        std::vector<TurnstileEvent> events;
        const auto& moment = recording.moments[i];
        if (moment.what != PortMoment::wrote) return events;
        for (const auto way : both_ways)
            if (moment.bytes == options.open[way_index(way)]) events.emplace_back(OpenRequested{OpenId{++opens}, way});
        // After `close` what stays free is said again; else a word adds to what is free.
        const bool closes = moment.bytes == options.close;
        auto ways = freed(recording, closes ? i + 1 : i, moment.at, options);
        for (const auto way : both_ways)
            ways[way_index(way)] = ways[way_index(way)] || (!closes && holds.held()[way_index(way)]);
        for (const auto& request : holds.change(ways))
            std::visit([&](const auto& each) { events.emplace_back(each); }, request);
        return events;
    };
    return play<TurnstileEvent>(recording, std::variant<BytesTurnstileSession>(BytesTurnstileSession(options)), asked,
                                after_others);
}

// A level that was set may have been a pulse's or a hold's: it is taken for an opening.
std::vector<Replayed> play_lines(const Recording& recording, const GpioTurnstileOptions& options) {
    const auto asked = [&, opens = std::uint64_t{0}, feed = LevelFeed()](std::size_t i) mutable {
        std::vector<TurnstileEvent> events;
        const auto& moment = recording.moments[i];
        if (moment.what != PortMoment::wrote) return events;
        for (const auto& level : feed.take(moment.bytes))
            for (const auto way : both_ways)
                if (level.active && options.open[way_index(way)] == level.line)
                    events.emplace_back(OpenRequested{OpenId{++opens}, way});
        return events;
    };
    return play<TurnstileEvent>(recording, std::variant<GpioTurnstileSession>(GpioTurnstileSession(options)), asked,
                                after_others);
}

std::vector<Replayed> play_printer(const Recording& recording, PrinterSession session) {
    if (std::holds_alternative<EscposSession>(session))
        return play<PrinterEvent>(recording, std::move(session), papers_asked(recording, escpos_paper), after_others,
                                  first_round(recording), Bytes{0x00});  // the marker of its first words
    if (std::holds_alternative<FglSession>(session))
        return play<PrinterEvent>(recording, std::move(session), papers_asked(recording, fgl_paper), after_others);
    return play<PrinterEvent>(recording, std::move(session), papers_asked(recording, zpl_paper), after_others);
}

}  // namespace gatehouse::drivers
