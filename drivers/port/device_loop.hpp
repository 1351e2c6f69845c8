// The loop that all pumps share: one machine, one port, one timer.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "drivers/link/reopen_session.hpp"
#include "drivers/port/boot_clock.hpp"
#include "drivers/port/device_pump.hpp"
#include "drivers/port/hot_plug.hpp"
#include "drivers/port/port.hpp"
#include "schemas/crypto/wipe.hpp"

namespace gatehouse::drivers {

// Why a port closed, from its last words.
[[nodiscard]] LinkTrouble trouble_of(const Error& error, bool network, bool was_up);

// `Session` is a variant of machines with step(Event, Instant) and deadline(). Lives in a shared_ptr; stop() before
// letting go of it.
template <class Session, class Event, class Effect>
class DeviceLoop : public std::enable_shared_from_this<DeviceLoop<Session, Event, Effect>> {
public:
    using Report = std::function<void(const Effect&)>;
    using LinkHandler = std::function<void(const LinkState&)>;

    DeviceLoop(boost::asio::io_context& io, const PortSettings& port, Session session, Report report, LinkHandler link)
        : io_(io),
          timer_(io),
          network_(std::holds_alternative<TcpSettings>(port)),
          port_(make_port(io, port)),
          session_(std::move(session)),
          report_(std::move(report)),
          on_link_(std::move(link)) {}

    void start() {
        boost::asio::post(io_, [weak = this->weak_from_this()] {
            if (const auto self = weak.lock(); self && !self->stopped_) self->reopen(ReopenStarted{});
        });
        plugged_in_ = HotPlug::of(io_).listen([weak = this->weak_from_this()] {
            if (const auto self = weak.lock(); self && !self->stopped_) self->reopen(DeviceAppeared{});
        });
    }

    void stop() {
        stopped_ = true;
        plugged_in_.reset();
        timer_.cancel();
        port_->close();
        report_ = {};
        on_link_ = {};
    }

    // Writes leave before any report is handed out, and reports keep their order when a handler asks for more.
    void step(const Event& event) {
        const auto effects = std::visit([&event](auto& machine) { return machine.step(event, boot_now()); }, session_);
        for (const auto& effect : effects) {
            if (const auto* write = std::get_if<WriteBytes>(&effect))
                port_->write(write->bytes, write_patience);
            else
                reports_.push_back(effect);
        }
        deliver();
        arm();
    }

    [[nodiscard]] const LinkState& link() const { return link_; }
    [[nodiscard]] Instant last_read() const { return last_read_; }
    [[nodiscard]] Session& session() { return session_; }

private:
    // A machine that is told how its writing goes says by itself when that takes too long: for paper it waits as long
    // as a person takes.
    static constexpr bool judges_writes = std::is_constructible_v<Event, WriteProgressed>;
    static constexpr Duration write_patience = judges_writes ? without_limit : Duration(std::chrono::seconds(3));

    void deliver() {
        if (delivering_) return;
        delivering_ = true;
        while (!reports_.empty() && !stopped_) {
            const auto effect = std::move(reports_.front());
            reports_.pop_front();
            if (std::holds_alternative<HangUp>(effect))
                reopen(HangUpRequested{});
            else
                report_(effect);
        }
        delivering_ = false;
    }

    void reopen(const ReopenEvent& event) {
        for (const auto effect : reopen_.step(event, boot_now())) {
            switch (effect) {
                case ReopenEffect::open_port: open_port(); break;
                case ReopenEffect::close_port:
                    port_->close();
                    went_down({false, "hung up: the device does not answer", LinkTrouble::silent});
                    break;
            }
        }
        arm();
    }

    void open_port() {
        port_->open({
            .opened =
                [this] {
                    reopen(PortOpened{});
                    link_ = {true, "", LinkTrouble::none};
                    if (on_link_) on_link_(link_);
                    step(LinkUp{});
                },
            .read =
                [this](ByteView bytes) {
                    last_read_ = boot_now();
                    Event read = BytesRead{{bytes.begin(), bytes.end()}};
                    step(read);
                    gatehouse::wipe(std::get<BytesRead>(read).bytes);  // as the port wipes its own
                },
            .closed =
                [this](const Error& error) {
                    reopen(PortClosed{});
                    went_down({false, error.detail, trouble_of(error, network_, link_.up)});
                },
            .printer_status =
                [this](const PrinterStatusRead& status) {
                    if constexpr (std::is_constructible_v<Event, PrinterStatusRead>) step(status);
                },
            .write_progressed =
                [this](const WriteProgressed& progress) {
                    if constexpr (judges_writes) step(progress);
                },
        });
    }

    void went_down(LinkState state) {
        link_ = std::move(state);
        if (on_link_) on_link_(link_);
        step(LinkDown{});
    }

    [[nodiscard]] std::optional<Instant> due() const {
        const auto machine = std::visit([](const auto& each) { return each.deadline(); }, session_);
        const auto opening = reopen_.deadline();
        if (!machine || !opening) return machine ? machine : opening;
        return std::min(*machine, *opening);
    }

    // A timer that is set earlier than needed is left alone: it finds nothing to do and is set again.
    void arm() {
        const auto next = due();
        if (stopped_ || !next || (armed_ && *armed_ <= *next)) return;
        armed_ = next;
        timer_.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(*next - boot_now()));
        timer_.async_wait([weak = this->weak_from_this()](const boost::system::error_code& error) {
            const auto self = weak.lock();
            if (!self || error || self->stopped_) return;
            self->armed_.reset();
            self->tick();
        });
    }

    void tick() {
        const auto now = boot_now();
        if (const auto opening = reopen_.deadline(); opening && *opening <= now) reopen(ReopenTicked{});
        const auto machine = std::visit([](const auto& each) { return each.deadline(); }, session_);
        if (machine && *machine <= now) step(Ticked{});
        arm();
    }

    boost::asio::io_context& io_;
    boost::asio::steady_timer timer_;
    bool network_;
    std::unique_ptr<Port> port_;
    Session session_;
    ReopenSession reopen_;
    std::shared_ptr<void> plugged_in_;
    Report report_;
    LinkHandler on_link_;
    LinkState link_{false, "not opened yet", LinkTrouble::none};
    std::deque<Effect> reports_;
    std::optional<Instant> armed_;
    Instant last_read_{};
    bool delivering_ = false;
    bool stopped_ = false;
};

}  // namespace gatehouse::drivers
