// The loops that join one device machine with one port: they carry effects out and decide nothing.
//
// All on the thread of the io_context. A pump opens its port by itself when it is made and again whenever it is lost,
// with a growing pause of at most two seconds; destroying it closes the port and ends all callbacks. Handlers are
// called from the io_context or from inside open(), hold_open(), release(), print(); they may call the pump back but
// not destroy it. What is asked of a pump right after it was made comes before the link: hold_open() for a latch that
// is set at start-up keeps the driver from switching everything off first.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "drivers/catalog/catalog.hpp"

namespace boost::asio {
class io_context;
}

namespace gatehouse::drivers {

// Why a link is down, in a word: what to do about it depends on that.
enum class LinkTrouble : std::uint8_t {
    none,
    absent,       // nothing is plugged in where the configuration says
    denied,       // this process may not open it
    busy,         // somebody else has it, or it takes no bytes
    unreachable,  // no answer from the network
    lost,         // it was there, and went
    silent,       // it is there and does not answer
};
[[nodiscard]] std::string_view to_string(LinkTrouble trouble);

// The link's last word, for status pages. `error` is empty while it is up.
struct LinkState {
    bool up = false;
    std::string error;
    LinkTrouble trouble = LinkTrouble::none;
};

class ScannerPump {
public:
    struct Handler {
        std::function<void(const ReportScan&)> scanned;
        std::function<void(const ReportForeseen&)> foreseen;      // may be empty
        std::function<void(const ReportDropped&)> dropped;        // may be empty
        std::function<void(const LinkState&)> link;               // may be empty
        std::function<void(const ReportAnswering&)> answering{};  // may be empty
    };
    ScannerPump(boost::asio::io_context& io, ScannerSetup setup, Handler handler);
    ~ScannerPump();
    void show(VerdictSign sign);  // beeps and lights, where it has any
    [[nodiscard]] const LinkState& link() const;
    [[nodiscard]] Instant last_read() const;  // when the port last gave bytes

private:
    struct Loop;
    std::shared_ptr<Loop> loop_;
};

class TurnstilePump {
public:
    struct Handler {
        std::function<void(const TurnstileEffect&)> reported;  // the Report… alternatives only
        std::function<void(const LinkState&)> link;            // may be empty
    };
    // Alone on its line.
    TurnstilePump(boost::asio::io_context& io, const TurnstileSetup& setup, Handler handler);
    ~TurnstilePump();
    void open(OpenId id, Direction direction);
    void hold_open(Hold hold, std::optional<Direction> direction = std::nullopt);
    void release(Hold hold);
    [[nodiscard]] const LinkState& link() const;

private:
    friend class TurnstileLines;
    class Line;
    TurnstilePump(std::shared_ptr<Line> line, const TurnstileSetup& setup, Handler handler);

    std::shared_ptr<Line> line_;
    std::uint32_t position_ = 0;
};

// Turnstiles that share a serial port, a [[bus]]: those of equal port get one line. Add all before the io_context runs.
class TurnstileLines {
public:
    explicit TurnstileLines(boost::asio::io_context& io) : io_(io) {}
    // Keeps the line open as long as one of its pumps lives. Fails with ErrorCode::config when the port is shared with
    // other settings, or when the unit is taken.
    [[nodiscard]] Result<std::unique_ptr<TurnstilePump>> add(const TurnstileSetup& setup,
                                                             TurnstilePump::Handler handler);

private:
    struct Shared {
        PortSettings port;
        std::weak_ptr<TurnstilePump::Line> line;
    };
    boost::asio::io_context& io_;
    std::vector<Shared> lines_;
};

class PrinterPump {
public:
    struct Handler {
        std::function<void(const PrinterEffect&)> reported;  // the Report… alternatives only
        std::function<void(const LinkState&)> link;          // may be empty
    };
    PrinterPump(boost::asio::io_context& io, PrinterSetup setup, Handler handler);
    ~PrinterPump();
    // Fails as encode_paper() does, and then nothing is printed and nothing will be reported.
    [[nodiscard]] Result<void> print(PrintJobId id, const std::vector<TicketPaper>& papers);
    void cancel(PrintJobId id);
    [[nodiscard]] const LinkState& link() const;

private:
    struct Loop;
    EscposStyle style_;
    std::shared_ptr<Loop> loop_;
};

}  // namespace gatehouse::drivers
