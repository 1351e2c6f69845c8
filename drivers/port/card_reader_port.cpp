#include "drivers/port/card_reader_port.hpp"

#include <winscard.h>

#include <array>
#include <boost/asio/post.hpp>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "drivers/link/feed_codec.hpp"

namespace gatehouse::drivers {

namespace {

constexpr DWORD look_every_ms = 200;
// A thread that only looks for a card ends before that; the program may be about to.
constexpr std::chrono::milliseconds parting{2 * look_every_ms};
constexpr unsigned counter_at = 16;  // in dwEventState: of the cards that came and went

Error trouble(const std::string& what, LONG code) {
    const bool absent = code == SCARD_E_NO_SERVICE || code == SCARD_E_NO_READERS_AVAILABLE;
    return fail(absent ? ErrorCode::not_found : ErrorCode::io, what + ": " + pcsc_stringify_error(code));
}

class Context {
public:
    [[nodiscard]] LONG establish() {
        const LONG code = SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context_);
        established_ = code == SCARD_S_SUCCESS;
        return code;
    }
    Context() = default;
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    ~Context() {
        if (established_) SCardReleaseContext(context_);
    }
    [[nodiscard]] SCARDCONTEXT get() const { return context_; }

private:
    SCARDCONTEXT context_{};
    bool established_ = false;
};

// The first reader whose name begins as wanted.
Result<std::string> find_reader(SCARDCONTEXT context, const std::string& wanted) {
    DWORD length = 0;
    if (const LONG code = SCardListReaders(context, nullptr, nullptr, &length); code != SCARD_S_SUCCESS)
        return trouble("card reader", code);
    std::string names(length, '\0');
    if (const LONG code = SCardListReaders(context, nullptr, names.data(), &length); code != SCARD_S_SUCCESS)
        return trouble("card reader", code);
    for (std::size_t at = 0; at < names.size() && names[at] != '\0';) {
        const std::string name(names.c_str() + at);
        if (name.starts_with(wanted)) return name;
        at += name.size() + 1;
    }
    return fail(ErrorCode::not_found, "card reader \"" + wanted + "\" is not plugged in");
}

}  // namespace

// What the two threads share. After `closed` is set nothing is posted any more.
struct CardReaderPort::Shared : std::enable_shared_from_this<Shared> {
    explicit Shared(boost::asio::io_context& with, PortEvents to)
        : io(with), events(std::make_shared<const PortEvents>(std::move(to))) {}

    // From the reader's thread: later, on the port's thread, unless the port was closed by then.
    template <class Call>
    void post(Call call) {
        const std::lock_guard held(mutex);
        if (closed) return;
        boost::asio::post(io, [self = shared_from_this(), call = std::move(call)] {
            {
                const std::lock_guard again(self->mutex);
                if (self->closed) return;
            }
            call(*self);
        });
    }
    void send(CardTag tag, ByteView data) {
        {
            const std::lock_guard held(mutex);
            ++untold;
        }
        post([bytes = encode(CardMessage{tag, Bytes(data.begin(), data.end())})](Shared& self) {
            const auto told = self.events;  // it may close the port
            told->read(bytes);
            const std::lock_guard held(self.mutex);
            --self.untold;
            self.changed.notify_all();
        });
    }
    void lose(Error error) {
        post([error = std::move(error)](Shared& self) {
            {
                const std::lock_guard held(self.mutex);
                self.closed = true;
            }
            const auto told = std::exchange(self.events, nullptr);
            told->closed(error);
        });
    }
    [[nodiscard]] bool is_closed() {
        const std::lock_guard held(mutex);
        return closed;
    }

    void end() {
        const std::lock_guard held(mutex);
        ended = true;
        changed.notify_all();
    }
    void await_end() {
        std::unique_lock held(mutex);
        changed.wait_for(held, parting, [this] { return ended; });
    }

    // None when the machine was told everything and had nothing to say to it: it speaks while it is told.
    std::optional<Bytes> next_command() {
        std::unique_lock held(mutex);
        changed.wait(held, [this] { return closed || !commands.empty() || untold == 0; });
        if (closed || commands.empty()) return std::nullopt;
        auto command = std::move(commands.front());
        commands.pop_front();
        return command;
    }

    // Those for a card that has left.
    void forget_commands() {
        const std::lock_guard held(mutex);
        commands.clear();
    }

    void run(const std::string& wanted);
    std::optional<Error> follow(SCARDCONTEXT context, SCARD_READERSTATE& state);
    void converse(SCARDCONTEXT context, const char* reader);

    boost::asio::io_context& io;
    std::shared_ptr<const PortEvents> events;  // the port's thread only, and let go of there
    std::mutex mutex;
    std::condition_variable changed;
    bool closed = false;
    bool ended = false;  // the reader's thread is done with this
    CardFeed outgoing;   // the port's thread only
    std::deque<Bytes> commands;
    unsigned untold = 0;  // messages that the machine has not been told yet
};

// The answers of one card, until no command comes any more. What fails is answered with nothing: an empty response.
void CardReaderPort::Shared::converse(SCARDCONTEXT context, const char* reader) {
    SCARDHANDLE card{};
    DWORD protocol = 0;
    const bool connected = SCardConnect(context, reader, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
                                        &card, &protocol) == SCARD_S_SUCCESS;
    while (const auto command = next_command()) {
        std::array<std::uint8_t, largest_card_message> response;
        DWORD length = response.size();
        const auto* const framing = protocol == SCARD_PROTOCOL_T1 ? SCARD_PCI_T1 : SCARD_PCI_T0;
        const bool answered =
            connected && SCardTransmit(card, framing, command->data(), static_cast<DWORD>(command->size()), nullptr,
                                       response.data(), &length) == SCARD_S_SUCCESS;
        send(CardTag::answered, ByteView(response.data(), answered ? length : 0));
        if (!answered) break;
    }
    if (connected) SCardDisconnect(card, SCARD_LEAVE_CARD);
}

std::optional<Error> CardReaderPort::Shared::follow(SCARDCONTEXT context, SCARD_READERSTATE& state) {
    bool present = false;
    DWORD counted = 0;
    while (!is_closed()) {
        const LONG code = SCardGetStatusChange(context, look_every_ms, &state, 1);
        if (code == SCARD_E_TIMEOUT) continue;
        if (code != SCARD_S_SUCCESS) return trouble(state.szReader, code);
        state.dwCurrentState = state.dwEventState;
        if ((state.dwEventState & (SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE)) != 0)
            return fail(ErrorCode::io, std::string(state.szReader) + ": the device is gone");
        // Two cards may have changed places since the last look: then the counter tells.
        const DWORD counter = state.dwEventState >> counter_at;
        const bool other = counter != std::exchange(counted, counter);
        const bool was = std::exchange(present, (state.dwEventState & SCARD_STATE_PRESENT) != 0);
        if (was && (!present || other)) send(CardTag::left, {});
        if (!present || (was && !other)) continue;
        forget_commands();
        send(CardTag::arrived, ByteView(state.rgbAtr, state.cbAtr));
        converse(context, state.szReader);
    }
    return std::nullopt;
}

void CardReaderPort::Shared::run(const std::string& wanted) {
    Context context;
    if (const LONG code = context.establish(); code != SCARD_S_SUCCESS) return lose(trouble("pcscd", code));
    const auto reader = find_reader(context.get(), wanted);
    if (!reader) return lose(reader.error());
    post([](Shared& self) {
        const auto told = self.events;
        told->opened();
    });
    SCARD_READERSTATE state{};
    state.szReader = reader->c_str();
    state.dwCurrentState = SCARD_STATE_UNAWARE;
    if (auto error = follow(context.get(), state)) lose(std::move(*error));
}

CardReaderPort::CardReaderPort(boost::asio::io_context& io, CardReaderSettings settings)
    : io_(io), settings_(std::move(settings)), calls_(io) {}

CardReaderPort::~CardReaderPort() {
    CardReaderPort::close();
    if (last_) last_->await_end();
}

void CardReaderPort::open(PortEvents events) {
    close();
    shared_ = std::make_shared<Shared>(io_, std::move(events));
    last_ = shared_;
    calls_.ask([shared = shared_, reader = settings_.reader] {
        if (!shared->is_closed()) shared->run(reader);
        shared->end();
    });
}

void CardReaderPort::write(ByteView bytes, Duration) {
    if (!shared_) return;
    const std::lock_guard held(shared_->mutex);
    for (auto& message : shared_->outgoing.take(bytes))
        if (message.tag == CardTag::transmit) shared_->commands.push_back(std::move(message.data));
    shared_->changed.notify_all();
}

void CardReaderPort::close() {
    if (!shared_) return;
    const auto shared = std::exchange(shared_, nullptr);
    {
        const std::lock_guard held(shared->mutex);
        shared->closed = true;
    }
    shared->changed.notify_all();
    shared->events.reset();
}

}  // namespace gatehouse::drivers
