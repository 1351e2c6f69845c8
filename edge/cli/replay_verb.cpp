// devices replay: what a device's driver makes of a recording.
#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>

#include "drivers/catalog/replay.hpp"
#include "edge/cli/verbs.hpp"
#include "schemas/base/match.hpp"
#include "schemas/words/replay_words.hpp"

namespace gatehouse::cli {

namespace json = boost::json;

namespace {

// One event, for machines and for people.
struct Line {
    json::object fields;  // "event" and what belongs to it
    std::string said;
};

class Teller {
public:
    explicit Teller(Language language) : language_(language) {}

    Line operator()(const drivers::ReportScan& scan) const {
        const auto hex = to_hex(view_of(scan.text));
        return {{{"event", "scan"}, {"hex", hex}, {"aim", scan.aim}}, say(ReplayText::scan, {{"hex", hex}})};
    }
    Line operator()(const drivers::ReportForeseen& foreseen) const {
        const auto hex = to_hex(view_of(foreseen.text));
        return {{{"event", "foreseen"}}, say(ReplayText::foreseen, {{"hex", hex}})};
    }
    Line operator()(const drivers::ReportDropped& drop) const {
        const auto reason = to_string(drop.reason);
        return {{{"event", "dropped"}, {"reason", reason}},
                say(ReplayText::dropped, {{"why", say(replay_text("drop_", reason), {})}})};
    }
    Line operator()(const drivers::WriteBytes& write) const {
        const auto hex = to_hex(write.bytes);
        return {{{"event", "wrote"}, {"hex", hex}}, say(ReplayText::wrote, {{"hex", hex}})};
    }
    Line operator()(const drivers::HangUp&) const { return {{{"event", "hung_up"}}, say(ReplayText::hung_up, {})}; }
    Line operator()(const drivers::ReportAnswering& answering) const {
        return {{{"event", answering.answers ? "answers" : "silent"}},
                say(answering.answers ? ReplayText::answers : ReplayText::silent, {})};
    }
    Line operator()(const drivers::ReportReaderTrouble& report) const {
        const bool well = report.trouble == drivers::ReaderTrouble::none;
        const std::string_view word = well ? "none" : to_string(report.trouble);
        return {{{"event", "trouble"}, {"trouble", word}}, say(replay_text("trouble_", word), {})};
    }
    Line operator()(const drivers::ReportOpened& opened) const {
        return {{{"event", "opened"}, {"open", opened.id.value}},
                say(ReplayText::opened, {{"open", std::to_string(opened.id.value)}})};
    }
    Line operator()(const drivers::ReportOpenFailed& failed) const {
        const auto why = to_string(failed.failure);
        return {{{"event", "open_failed"}, {"open", failed.id.value}, {"reason", why}},
                say(ReplayText::open_failed,
                    {{"open", std::to_string(failed.id.value)}, {"why", say(replay_text("opening_", why), {})}})};
    }
    Line operator()(const drivers::ReportPassed& passed) const {
        const bool in = passed.direction == Direction::entry;
        return {{{"event", "passed"}, {"direction", in ? "entry" : "exit"}},
                say(in ? ReplayText::passed_entry : ReplayText::passed_exit, {})};
    }
    Line operator()(const drivers::ReportInput& input) const {
        const auto name = std::string(to_string(input.input));
        return {{{"event", "input"}, {"input", name}, {"active", input.active}},
                say(replay_text(name + "_", input.active ? "begins" : "ends"), {})};
    }
    Line operator()(const drivers::ReportHeld& held) const {
        const std::string_view ways = held.entry ? (held.exit ? "both" : "entry") : (held.exit ? "exit" : "none");
        return {{{"event", "held"}, {"entry", held.entry}, {"exit", held.exit}}, say(replay_text("held_", ways), {})};
    }
    Line operator()(const drivers::ReportOnline&) const { return {{{"event", "online"}}, say(ReplayText::online, {})}; }
    Line operator()(const drivers::ReportFault& fault) const {
        const auto word = to_string(fault.fault);
        return {{{"event", "fault"}, {"fault", word}}, say(replay_text("fault_", word), {})};
    }
    Line operator()(const drivers::ReportPrinted& printed) const {
        return {{{"event", "printed"}, {"job", printed.id.value}},
                say(ReplayText::printed, {{"job", std::to_string(printed.id.value)}})};
    }
    Line operator()(const drivers::ReportNotPrinted& not_printed) const {
        const auto why = to_string(not_printed.reason);
        return {{{"event", "not_printed"}, {"job", not_printed.id.value}, {"reason", why}},
                say(ReplayText::not_printed,
                    {{"job", std::to_string(not_printed.id.value)}, {"why", say(replay_text("paper_", why), {})}})};
    }
    Line operator()(const drivers::ReportPrintUnknown& unknown) const {
        return {{{"event", "print_unknown"}, {"job", unknown.id.value}},
                say(ReplayText::print_unknown, {{"job", std::to_string(unknown.id.value)}})};
    }
    Line operator()(const drivers::ReportPrinterState& state) const {
        const auto word = to_string(state.state);
        return {{{"event", "state"}, {"state", word}}, say(replay_text("printer_", word), {})};
    }

    Line operator()(const drivers::ReportDrawer& drawer) const {
        return {{{"event", "drawer"}, {"open", drawer.open}},
                say(drawer.open ? ReplayText::drawer_open : ReplayText::drawer_closed, {})};
    }

private:
    [[nodiscard]] std::string say(ReplayText key, std::initializer_list<TextParameter> parameters) const {
        return words(key, language_, parameters);
    }
    Language language_;
};

std::size_t count_scans(const drivers::Replay& played, bool dropped) {
    return static_cast<std::size_t>(std::ranges::count_if(played.effects, [dropped](const drivers::Replayed& each) {
        return dropped ? std::holds_alternative<drivers::ReportDropped>(each.effect)
                       : std::holds_alternative<drivers::ReportScan>(each.effect);
    }));
}

void tell_end(const Options& options, const drivers::Recording& recording, const drivers::Replay& played) {
    const auto settings = drivers::settings_in(recording.header);
    const auto moments = std::to_string(recording.moments.size());
    const bool scanner = settings && drivers::family_of(*settings) == drivers::Family::scanner;
    std::printf("%s\n", scanner ? words(Text::cli_replayed, options.language,
                                        {{"moments", moments},
                                         {"scans", std::to_string(count_scans(played, false))},
                                         {"dropped", std::to_string(count_scans(played, true))}})
                                      .c_str()
                                : words(ReplayText::ended, options.language,
                                        {{"moments", moments}, {"events", std::to_string(played.effects.size())}})
                                      .c_str());
    if (played.enciphered > 0)
        std::printf(
            "%s\n",
            words(ReplayText::enciphered, options.language, {{"count", std::to_string(played.enciphered)}}).c_str());
}

}  // namespace

int replay_recording(const Options& options, const std::string& path) {
    const Client client{options};
    const auto text = content_of(path);
    if (!text) return client.fail(fail(ErrorCode::not_found, ""), {FaultText::command_no_file, {{"file", path}}});
    const FaultWords no_recording{FaultText::command_no_recording, {{"file", path}}};
    const auto recording = drivers::parse_recording(*text);
    if (!recording) return client.fail(recording.error(), no_recording);
    const auto played = drivers::replay(*recording);
    if (!played) return client.fail(played.error(), no_recording);
    const Teller teller(options.language);
    for (const auto& each : played->effects) {
        auto line = std::visit(teller, each.effect);
        line.fields["at_us"] = std::chrono::duration_cast<std::chrono::microseconds>(each.at).count();
        if (options.json)
            std::printf("%s\n", json::serialize(line.fields).c_str());
        else
            std::printf("%10.3f  %s\n", std::chrono::duration<double>(each.at).count(), line.said.c_str());
    }
    if (!options.json) tell_end(options, *recording, *played);
    return Exit::ok;
}

}  // namespace gatehouse::cli
