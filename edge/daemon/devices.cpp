#include "edge/daemon/devices.hpp"

#include <algorithm>

#include "drivers/catalog/replay.hpp"
#include "drivers/port/recordings.hpp"
#include "edge/daemon/display_words.hpp"
#include "schemas/base/check.hpp"
#include "schemas/base/match.hpp"
#include "sync/link/log.hpp"

namespace gatehouse::edge {

namespace {

// A key of its own, so that a digest says nothing about PINs.
MacKey card_key(const Pepper& pepper) { return hmac(pepper, view_of("gatehouse id-card v1")); }

drivers::VerdictSign sign_of(Signal signal) {
    switch (signal) {
        case Signal::welcome: return drivers::VerdictSign::welcome;
        case Signal::attention:
        case Signal::busy: return drivers::VerdictSign::attention;
        case Signal::refused: return drivers::VerdictSign::refused;
        case Signal::alarm: return drivers::VerdictSign::alarm;
    }
    return drivers::VerdictSign::refused;
}

constexpr std::string_view silent = "silent";

}  // namespace

Devices::Devices(boost::asio::io_context& io, const Settings& settings, const Pepper& pepper, bool latched,
                 Handler handler)
    : io_(io),
      handler_(std::move(handler)),
      card_key_(card_key(pepper)),
      recordings_(settings.data_dir / "recordings"),
      lines_(io),
      tests_(io) {
    for (const LaneSettings& lane : settings.lanes) lane_scanners_[lane.name] = lane.scanners;
    for (const DeviceSettings& device : settings.devices) {
        const auto wanted = driver_settings(settings, device);
        settings_[device.name] = wanted;
        const auto family = drivers::family_of(wanted);
        check(family.has_value(), "checked settings name known drivers");
        views_[device.name] = {
            device.name, device.driver, std::string{drivers::to_string(*family)}, DeviceState::offline, "", {}, "", "",
            {}};
        handler_.shown(views_[device.name]);
        switch (*family) {
            case drivers::Family::scanner: add_scanner(io, device.name, wanted); break;
            case drivers::Family::turnstile: add_turnstile(device.name, wanted, latched); break;
            case drivers::Family::printer: add_printer(io, device.name, wanted); break;
        }
    }
}

Devices::~Devices() {
    for (const auto& [name, settings] : settings_) (void)stop_recording(name);
}

Result<std::unique_ptr<drivers::ScannerPump>> Devices::scanner(boost::asio::io_context& io,
                                                               const drivers::DeviceSettings& settings,
                                                               drivers::ScannerPump::Handler handler) const {
    auto setup = drivers::make_scanner(settings);
    if (!setup) return setup.error();
    if (auto* reader = std::get_if<drivers::IdCardSession>(&setup->session)) reader->use_key(card_key_);
    return std::make_unique<drivers::ScannerPump>(io, std::move(*setup), std::move(handler));
}

Result<std::unique_ptr<drivers::ScannerPump>> Devices::card_reader(const drivers::DeviceSettings& settings,
                                                                   drivers::ScannerPump::Handler handler) {
    const auto setup = drivers::make_card_reader(settings);
    if (!setup) return setup.error();
    return lines_.add_reader(*setup, std::move(handler));
}

void Devices::add_scanner(boost::asio::io_context& io, const DeviceName& name,
                          const drivers::DeviceSettings& settings) {
    drivers::ScannerPump::Handler handler;
    handler.scanned = [this, name](const drivers::ReportScan& scan) { scanned(name, scan); };
    handler.foreseen = [this, name](const drivers::ReportForeseen& seen) {
        handler_.reported(ScanForeseen{name, seen.text});
    };
    handler.answering = [this, name](const drivers::ReportAnswering& said) { answering(name, said.answers); };
    handler.troubled = [this, name](const drivers::ReportReaderTrouble& said) { troubled(name, said.trouble); };
    handler.dropped = [this, name](const drivers::ReportDropped& dropped) {
        const bool again = dropped.reason == drivers::DropReason::repeated;
        count(name, again ? drivers::DeviceCount::repeated : drivers::DeviceCount::dropped);
        log::debug("scanner {}: dropped a scan: {}", name.value, drivers::to_string(dropped.reason));
    };
    handler.link = [this, name](const drivers::LinkState& link) { link_changed(name, link, true); };
    auto pump = drivers::shares_line(settings) ? card_reader(settings, std::move(handler))
                                               : scanner(io, settings, std::move(handler));
    check(pump.has_value(), "checked settings make a scanner, and share a bus as they may");
    scanners_[name] = std::move(*pump);
}

void Devices::add_turnstile(const DeviceName& name, const drivers::DeviceSettings& settings, bool latched) {
    auto setup = drivers::make_turnstile(settings);
    check(setup.has_value(), "checked settings make a turnstile");
    drivers::TurnstilePump::Handler handler;
    handler.reported = [this, name](const drivers::TurnstileEffect& effect) { turnstile_reported(name, effect); };
    handler.link = [this, name](const drivers::LinkState& link) {
        if (link.up) return;  // told once it answers: ReportOnline
        conditions_[name].link_lost();
        link_changed(name, link, false);
    };
    auto added = lines_.add(*setup, std::move(handler));
    check(added.has_value(), "checked settings share a bus as they may");
    auto& pump = turnstiles_[name] = std::move(*added);
    if (latched) pump->hold_open(drivers::Hold::emergency);
}

void Devices::add_printer(boost::asio::io_context& io, const DeviceName& name,
                          const drivers::DeviceSettings& settings) {
    auto setup = drivers::make_printer(settings);
    check(setup.has_value(), "checked settings make a printer");
    drivers::PrinterPump::Handler handler;
    handler.reported = [this, name](const drivers::PrinterEffect& effect) { printer_reported(name, effect); };
    handler.link = [this, name](const drivers::LinkState& link) {
        if (!link.up) link_changed(name, link, false);  // the session reports its own state
    };
    printers_[name] = std::make_unique<drivers::PrinterPump>(io, std::move(*setup), std::move(handler));
}

void Devices::open(const OpenBarrier& effect) {
    asked_[effect.turnstile] = boot_now();
    turnstiles_.at(effect.turnstile)->open(effect.id, effect.direction);
}
void Devices::hold_open(const HoldOpen& effect) {
    turnstiles_.at(effect.turnstile)->hold_open(effect.hold, effect.direction);
}
void Devices::release(const ReleaseBarrier& effect) { turnstiles_.at(effect.turnstile)->release(effect.hold); }

void Devices::print(const PrintTickets& effect) {
    const drivers::PrintJobId id{next_job_++};
    jobs_[id] = effect.job;
    const auto found = printers_.find(effect.printer);
    if (found == printers_.end()) {
        log::warning("job {}: printer {} is not configured any more", to_string(effect.job), effect.printer.value);
        job_ended(id, drivers::ReportNotPrinted{id, drivers::NotPrintedReason::cancelled});
        return;
    }
    asked_[effect.printer] = boot_now();
    if (const auto started = found->second->print(id, effect.papers); !started) {
        log::error("job {}: cannot be printed: {}", to_string(effect.job), started.error().detail);
        job_ended(id, drivers::ReportNotPrinted{id, drivers::NotPrintedReason::cancelled});
    }
}

void Devices::open_drawer(const OpenDrawer& effect) {
    const auto found = printers_.find(effect.printer);
    if (found == printers_.end() || !found->second->has_drawer()) return;
    if (const DeviceView& view = views_.at(effect.printer); view.state != DeviceState::online)
        return log::warning("printer {}: its drawer stays closed: {}", effect.printer.value, view.last_error);
    const drivers::PrintJobId id{next_job_++};
    drawers_.insert(id);
    if (const auto started = found->second->print(id, {drivers::drawer_paper()}); !started) drawers_.erase(id);
}

void Devices::job_ended(drivers::PrintJobId id, PrintReport report) {
    if (tests_.ended(id, report)) return;
    const auto job = jobs_.extract(id);
    if (!job.empty()) handler_.reported(PrintEnded{job.mapped(), report});
}

void Devices::scanned(const DeviceName& name, const drivers::ReportScan& scan) {
    count(name, drivers::DeviceCount::scans);
    asked_[name] = boot_now();
    handler_.reported(ScanRead{name, scan.text, scanners_.at(name)->last_read()});
}

void Devices::answering(const DeviceName& name, bool answers) {
    if (answers) return link_changed(name, {true, "", drivers::LinkTrouble::none}, true);
    log::warning("device {}: does not answer", name.value);
    faulted(name, "the device does not answer", std::string(silent));
}

// It goes on reading: what it reads still counts.
void Devices::troubled(const DeviceName& name, drivers::ReaderTrouble trouble) {
    if (trouble == drivers::ReaderTrouble::none)
        return link_changed(name, {true, "", drivers::LinkTrouble::none}, true);
    const std::string word{to_string(trouble)};
    log::warning("device {}: {}", name.value, word);
    faulted(name, word, word);
}

void Devices::faulted(const DeviceName& name, std::string reason, std::string trouble) {
    count(name, drivers::DeviceCount::faults);
    show(name, DeviceState::fault, std::move(reason), trouble);
    handler_.reported(DeviceReported{name, DeviceState::fault, std::move(trouble)});
}

void Devices::answered(const DeviceName& name) {
    const auto asked = asked_.extract(name);
    if (!asked.empty()) views_.at(name).health.answers.add(boot_now() - asked.mapped());
}

void Devices::show(const ShowVerdict& effect) {
    const auto found = lane_scanners_.find(effect.lane);
    if (found == lane_scanners_.end()) return;
    const auto owes = [this](const DeviceName& name) { return asked_.contains(name); };
    const bool read = std::ranges::any_of(found->second, owes);
    for (const DeviceName& name : found->second) {
        if (read && !owes(name)) continue;
        answered(name);
        scanners_.at(name)->show(sign_of(effect.signal), display_words(effect));
    }
}

void Devices::show_all() {
    for (auto& [name, view] : views_) {
        view.recording = recording_of(name);
        handler_.shown(view);
    }
}

void Devices::obey(const InstructDevice& order, std::function<void(Result<DeviceReply>)> answered) {
    if (!views_.contains(order.device))
        return answered(fail(ErrorCode::not_found, "there is no device " + order.device.value));
    switch (order.order) {
        case DeviceOrder::test: return test(order, std::move(answered));
        case DeviceOrder::record: return answered(record(order.device));
        case DeviceOrder::stop_recording: {
            auto ended = stop_recording(order.device);
            show_all();
            return answered(std::move(ended));
        }
    }
}

void Devices::test(const InstructDevice& order, std::function<void(Result<DeviceReply>)> answered) {
    const DeviceName& name = order.device;
    const DeviceView& view = views_.at(name);
    if (view.state != DeviceState::online)
        return answered(fail(ErrorCode::unavailable, name.value + ": " + view.last_error));
    DeviceTests::Answered tested = [answered = std::move(answered)](Result<TestOutcome> outcome) {
        answered(outcome ? Result<DeviceReply>{DeviceReply{*outcome, {}}} : outcome.error());
    };
    if (const auto scanner = scanners_.find(name); scanner != scanners_.end()) {
        scanner->second->show(drivers::VerdictSign::attention);
        return tested(TestOutcome::shown);
    }
    if (printers_.contains(name)) return test_print(order, std::move(tested));
    const drivers::TurnstilePump* const turnstile = turnstiles_.at(name).get();
    tests_.wait_for_look(name, [turnstile] { return turnstile->last_answer(); }, std::move(tested));
}

void Devices::test_print(const InstructDevice& order, DeviceTests::Answered answered) {
    const drivers::PrintJobId id{next_job_++};
    drivers::PrinterPump* const printer = printers_.at(order.device).get();
    tests_.wait_for_paper(id, [printer, id] { printer->cancel(id); }, answered);
    asked_[order.device] = boot_now();
    if (const auto started = printer->print(id, {order.paper}); !started) {
        log::error("printer {}: the test paper cannot be printed: {}", order.device.value, started.error().detail);
        asked_.erase(order.device);
        (void)tests_.ended(id, drivers::ReportNotPrinted{id, drivers::NotPrintedReason::cancelled});
    }
}

Result<DeviceReply> Devices::record(const DeviceName& name) {
    const auto& settings = settings_.at(name);
    if (settings.driver == "id-card")
        return fail(ErrorCode::forbidden, name.value + ": what an identity card's reader says is never kept");
    const auto address = drivers::address_of(settings);
    if (!address) return fail(ErrorCode::not_found, name.value + ": has no port of its own");
    auto& recordings = drivers::Recordings::of(io_);
    if (auto now = recordings.running(*address)) return DeviceReply{std::nullopt, std::move(now->file), true};
    std::error_code error;
    std::filesystem::create_directories(recordings_, error);
    std::filesystem::permissions(recordings_, std::filesystem::perms::owner_all, error);
    const auto began = std::chrono::duration_cast<std::chrono::milliseconds>(boot_now().time_since_epoch()).count();
    const auto file = recordings_ / (name.value + '-' + std::to_string(began) + ".rec");
    auto header = drivers::header_of(settings);
    auto& port = header["port"] = *address;  // for people; a path may have a line's end in it
    std::ranges::replace(port, '\n', '?');
    const auto ended = [this, name](const drivers::Recordings::Running& over, bool full) {
        log::warning("device {}: its recording ended: {} {}", name.value, over.file,
                     full ? "is as large as one may be" : "cannot be written");
        show_all();
    };
    if (const auto begun = recordings.start(*address, file.string(), header, ended); !begun) return begun.error();
    log::info("device {}: recorded to {}", name.value, file.string());
    show_all();
    return DeviceReply{std::nullopt, file.string()};
}

DeviceReply Devices::stop_recording(const DeviceName& name) {
    const auto address = drivers::address_of(settings_.at(name));
    const auto ended = address ? drivers::Recordings::of(io_).stop(*address) : std::nullopt;
    if (!ended) return {};
    log::info("device {}: recorded to {}, {} octets", name.value, ended->file, ended->octets);
    return {std::nullopt, ended->file};
}

std::optional<RecordingView> Devices::recording_of(const DeviceName& name) const {
    const auto address = drivers::address_of(settings_.at(name));
    const auto now = address ? drivers::Recordings::of(io_).running(*address) : std::nullopt;
    if (!now) return std::nullopt;
    const Clock clock = clock_.read();
    const auto lasts = std::chrono::duration_cast<std::chrono::milliseconds>(clock.now - now->began).count();
    return RecordingView{now->file, WallTime{clock.wall.value - lasts}, now->octets};
}

void Devices::show(const DeviceName& name, DeviceState state, std::string reason, std::string trouble) {
    DeviceView& view = views_.at(name);
    // One that is off stays so from the first moment on, whatever each try to open it says.
    const bool begins = view.state == DeviceState::online || view.state != state || !view.last_error_at ||
                        (state == DeviceState::fault && reason != view.last_error);
    view.state = state;
    if (!trouble.empty()) view.last_trouble = trouble;
    view.trouble = std::move(trouble);
    if (!reason.empty() && begins) view.last_error_at = clock_.read().wall;
    if (!reason.empty()) view.last_error = std::move(reason);
    handler_.shown(view);
}

void Devices::tell(const DeviceName& name, DeviceState state, std::string reason) {
    if (state == DeviceState::fault) count(name, drivers::DeviceCount::faults);
    show(name, state, reason, reason);  // one that works may have a trouble, too: little paper
    handler_.reported(DeviceReported{name, state, std::move(reason)});
}

void Devices::link_changed(const DeviceName& name, const drivers::LinkState& link, bool tell_desk) {
    const DeviceState state = link.up ? DeviceState::online : DeviceState::offline;
    if (views_.at(name).state != state && !link.up) log::warning("device {}: {}", name.value, link.error);
    const bool changed = views_.at(name).state != state;
    if (changed) count(name, link.up ? drivers::DeviceCount::opened : drivers::DeviceCount::lost);
    if (!link.up) asked_.erase(name);
    show(name, state, link.error, std::string{drivers::to_string(link.trouble)});
    if (tell_desk && changed) handler_.reported(DeviceReported{name, state, link.up ? "" : "unplugged"});
}

void Devices::turnstile_reported(const DeviceName& name, const drivers::TurnstileEffect& effect) {
    const auto report = [&](const auto& what) {
        if constexpr (requires { conditions_[name].take(what); })
            if (const auto shown = conditions_[name].take(what)) show(name, *shown);
        handler_.reported(TurnstileReported{name, what});
    };
    std::visit(Match{[](const drivers::WriteBytes&) {}, [](const drivers::HangUp&) {},
                     [&](const drivers::ReportOnline& online) {
                         count(name, drivers::DeviceCount::opened);
                         report(online);
                     },
                     [&](const drivers::ReportFault& fault) {
                         const bool gone = fault.fault == drivers::TurnstileFault::link_down;
                         log::warning("turnstile {}: {}", name.value, drivers::to_string(fault.fault));
                         if (!gone) count(name, drivers::DeviceCount::faults);
                         report(fault);
                     },
                     [&](const drivers::ReportInput& input) {
                         if (input.active) log::warning("turnstile {}: input {}", name.value, to_string(input.input));
                         const bool alarm = input.input == drivers::GateInput::alarm;
                         if (alarm && input.active) count(name, drivers::DeviceCount::alarms);
                         report(input);
                     },
                     [&](const drivers::ReportOpened& opened) {
                         count(name, drivers::DeviceCount::opens);
                         answered(name);
                         report(opened);
                     },
                     [&](const drivers::ReportPassed& passed) {
                         count(name, drivers::DeviceCount::passages);
                         report(passed);
                     },
                     [&](const auto& other) { report(other); }},
               effect);
}

void Devices::show(const DeviceName& name, const drivers::TurnstileCondition::Shown& shown) {
    using enum drivers::TurnstileCondition::State;
    const std::string word{shown.trouble};
    switch (shown.state) {
        case works: return show(name, DeviceState::online, "", "");
        case at_fault: return show(name, DeviceState::fault, word, word);
        case away: break;
    }
    // Why its link is down is known already, and says more.
    const bool known = !views_.at(name).trouble.empty();
    show(name, DeviceState::offline, known ? "" : word, known ? views_.at(name).trouble : word);
}

void Devices::printer_reported(const DeviceName& name, const drivers::PrinterEffect& effect) {
    std::visit(
        Match{[](const drivers::WriteBytes&) {}, [](const drivers::HangUp&) {},
              [&](const drivers::ReportPrinterState& state) {
                  using enum drivers::PrinterState;
                  const bool works = state.state == ready || state.state == paper_low;
                  if (works && views_.at(name).state == DeviceState::offline) count(name, drivers::DeviceCount::opened);
                  const bool gone = state.state == link_down || state.state == no_answer;
                  const std::string word{state.state == ready ? std::string_view{} : to_string(state.state)};
                  if (!works) log::warning("printer {}: {}", name.value, word);
                  tell(name, works ? DeviceState::online : gone ? DeviceState::offline : DeviceState::fault, word);
              },
              [&](const drivers::ReportDrawer& drawer) {
                  if (drawer.open) count(name, drivers::DeviceCount::drawer);
                  log::info("printer {}: the drawer is {}", name.value, drawer.open ? "open" : "closed");
              },
              [&](const drivers::ReportPrinted& printed) {
                  if (drawers_.erase(printed.id) > 0) return;
                  count(name, drivers::DeviceCount::prints);
                  answered(name);
                  job_ended(printed.id, printed);
              },
              [&](const auto& ended) {
                  if (drawers_.erase(ended.id) > 0)
                      return log::warning("printer {}: the drawer may not have opened", name.value);
                  asked_.erase(name);
                  job_ended(ended.id, ended);
              }},
        effect);
}

}  // namespace gatehouse::edge
