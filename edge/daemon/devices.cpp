#include "edge/daemon/devices.hpp"

#include "schemas/base/check.hpp"
#include "schemas/base/match.hpp"
#include "sync/link/log.hpp"

namespace gatehouse::edge {

namespace {

// A key of its own, so that a digest says nothing about PINs.
MacKey card_key_of(const Pepper& pepper) { return hmac(pepper, view_of("gatehouse id-card v1")); }

}  // namespace

Devices::Devices(boost::asio::io_context& io, const Settings& settings, const Pepper& pepper, bool latched,
                 Handler handler)
    : card_key_(card_key_of(pepper)), handler_(std::move(handler)), lines_(io) {
    for (const DeviceSettings& device : settings.devices) {
        const auto wanted = driver_settings(settings, device);
        const auto family = drivers::family_of(wanted);
        check(family.has_value(), "checked settings name known drivers");
        views_[device.name] = {device.name, device.driver, std::string{drivers::to_string(*family)},
                               DeviceState::offline, ""};
        handler_.shown(views_[device.name]);
        switch (*family) {
            case drivers::Family::scanner: add_scanner(io, device.name, wanted); break;
            case drivers::Family::turnstile: add_turnstile(device.name, wanted, latched); break;
            case drivers::Family::printer: add_printer(io, device.name, wanted); break;
        }
    }
}

Devices::~Devices() = default;

Result<std::unique_ptr<drivers::ScannerPump>> Devices::scanner(boost::asio::io_context& io,
                                                               const drivers::DeviceSettings& settings,
                                                               drivers::ScannerPump::Handler handler) {
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
    handler.scanned = [this, name](const drivers::ReportScan& scan) {
        handler_.reported(ScanRead{name, scan.text, scanners_.at(name)->last_read()});
    };
    handler.foreseen = [this, name](const drivers::ReportForeseen& seen) {
        handler_.reported(ScanForeseen{name, seen.text});
    };
    handler.dropped = [name](const drivers::ReportDropped& dropped) {
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
        if (!link.up) link_changed(name, link, false);  // up is only told once it answers: ReportOnline
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

void Devices::open(const OpenBarrier& effect) { turnstiles_.at(effect.turnstile)->open(effect.id, effect.direction); }
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
    if (const auto started = found->second->print(id, effect.papers); !started) {
        log::error("job {}: cannot be printed: {}", to_string(effect.job), started.error().detail);
        job_ended(id, drivers::ReportNotPrinted{id, drivers::NotPrintedReason::cancelled});
    }
}

void Devices::job_ended(drivers::PrintJobId id, PrintReport report) {
    const auto job = jobs_.extract(id);
    if (!job.empty()) handler_.reported(PrintEnded{job.mapped(), report});
}

void Devices::show(const DeviceName& name, DeviceState state, std::string reason) {
    DeviceView& view = views_.at(name);
    view.state = state;
    if (!reason.empty()) view.last_error = std::move(reason);
    handler_.shown(view);
}

void Devices::tell(const DeviceName& name, DeviceState state, std::string reason) {
    show(name, state, reason);
    handler_.reported(DeviceReported{name, state, std::move(reason)});
}

void Devices::link_changed(const DeviceName& name, const drivers::LinkState& link, bool tell_desk) {
    const DeviceState state = link.up ? DeviceState::online : DeviceState::offline;
    if (views_.at(name).state != state && !link.up) log::warning("device {}: {}", name.value, link.error);
    if (!tell_desk) {
        show(name, state, link.error);
    } else if (views_.at(name).state != state) {
        show(name, state, link.error);
        handler_.reported(DeviceReported{name, state, link.up ? "" : "unplugged"});
    } else {
        show(name, state, link.error);
    }
}

void Devices::turnstile_reported(const DeviceName& name, const drivers::TurnstileEffect& effect) {
    const auto report = [&](const auto& what) { handler_.reported(TurnstileReported{name, what}); };
    std::visit(Match{[](const drivers::WriteBytes&) {}, [](const drivers::HangUp&) {},
                     [&](const drivers::ReportOnline& online) {
                         show(name, DeviceState::online, "");
                         report(online);
                     },
                     [&](const drivers::ReportFault& fault) {
                         const bool gone = fault.fault == drivers::TurnstileFault::link_down;
                         log::warning("turnstile {}: {}", name.value, drivers::to_string(fault.fault));
                         show(name, gone ? DeviceState::offline : DeviceState::fault,
                              std::string{drivers::to_string(fault.fault)});
                         report(fault);
                     },
                     [&](const drivers::ReportInput& input) {
                         if (input.active) log::warning("turnstile {}: input {}", name.value, to_string(input.input));
                         report(input);
                     },
                     [&](const auto& other) { report(other); }},
               effect);
}

void Devices::printer_reported(const DeviceName& name, const drivers::PrinterEffect& effect) {
    std::visit(
        Match{[](const drivers::WriteBytes&) {}, [](const drivers::HangUp&) {},
              [&](const drivers::ReportPrinterState& state) {
                  using enum drivers::PrinterState;
                  const bool works = state.state == ready || state.state == paper_low;
                  const bool gone = state.state == link_down || state.state == no_answer;
                  const std::string word{state.state == ready ? std::string_view{} : to_string(state.state)};
                  if (!works) log::warning("printer {}: {}", name.value, word);
                  tell(name, works ? DeviceState::online : gone ? DeviceState::offline : DeviceState::fault, word);
              },
              [&](const auto& ended) { job_ended(ended.id, ended); }},
        effect);
}

}  // namespace gatehouse::edge
