#include "drivers/emulator/arms.hpp"

#include <algorithm>

#include "drivers/emulator/emulated_device.hpp"

namespace gatehouse::drivers::emulator {

namespace {
constexpr std::chrono::milliseconds tailgate_gap{250};
}

std::string_view to_string(Way way) { return way == Way::entry ? "entry" : "exit"; }

Way way_of(const boost::json::object& request) {
    return text_of(request, "direction", "entry") == "exit" ? Way::exit : Way::entry;
}

void Arms::unlock(Way way, Stamp command) {
    arm(way).released = true;
    const auto opening = ++arm(way).opening;
    ++opened_;
    log_.add(command, name_, "open", {{"direction", to_string(way)}});
    later_.after(std::chrono::milliseconds(guests_.open_ms), [this, way, opening] {
        if (arm(way).opening == opening) arm(way).released = false;
    });
    later_.after(std::chrono::milliseconds(guests_.delay_ms), [this, way, opening] { walk(way, opening); });
}

void Arms::hold(Way way, bool held) {
    if (arm(way).held == held) return;
    arm(way).held = held;
    log_.add(stamp_now(), name_, held ? "held" : "released", {{"direction", to_string(way)}});
}

void Arms::walk(Way way, unsigned opening) {
    if (arm(way).opening != opening) return;
    switch (guests_.walk) {
        case WalkPolicy::stay: return;
        case WalkPolicy::turn: pass(way, false); return;
        case WalkPolicy::wrong_way: pass(way == Way::entry ? Way::exit : Way::entry, true); return;
        case WalkPolicy::turn_twice:
            pass(way, false);
            later_.after(std::chrono::milliseconds(guests_.pass_ms) + tailgate_gap, [this, way] { pass(way, true); });
            return;
    }
}

bool Arms::pass(Way way, bool forced) {
    if (!forced && !arm(way).released && !arm(way).held) return false;
    arm(way).released = false;
    ++passed_;
    log_.add(stamp_now(), name_, "passed", {{"direction", to_string(way)}, {"forced", forced}});
    sensor_(way, true);
    later_.after(std::chrono::milliseconds(guests_.pass_ms), [this, way] { sensor_(way, false); });
    return true;
}

void Arms::power_off() {
    later_.forget();
    arms_ = {};
}

bool Arms::set_guests(const boost::json::object& request) {
    const auto policy = walk_policy(text_of(request, "policy", "turn"));
    if (!policy) return false;
    guests_.walk = *policy;
    const auto milliseconds = [&](const char* key, std::uint32_t otherwise) {
        return static_cast<std::uint32_t>(std::clamp<std::int64_t>(number_of(request, key, otherwise), 0, 60'000));
    };
    guests_.delay_ms = milliseconds("delay_ms", guests_.delay_ms);
    guests_.pass_ms = milliseconds("pass_ms", guests_.pass_ms);
    return true;
}

boost::json::object Arms::state() const {
    return {{"opened", opened_}, {"passed", passed_}, {"held_entry", arms_[0].held}, {"held_exit", arms_[1].held}};
}

}  // namespace gatehouse::drivers::emulator
