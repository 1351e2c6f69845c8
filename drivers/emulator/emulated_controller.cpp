#include "drivers/emulator/emulated_controller.hpp"

namespace gatehouse::drivers::emulator {

namespace {

constexpr std::size_t longest_heard = 256;
constexpr unsigned gpio_open_entry = 4;
constexpr unsigned gpio_open_exit = 5;
constexpr unsigned gpio_passed_entry = 14;
constexpr unsigned gpio_passed_exit = 15;

std::uint8_t check_of(ByteView bytes) {
    unsigned check = 0;
    for (const auto byte : bytes) check ^= byte;
    return static_cast<std::uint8_t>(check);
}

Bytes digicon_word(std::uint8_t command) {
    Bytes word{2, 2, 0, command};
    word.push_back(check_of(word));
    return word;
}

Bytes gpio_level(unsigned line, bool active) {
    return {static_cast<std::uint8_t>(line / 256), static_cast<std::uint8_t>(line % 256),
            static_cast<std::uint8_t>(active ? 1 : 0)};
}

}  // namespace

EmulatedController::EmulatedController(boost::asio::io_context& io, ControllerScenario scenario, EventLog& log)
    : scenario_(std::move(scenario)),
      log_(log),
      plug_(make_plug(io, scenario_.plug,
                      {[this](Caller caller, ByteView bytes, Stamp stamp) { hear(caller, bytes, stamp); }, {}})),
      arms_(io, scenario_.name, scenario_.guests, log, [this](Way way, bool active) { sensed(way, active); }),
      faults_(io) {
    plug_->connect();
}

boost::json::object EmulatedController::perform(std::string_view what, const boost::json::object& request) {
    if (what == "pass") return {{"passed", arms_.pass(way_of(request), flag_of(request, "force", false))}};
    if (what == "walk" && !arms_.set_guests(request)) return refusal("policy is turn, stay, turn_twice or wrong_way");
    if (what == "fault" && !faults_.set(request)) return refusal(std::string("kind is ") + answer_fault_kinds);
    if (what == "levels") tell_levels();
    if (what == "unplug") {
        plug_->disconnect();
        heard_.clear();
        lines_.clear();
        faults_.forget();
        arms_.power_off();
    }
    if (what == "plug") plug_->connect();
    for (const std::string_view known : {"walk", "fault", "levels", "unplug", "plug", "state"})
        if (what == known) return state();
    return refusal("a controller knows walk, pass, fault, levels, unplug, plug, state");
}

void EmulatedController::hear(Caller /*caller*/, ByteView bytes, Stamp stamp) {
    command_ = stamp;
    heard_.insert(heard_.end(), bytes.begin(), bytes.end());
    if (faults_.is_deaf_now()) heard_.clear();
    while (!heard_.empty()) {
        std::size_t taken = 0;
        switch (scenario_.words) {
            case ControllerWords::digicon: taken = digicon(); break;
            case ControllerWords::mach_power: taken = mach_power(); break;
            case ControllerWords::gpio: taken = levels(); break;
        }
        if (taken == 0) break;
        heard_.erase(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(taken));
    }
    if (heard_.size() > longest_heard) heard_.clear();
}

std::size_t EmulatedController::digicon() {
    if (heard_[0] != 2) return 1;
    if (heard_.size() < 3) return 0;
    const std::size_t length = heard_[1] + heard_[2] * 256U;
    if (length < 2 || length > 16) return 1;
    if (heard_.size() < 3 + length) return 0;
    const auto word = ByteView(heard_).first(3 + length);
    if (check_of(word.first(2 + length)) != word.back()) return 1;
    const auto command = word[3];
    const auto way = word[length + 1] == 0x41 ? Way::exit : Way::entry;
    send(digicon_word(0x06));
    if (command == 0x48 || command == 0x41) arms_.unlock(way, command_);
    if (command == 0x4c) arms_.hold(way, true);
    if (command == 0x43)
        for (const auto each : {Way::entry, Way::exit}) arms_.hold(each, false);
    return 3 + length;
}

std::size_t EmulatedController::mach_power() {
    if (heard_[0] != 0xeb) return 1;
    if (heard_.size() < 5) return 0;
    if (check_of(ByteView(heard_).first(4)) != heard_[4] || heard_[1] != scenario_.address) return 1;
    if (heard_[2] == 0x40) arms_.unlock(Way::entry, command_);
    if (heard_[2] == 0x41) arms_.unlock(Way::exit, command_);
    if (heard_[2] == 0x42 || heard_[2] == 0x43)
        for (const auto way : {Way::entry, Way::exit}) arms_.hold(way, heard_[2] == 0x42);
    return 5;
}

std::size_t EmulatedController::levels() {
    if (heard_.size() < 3) return 0;
    level(heard_[0] * 256U + heard_[1], heard_[2] == 1);
    return 3;
}

// A relay that goes on unlocks the arm; whether it is a pulse shows only when it goes off.
void EmulatedController::level(unsigned line, bool active) {
    const bool was = std::exchange(lines_[line], active);
    if (was == active || (line != gpio_open_entry && line != gpio_open_exit)) return;
    const auto way = line == gpio_open_entry ? Way::entry : Way::exit;
    if (active)
        arms_.unlock(way, command_);
    else
        log_.add(stamp_now(), scenario_.name, "coil_off", {{"direction", to_string(way)}});
}

void EmulatedController::sensed(Way way, bool active) {
    if (active) log_.add(stamp_now(), scenario_.name, "sensor", {{"direction", to_string(way)}});
    switch (scenario_.words) {
        case ControllerWords::digicon:
            if (active) send(digicon_word(way == Way::entry ? 0x1a : 0x1b));
            return;
        case ControllerWords::mach_power: return;
        case ControllerWords::gpio:
            send(gpio_level(way == Way::entry ? gpio_passed_entry : gpio_passed_exit, active));
            return;
    }
}

// What a chip's port says right after it was opened.
void EmulatedController::tell_levels() {
    for (const unsigned line : {gpio_passed_entry, gpio_passed_exit}) send(gpio_level(line, false));
}

void EmulatedController::send(const Bytes& word) {
    faults_.send(word, [this](const Bytes& bytes) { plug_->send(bytes, std::nullopt); });
}

boost::json::object EmulatedController::state() const {
    auto state = arms_.state();
    state["plugged"] = plug_->is_connected();
    state["address"] = plug_->address();
    state["faults_left"] = faults_.left();
    return state;
}

}  // namespace gatehouse::drivers::emulator
