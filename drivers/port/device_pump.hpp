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
#include <optional>
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

constexpr std::size_t longest_sign_text = 32;  // OSDP's displays

class ScannerPump {
public:
    struct Handler {
        std::function<void(const ReportScan&)> scanned;
        std::function<void(const ReportForeseen&)> foreseen;         // may be empty
        std::function<void(const ReportDropped&)> dropped;           // may be empty
        std::function<void(const LinkState&)> link;                  // may be empty
        std::function<void(const ReportAnswering&)> answering{};     // may be empty
        std::function<void(const ReportReaderTrouble&)> troubled{};  // may be empty; only while its link is up
    };
    // Where scans come from: a port of its own, or a line that several devices share.
    class Source {
    public:
        virtual ~Source() = default;
        virtual void show(VerdictSign sign, const std::string& text) = 0;
        [[nodiscard]] virtual const LinkState& link() const = 0;
        [[nodiscard]] virtual Instant last_read() const = 0;
    };
    ScannerPump(boost::asio::io_context& io, ScannerSetup setup, Handler handler);
    explicit ScannerPump(std::unique_ptr<Source> source) : source_(std::move(source)) {}
    // Beeps and lights, and `text` on a display, where it has any: printable ASCII, at most longest_sign_text.
    void show(VerdictSign sign, const std::string& text = {}) { source_->show(sign, text); }
    [[nodiscard]] const LinkState& link() const { return source_->link(); }
    [[nodiscard]] Instant last_read() const { return source_->last_read(); }  // when the port last gave bytes

private:
    std::unique_ptr<Source> source_;
};

class TurnstilePump {
public:
    struct Handler {
        std::function<void(const TurnstileEffect&)> reported;  // the Report… alternatives only
        std::function<void(const LinkState&)> link;            // may be empty
    };
    // What carries requests to the turnstile's machine: a line shared with others, or a port of its own.
    class Wire {
    public:
        virtual ~Wire() = default;
        virtual void ask(const GateRequest& request) = 0;
        [[nodiscard]] virtual const LinkState& link() const = 0;
        [[nodiscard]] virtual std::optional<Instant> last_answer() const { return std::nullopt; }
    };
    // Alone on its line.
    TurnstilePump(boost::asio::io_context& io, const TurnstileSetup& setup, Handler handler);
    explicit TurnstilePump(std::unique_ptr<Wire> wire) : wire_(std::move(wire)) {}
    void open(OpenId id, Direction direction) { wire_->ask(OpenRequested{id, direction}); }
    void hold_open(Hold hold, std::optional<Direction> direction = std::nullopt) {
        wire_->ask(HoldOpenRequested{hold, direction});
    }
    void release(Hold hold) { wire_->ask(ReleaseRequested{hold}); }
    // When the device last answered: while it is online it is asked all the time. Nothing where it cannot be asked.
    [[nodiscard]] std::optional<Instant> last_answer() const { return wire_->last_answer(); }
    [[nodiscard]] const LinkState& link() const { return wire_->link(); }

private:
    std::unique_ptr<Wire> wire_;
};

// Devices that share a port, a [[bus]]: those of equal port get one line. Add all before the io_context runs. A line
// stays open as long as one of its pumps lives.
class TurnstileLines {
public:
    explicit TurnstileLines(boost::asio::io_context& io);
    ~TurnstileLines();
    // Fails with ErrorCode::config when the port is shared with other settings, or when the unit is taken.
    [[nodiscard]] Result<std::unique_ptr<TurnstilePump>> add(const TurnstileSetup& setup,
                                                             TurnstilePump::Handler handler);
    // Its `link` tells whether the device itself answers, not whether the port is open.
    [[nodiscard]] Result<std::unique_ptr<ScannerPump>> add_reader(const CardReaderSetup& setup,
                                                                  ScannerPump::Handler handler);

private:
    struct Shared;
    boost::asio::io_context& io_;
    std::unique_ptr<Shared> shared_;
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
    // One without would feed paper for a drawer_paper().
    [[nodiscard]] bool has_drawer() const;
    [[nodiscard]] const LinkState& link() const;

private:
    struct Loop;
    PrinterStyle style_;
    std::shared_ptr<Loop> loop_;
};

}  // namespace gatehouse::drivers
