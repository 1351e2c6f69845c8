#include "drivers/emulator/emulated_turnstile.hpp"

#include <algorithm>
#include <array>

namespace gatehouse::drivers::emulator {

namespace {

constexpr std::array<std::string_view, 2> way_words{"entry", "exit"};
constexpr std::chrono::milliseconds tailgate_gap{250};

}  // namespace

EmulatedTurnstile::EmulatedTurnstile(boost::asio::io_context& io, TurnstileScenario scenario, EventLog& log)
    : scenario_(std::move(scenario)),
      log_(log),
      tcp_(scenario_.plug.link.empty()),
      board_(io, scenario_.board,
             {[this](std::uint8_t coil, bool on) { coil_changed(coil, on); }, [this] { inputs_read(); }}),
      plug_(make_plug(io, scenario_.plug,
                      {[this](Caller caller, ByteView bytes, Stamp stamp) { read(caller, bytes, stamp); },
                       [this](Caller caller) { requests_.erase(caller); }})),
      later_(io),
      faults_(io) {
    plug_->connect();
}

boost::json::object EmulatedTurnstile::perform(std::string_view what, const boost::json::object& request) {
    if (what == "walk") return set_walk(request);
    if (what == "fault") return faults_.set(request) ? state() : refusal(std::string("kind is ") + answer_fault_kinds);
    if (what == "input") return set_input(request);
    if (what == "pass") {
        const auto way = text_of(request, "direction", "entry") == "exit" ? Way::exit : Way::entry;
        return {{"passed", pass(way, flag_of(request, "force", false))}};
    }
    if (what == "unplug") plug_->disconnect();
    if (what == "plug") plug_->connect();
    if (what == "power") {
        if (!flag_of(request, "on", true))
            power_off();
        else
            plug_->connect();
    }
    if (what == "unplug" || what == "plug" || what == "power" || what == "state") return state();
    return refusal("a turnstile knows walk, pass, input, fault, unplug, plug, power, state");
}

void EmulatedTurnstile::read(Caller caller, ByteView bytes, Stamp stamp) {
    auto& requests = requests_.try_emplace(caller, tcp_).first->second;
    requests.append(bytes, stamp);
    while (const auto query = requests.next())
        if (query->unit == scenario_.unit || (tcp_ && query->unit == 0)) answer(caller, *query);
}

void EmulatedTurnstile::answer(Caller caller, const ModbusQuery& query) {
    if (faults_.is_deaf_now()) return;
    command_ = query.first_byte;
    faults_.send(frame_answer(tcp_, query, board_.execute(query.pdu)),
                 [this, caller](const Bytes& frame) { plug_->send(frame, caller); });
}

void EmulatedTurnstile::coil_changed(std::uint8_t coil, bool on) {
    for (const auto way : {Way::entry, Way::exit}) {
        if (coil != coil_of(way)) continue;
        if (on)
            unlocked(way);
        else
            log_.add(stamp_now(), scenario_.name, "coil_off",
                     {{"direction", way_words[static_cast<std::size_t>(way)]}});
    }
}

void EmulatedTurnstile::unlocked(Way way) {
    arm(way).released = true;
    const auto opening = ++arm(way).opening;
    ++opened_;
    log_.add(command_, scenario_.name, "open", {{"direction", way_words[static_cast<std::size_t>(way)]}});
    later_.after(std::chrono::milliseconds(scenario_.open_ms), [this, way, opening] {
        if (arm(way).opening == opening) arm(way).released = false;
    });
    if (scenario_.delay_ms == 0)
        walk(way, opening);
    else
        later_.after(std::chrono::milliseconds(scenario_.delay_ms), [this, way, opening] { walk(way, opening); });
}

void EmulatedTurnstile::walk(Way way, unsigned opening) {
    if (arm(way).opening != opening) return;
    const auto other = way == Way::entry ? Way::exit : Way::entry;
    switch (scenario_.walk) {
        case WalkPolicy::stay: return;
        case WalkPolicy::turn: pass(way, false); return;
        case WalkPolicy::wrong_way: pass(other, true); return;
        case WalkPolicy::turn_twice:
            pass(way, false);
            later_.after(std::chrono::milliseconds(scenario_.pass_ms) + tailgate_gap, [this, way] { pass(way, true); });
            return;
    }
}

// False when the arm is locked and nobody forces it.
bool EmulatedTurnstile::pass(Way way, bool forced) {
    if (!forced && !arm(way).released && !board_.coil(coil_of(way))) return false;
    const auto index = static_cast<std::size_t>(way);
    if (scenario_.pass_ms == 0 && (until_polled_[index] || seen_active_[index])) {
        walks_when_clear_[index] = true;  // nobody passes a sensor that still shows the one before
        return true;
    }
    go_through(way, forced);
    return true;
}

void EmulatedTurnstile::go_through(Way way, bool forced) {
    arm(way).released = false;
    ++passed_;
    log_.add(stamp_now(), scenario_.name, "passed",
             {{"direction", way_words[static_cast<std::size_t>(way)]}, {"forced", forced}});
    sense(way);
}

void EmulatedTurnstile::sense(Way way) {
    board_.set_input(sensor_of(way), true);
    if (scenario_.pass_ms == 0) {
        until_polled_[static_cast<std::size_t>(way)] = true;
        return;
    }
    later_.after(std::chrono::milliseconds(scenario_.pass_ms),
                 [this, way] { board_.set_input(sensor_of(way), false); });
}

void EmulatedTurnstile::inputs_read() {
    for (const auto way : {Way::entry, Way::exit}) {
        const auto index = static_cast<std::size_t>(way);
        seen_active_[index] = board_.input(sensor_of(way));
        if (!seen_active_[index] && std::exchange(walks_when_clear_[index], false)) go_through(way, false);
        if (!seen_active_[index] || !std::exchange(until_polled_[index], false)) continue;
        board_.set_input(sensor_of(way), false);
        log_.add(stamp_now(), scenario_.name, "sensed", {{"direction", way_words[static_cast<std::size_t>(way)]}});
    }
}

void EmulatedTurnstile::power_off() {
    plug_->disconnect();
    later_.forget();
    faults_.forget();
    board_.reset();
    arms_ = {};
    requests_.clear();
}

boost::json::object EmulatedTurnstile::set_walk(const boost::json::object& request) {
    const auto policy = walk_policy(text_of(request, "policy", "turn"));
    if (!policy) return refusal("policy is turn, stay, turn_twice or wrong_way");
    scenario_.walk = *policy;
    scenario_.delay_ms = static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(number_of(request, "delay_ms", scenario_.delay_ms), 0, 60'000));
    scenario_.pass_ms = static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(number_of(request, "pass_ms", scenario_.pass_ms), 0, 60'000));
    return state();
}

boost::json::object EmulatedTurnstile::set_input(const boost::json::object& request) {
    const auto which = text_of(request, "input");
    const bool active = flag_of(request, "active", true);
    if (which == "alarm")
        board_.set_input(scenario_.alarm, active);
    else if (which == "fire")
        board_.set_input(scenario_.fire, active);
    else if (which == "passed_entry")
        board_.set_input(scenario_.passed_entry, active);
    else if (which == "passed_exit")
        board_.set_input(scenario_.passed_exit, active);
    else
        return refusal("input is alarm, fire, passed_entry or passed_exit");
    return state();
}

boost::json::object EmulatedTurnstile::state() const {
    return {{"plugged", plug_->is_connected()},
            {"address", plug_->address()},
            {"coil_entry", board_.coil(scenario_.open_entry)},
            {"coil_exit", board_.coil(scenario_.open_exit)},
            {"opened", opened_},
            {"passed", passed_},
            {"faults_left", faults_.left()}};
}

std::uint8_t EmulatedTurnstile::coil_of(Way way) const {
    return way == Way::entry ? scenario_.open_entry : scenario_.open_exit;
}

std::uint8_t EmulatedTurnstile::sensor_of(Way way) const {
    return way == Way::entry ? scenario_.passed_entry : scenario_.passed_exit;
}

}  // namespace gatehouse::drivers::emulator
